-- What stands of all this in the database: triggers, whether they fire, what they do, and what the service's role may do.
-- Names are told without their schema: catalog functions add it or not by the search path of whoever asks.
select coalesce(encode(sha256(convert_to(string_agg(replace(line, 'parle.', ''), e'\n' order by replace(line, 'parle.', '') collate "C"), 'UTF8')), 'hex'), '')
from (
    select concat_ws(' ', c.relname, t.tgenabled, pg_get_triggerdef(t.oid), pg_get_functiondef(t.tgfoid))
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = (select oid from pg_namespace where nspname = 'parle') and (t.tgname like 'record\_%' or t.tgname like 'caller\_%') and not t.tgisinternal
    union all
    select concat_ws(' ', pg_get_functiondef(p.oid), (
        select string_agg(coalesce(r.rolname, 'public'), ',' order by r.rolname) from aclexplode(p.proacl) a left join pg_roles r on r.oid = a.grantee
        where a.grantee = 0 or r.rolname = 'parle_service'))
    from pg_proc p
    where p.pronamespace = (select oid from pg_namespace where nspname = 'parle') and p.proname in ('declare_migration', 'migration_is_declared', 'is_filler', 'stands', 'is_attributed', 'admit_fact', 'append_facts', 'erase', 'erased_by', 'caller_changes_since', 'prune_caller_changes', 'database_witness', 'present_incarnation')
    union all
    select concat_ws(' ', c.relname, coalesce(r.rolname, 'public'), string_agg(a.privilege_type, ',' order by a.privilege_type))
    from pg_class c cross join lateral aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
    where c.relnamespace = (select oid from pg_namespace where nspname = 'parle') and (a.grantee = 0 or r.rolname = 'parle_service')
      and c.relname in ('mt_events', 'mt_streams', 'contents', 'kept_answers', 'disclosures', 'erasures', 'declared_migrations', 'checkpoints', 'signing_keys', 'caller_changes')
    group by c.relname, r.rolname
    union all
    select concat_ws(' ', 'owned', c.relname) from pg_class c
    where c.relnamespace = (select oid from pg_namespace where nspname = 'parle') and c.relowner = (select oid from pg_roles where rolname = 'parle_service')
    union all
    select concat_ws(' ', rolname, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls) from pg_roles where rolname = 'parle_service'
) as standing(line)
