-- Facts are added, in order, each with who acted, for whom and by what right; and then they stay (laws 4 and 5).

create or replace function parle.refuse_changed_fact() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if to_jsonb(new) - 'is_archived' = to_jsonb(old) - 'is_archived' or parle.migration_is_declared() then
        return new;
    end if;
    raise exception 'UPDATE of parle.mt_events refused: a fact is never changed' using errcode = 'P0A01',
        hint = 'Record another fact instead. What must be changed nevertheless, its owner changes in a transaction that begins with: select parle.declare_migration(''why'');';
end
$$;

create or replace trigger record_keeps_facts before update on parle.mt_events
    for each row execute function parle.refuse_changed_fact();

create or replace trigger record_removes_no_facts before delete or truncate on parle.mt_events
    for each statement execute function parle.refuse_change('a fact is never removed; words can be erased by a redaction');

create or replace trigger record_removes_no_streams before delete or truncate on parle.mt_streams
    for each statement execute function parle.refuse_change('a stream is never removed');

create or replace trigger record_keeps_streams before update on parle.mt_streams
    for each row when (new.version < old.version or new.version is null or new.id <> old.id)
    execute function parle.refuse_change('a stream''s version only grows, and its id stays');

-- Marten fills the place of a failed write by a fact that says nothing, in a stream of its own whose version stays 0.
create or replace function parle.is_filler(fact parle.mt_events) returns boolean
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select fact.type = 'tombstone' and fact.version = fact.seq_id and fact.data = '{}' and fact.bdata is null
       and exists (select from parle.mt_streams where id = fact.stream_id and version = 0)
$$;

-- Dear to the planner alone: what has to pass it is found through an index, also by a plan from when the table was small.
create or replace function parle.stands(version bigint) returns boolean
language plpgsql immutable cost 100000
as $$ begin return true; end $$;

-- One function without settings of its own, and no conditions on the trigger: Marten adds facts one by one, and each would pay for them.
create or replace function parle.admit_fact() returns trigger
language plpgsql
as $$
begin
    if (new.version = 1 or exists (
            select from parle.mt_events e where e.stream_id = new.stream_id and e.version = new.version - 1 and parle.stands(e.version)))
       and new.headers->>'actor' <> '' and new.headers->>'principal' <> '' and new.headers#>>'{authority,0}' <> '' then
        if new.type in ('content_redacted', 'ask_context_withdrawn') then
            perform parle.erase(new);
        end if;
        return new;
    end if;
    if parle.is_filler(new) or parle.migration_is_declared() then
        return new;
    end if;
    raise exception 'INSERT into parle.mt_events refused: fact % of stream % %', new.version, new.stream_id, case
        when new.version = 1 or exists (select from parle.mt_events e where e.stream_id = new.stream_id and e.version = new.version - 1)
        then 'does not name its actor, its principal and the authority that allowed it' else 'has none before it' end
        using errcode = 'P0A01',
        hint = 'Facts of a stream are numbered from 1 without a gap, and have the headers actor, principal and authority, a list that is not empty.';
end
$$;

create or replace trigger record_admits_facts before insert on parle.mt_events
    for each row execute function parle.admit_fact();
