-- The present state of the guards, one line for each thing: triggers with their functions, grants and members of the service's role,
-- and anything else that could swallow or hide rows: rules, row security, triggers of others.
-- Names are told without their schema, because catalog functions add it or not, depending on the search path.
with kept(name) as (values
    ('mt_events'), ('mt_streams'), ('contents'), ('kept_answers'), ('disclosures'), ('erasures'), ('declared_migrations'), ('checkpoints'), ('signing_keys'), ('server_keys'), ('caller_changes')),
relations as (select c.* from pg_class c where c.relnamespace = (select oid from pg_namespace where nspname = 'parle'))
select concat('trigger ', t.tgname, ' of ', c.relname, case t.tgenabled when 'A' then '' when 'D' then ' (disabled)' else ' (not always)' end), concat_ws(' ', t.tgenabled, pg_get_triggerdef(t.oid), pg_get_functiondef(t.tgfoid))
from pg_trigger t join relations c on c.oid = t.tgrelid
where not t.tgisinternal and (t.tgname like 'record\_%' or t.tgname like 'caller\_%' or c.relname in (select name from kept))
union all
select concat('function ', p.proname), concat_ws(' ', pg_get_functiondef(p.oid), p.proowner = (select oid from pg_roles where rolname = 'parle_service'), (
    select string_agg(coalesce(r.rolname, 'public'), ',' order by r.rolname) from aclexplode(p.proacl) a left join pg_roles r on r.oid = a.grantee
    where a.grantee = 0 or r.rolname = 'parle_service'))
from pg_proc p
where p.pronamespace = (select oid from pg_namespace where nspname = 'parle') and p.proname in ('declare_migration', 'migration_is_declared', 'is_filler', 'stands', 'is_attributed', 'admit_fact', 'append_facts', 'refuse_stream_astray', 'erase', 'erased_by', 'lost_words', 'caller_changes_since', 'prune_caller_changes', 'database_witness', 'present_incarnation')
union all
select concat('rights of ', coalesce(r.rolname, 'public'), ' on ', c.relname), string_agg(a.privilege_type, ',' order by a.privilege_type)
from relations c cross join lateral aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
where (a.grantee = 0 or r.rolname = 'parle_service') and c.relname in (select name from kept)
group by c.relname, r.rolname
union all
select concat('rights of ', coalesce(r.rolname, 'public'), ' on ', c.relname, '.', t.attname), string_agg(a.privilege_type, ',' order by a.privilege_type)
from relations c join pg_attribute t on t.attrelid = c.oid cross join lateral aclexplode(t.attacl) a left join pg_roles r on r.oid = a.grantee
where (a.grantee = 0 or r.rolname = 'parle_service') and c.relname in (select name from kept)
group by c.relname, t.attname, r.rolname
union all
select concat('right of ', coalesce(r.rolname, 'public'), ' to ', a.privilege_type, ' on ', c.relname), ''
from relations c cross join lateral aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
where (a.grantee = 0 or r.rolname = 'parle_service') and (a.privilege_type in ('TRUNCATE', 'TRIGGER') or (c.relkind = 'S' and a.privilege_type = 'UPDATE'))
union all
select concat('right of ', coalesce(r.rolname, 'public'), ' to ', a.privilege_type, ' in the schema'), ''
from pg_namespace n cross join lateral aclexplode(n.nspacl) a left join pg_roles r on r.oid = a.grantee
where n.nspname = 'parle' and (a.grantee = 0 or r.rolname = 'parle_service')
union all
select concat('rule ', w.rulename, ' of ', c.relname), pg_get_ruledef(w.oid) from pg_rewrite w join relations c on c.oid = w.ev_class where c.relkind in ('r', 'p')
union all
select concat('inherited by ', h.inhrelid::regclass::text), c.relname from pg_inherits h join relations c on c.oid = h.inhparent where c.relkind = 'r' -- Its rows would be read as if they were in the table.
union all
select concat('row security of ', c.relname), '' from relations c where c.relrowsecurity and c.relkind in ('r', 'p')
union all
select concat('owned by the service: ', c.relname), '' from relations c where c.relowner = (select oid from pg_roles where rolname = 'parle_service')
union all
select concat('the role ', rolname), concat_ws(' ', rolsuper, rolcreaterole, rolcreatedb, rolbypassrls) from pg_roles where rolname = 'parle_service'
union all
select concat('the role parle_service in ', g.rolname), '' from pg_auth_members m join pg_roles g on g.oid = m.roleid join pg_roles r on r.oid = m.member
where r.rolname = 'parle_service' and g.rolname <> 'pg_read_all_stats'
