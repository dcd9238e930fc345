-- The service acts as parle_service: it reads, adds facts and keeps views, and can neither change the record nor the schema.
-- Roles belong to the whole cluster, where several databases may get theirs at the same moment.

do $$
begin
    if not exists (select from pg_roles where rolname = 'parle_service') then
        begin
            create role parle_service nologin;
        exception
            when duplicate_object or unique_violation then null; -- Another database was faster.
            when insufficient_privilege then
                raise exception 'the role parle_service is missing, and % may not create it. As a superuser, once: %', current_user,
                    format('create role parle_service nologin; grant parle_service to %I;', current_user);
        end;
    end if;
    if exists (select from pg_roles where rolname = 'parle_service' and (rolsuper or rolcreaterole or rolcreatedb or rolbypassrls)) then
        raise exception 'the role parle_service may do more than it should. As a superuser, once: alter role parle_service nosuperuser nocreaterole nocreatedb nobypassrls;';
    end if;
end
$$;

-- Whoever applies the schema can act as the service, as a service with the same credentials does.
do $$
begin
    if not (select rolsuper from pg_roles where rolname = current_user)
       and not pg_has_role(current_user, 'parle_service', case when current_setting('server_version_num')::int < 160000 then 'MEMBER' else 'SET' end) then
        execute format('grant parle_service to %I', current_user);
    end if;
exception
    when unique_violation then null;
    when insufficient_privilege then
        raise exception '% may not act as parle_service. As a superuser, once: %', current_user, format('grant parle_service to %I;', current_user);
end
$$;

-- What it owns it could change in any way.
do $$
declare
    owned record;
begin
    for owned in
        select c.oid::regclass as relation from pg_class c
        where c.relnamespace = 'parle'::regnamespace and c.relowner = 'parle_service'::regrole and c.relkind in ('r', 'p', 'v', 'm')
    loop
        execute format('alter table %s owner to %I', owned.relation, current_user);
    end loop;
    for owned in select p.oid::regprocedure as routine from pg_proc p where p.pronamespace = 'parle'::regnamespace and p.proowner = 'parle_service'::regrole loop
        execute format('alter routine %s owner to %I', owned.routine, current_user);
    end loop;
end
$$;

revoke all on schema parle from public, parle_service;
revoke all on all tables in schema parle from public, parle_service;
revoke all on all sequences in schema parle from public, parle_service;
revoke all on all functions in schema parle from public;

grant usage on schema parle to parle_service;
grant select, insert, update, delete on all tables in schema parle to parle_service;
grant usage, select on all sequences in schema parle to parle_service;
grant execute on all functions in schema parle to parle_service;

-- What a later version adds. What it must not change is taken back below, in that version's own text.
alter default privileges in schema parle grant select, insert, update, delete on tables to parle_service;
alter default privileges in schema parle grant usage, select on sequences to parle_service;
alter default privileges in schema parle grant execute on functions to parle_service;

revoke update, delete on parle.mt_events from parle_service;
revoke update, delete on parle.mt_streams from parle_service;
grant update (version, timestamp) on parle.mt_streams to parle_service;
revoke update, delete on parle.contents from parle_service;
revoke update, delete on parle.kept_answers, parle.disclosures, parle.checkpoints from parle_service;
revoke delete on parle.signing_keys, parle.server_keys from parle_service;
revoke insert, update, delete on parle.erasures from parle_service;
revoke update, delete on parle.caller_changes from parle_service;
revoke insert, update, delete on parle.declared_migrations from parle_service;
revoke execute on function parle.declare_migration(text) from parle_service;

-- It uses nothing of this; but who may only read a table does not see its keys, and could not say that the schema is as it must be.
grant references on parle.erasures, parle.declared_migrations to parle_service;

-- A number that was drawn and is not yet on the record is waited for as long as whoever drew it is at work. That is seen in what
-- PostgreSQL tells of other sessions; without it, whoever follows the record could pass over facts of a transaction of more than three seconds.
do $$
begin
    if not pg_has_role('parle_service', 'pg_read_all_stats', 'USAGE') then
        grant pg_read_all_stats to parle_service;
    end if;
exception
    when unique_violation then null;
    when insufficient_privilege then
        raise warning '% may not grant pg_read_all_stats. As a superuser, once: grant pg_read_all_stats to parle_service;', current_user;
end
$$;

-- Rules and row security would let the record swallow what is added, or hide what is there. Parle has none of either.
do $$
declare
    hidden record;
begin
    for hidden in select c.oid::regclass as relation from pg_class c where c.relnamespace = 'parle'::regnamespace and c.relkind in ('r', 'p') and (c.relrowsecurity or c.relforcerowsecurity) loop
        execute format('alter table %s disable row level security, no force row level security', hidden.relation);
    end loop;
    for hidden in
        select w.rulename, c.oid::regclass as relation from pg_rewrite w join pg_class c on c.oid = w.ev_class where c.relnamespace = 'parle'::regnamespace and c.relkind in ('r', 'p')
    loop
        execute format('drop rule %I on %s', hidden.rulename, hidden.relation);
    end loop;
end
$$;

-- Also where triggers of other origin are put aside.
do $$
declare
    guard record;
begin
    for guard in
        select t.tgname, c.oid::regclass as relation from pg_trigger t join pg_class c on c.oid = t.tgrelid
        where c.relnamespace = 'parle'::regnamespace and (t.tgname like 'record\_%' or t.tgname like 'caller\_%') and not t.tgisinternal
    loop
        execute format('alter table %s enable always trigger %I', guard.relation, guard.tgname);
    end loop;
end
$$;
