-- Nodes remember who is calling, and each asks here, before it answers from memory, what was committed since it last asked.
-- So whoever changes what a caller may do says whom it is about: a token, agent, principal, room or session. No key: everybody.

create or replace function parle.note_caller_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    case tg_op
        when 'INSERT' then
            insert into parle.caller_changes (xact, key)
            select distinct pg_current_xact_id(), (to_jsonb(n)->>tg_argv[0])::uuid from new_rows n where to_jsonb(n)->>tg_argv[0] is not null;
        when 'UPDATE' then
            insert into parle.caller_changes (xact, key)
            select pg_current_xact_id(), (to_jsonb(o)->>tg_argv[0])::uuid from old_rows o where to_jsonb(o)->>tg_argv[0] is not null
            union
            select pg_current_xact_id(), (to_jsonb(n)->>tg_argv[0])::uuid from new_rows n where to_jsonb(n)->>tg_argv[0] is not null;
        when 'DELETE' then
            insert into parle.caller_changes (xact, key)
            select distinct pg_current_xact_id(), (to_jsonb(o)->>tg_argv[0])::uuid from old_rows o where to_jsonb(o)->>tg_argv[0] is not null;
        else
            insert into parle.caller_changes (xact, key) values (pg_current_xact_id(), null);
    end case;
    return null;
end
$$;

-- Only successful look-ups are cached, so inserting a row that a look-up requires cannot make a cached answer wrong.
do $$
declare
    read record;
begin
    for read in
        select * from (values
            ('credentials', 'subject_id', false), ('agent_tokens', 'token_id', true), ('agents', 'agent_id', false), ('principals', 'principal_id', false),
            ('rooms', 'room_id', true), ('seats', 'agent_id', true), ('agent_sessions', 'session_id', false), ('session_aliases', 'session_id', true),
            ('participants', 'session_id', true), ('operators', 'operator_id', true), ('invitations', 'seat_id', true)) as those(relation, key, by_new)
    loop
        if read.by_new then
            execute format(
                'create or replace trigger caller_comes after insert on parle.%I referencing new table as new_rows for each statement execute function parle.note_caller_change(%L)',
                read.relation, read.key);
        end if;
        execute format(
            'create or replace trigger caller_changes after update on parle.%I referencing old table as old_rows new table as new_rows for each statement execute function parle.note_caller_change(%L)',
            read.relation, read.key);
        execute format(
            'create or replace trigger caller_goes after delete on parle.%I referencing old table as old_rows for each statement execute function parle.note_caller_change(%L)',
            read.relation, read.key);
        execute format('create or replace trigger caller_vanishes after truncate on parle.%I for each statement execute function parle.note_caller_change()', read.relation);
    end loop;
end
$$;

-- Whom it is about what was committed and is not in that snapshot; a null among them is everybody.
-- Transactions from beyond the newest one are those of the database that this one was restored from: here they are nobody's.
-- It has no settings of its own: each call of the service would pay for them.
create or replace function parle.caller_changes_since(seen pg_snapshot) returns uuid[]
language plpgsql stable strict
as $$
begin
    return array(
        select key from parle.caller_changes
        where xact >= pg_snapshot_xmin(seen) and xact < pg_snapshot_xmax(pg_current_snapshot())
          and (key is null or not pg_visible_in_snapshot(xact, seen)));
end
$$;

-- Removes what was over before everything that was under way in that snapshot. In place of all that the newest stays, about everybody:
-- a node that has not looked since then forgets whom it knew, however long it slept.
-- With the owner's rights, since the service has none to remove a line: a change that nobody is told of would leave a revoked token good.
create or replace function parle.prune_caller_changes(seen pg_snapshot) returns void
language sql security definer set search_path = pg_catalog, pg_temp
as $$
    with pruned as (
        delete from parle.caller_changes
        where xact < pg_snapshot_xmin(seen) and exists (select from parle.caller_changes where xact < pg_snapshot_xmin(seen) and key is not null)
        returning xact)
    insert into parle.caller_changes (xact, key) select xact, null from pruned order by xact desc limit 1
$$;
