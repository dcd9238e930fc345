-- The one way around what the other scripts refuse: a transaction that says why, and is itself on record.
-- Only the owner of the tables can declare one. Nothing in the service does.

create or replace function parle.declare_migration(reason text) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from pg_class where oid = 'parle.mt_events'::regclass and pg_has_role(current_user, relowner, 'MEMBER')) then
        raise exception 'only the owner of Parle''s tables can declare a migration' using errcode = 'insufficient_privilege';
    end if;
    if reason !~ '\S' then
        raise exception 'a migration needs a reason' using errcode = 'P0A01';
    end if;
    insert into parle.declared_migrations (xact, declared_at, session_role, acting_role, reason)
    values (pg_current_xact_id()::text, transaction_timestamp(), session_user, current_user, reason)
    on conflict do nothing;
end
$$;

revoke all on function parle.declare_migration(text) from public;

-- The number of a transaction comes back in a restored database; its number and its moment do not.
create or replace function parle.migration_is_declared() returns boolean
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select exists (select from parle.declared_migrations where xact = pg_current_xact_id()::text and declared_at = transaction_timestamp())
$$;

create or replace function parle.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_table_name <> 'declared_migrations' and parle.migration_is_declared() then
        return case when tg_op = 'DELETE' then old else new end;
    end if;
    raise exception '% of parle.% refused: %', tg_op, tg_table_name, tg_argv[0]
        using errcode = 'P0A01',
        hint = 'What must be changed nevertheless, its owner changes in a transaction that begins with: select parle.declare_migration(''why'');';
end
$$;

create or replace trigger record_keeps_migrations before update or delete or truncate on parle.declared_migrations
    for each statement execute function parle.refuse_change('what was declared stays on record');
