-- Facts are added, in order, each with who acted, for whom and by what right; and then they stay (laws 4 and 5).

create or replace function parle.refuse_changed_fact() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if to_jsonb(new) = to_jsonb(old) or parle.migration_is_declared() then -- Also is_archived: Marten leaves an archived fact out wherever it reads.
        return new;
    end if;
    raise exception 'UPDATE of parle.mt_events refused: a fact is never changed, nor put away' using errcode = 'P0A01',
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
    for each row when (
        new.version < old.version or new.version is null or new.id <> old.id or new.is_archived is distinct from old.is_archived
        or new.type is distinct from old.type or new.tenant_id is distinct from old.tenant_id)
    execute function parle.refuse_change('a stream''s version only grows, and all else of it stays');

-- At the end of the transaction: a stream's version is the number of its last fact. One that was moved ahead of its facts, or left behind them,
-- could never be gone on from. Asked for each stream of each commit, so it looks up the one fact, and has no settings of its own: its operators
-- are named in full instead. A version that was written where it stood is that of a stream to which facts were added: see admit_facts.
create or replace function parle.refuse_version_without_fact() returns trigger
language plpgsql
as $$
begin
    if (tg_op operator(pg_catalog.=) 'UPDATE' and new.version operator(pg_catalog.=) old.version)
        or not exists (select from parle.mt_events e where e.stream_id operator(pg_catalog.=) new.id and e.version operator(pg_catalog.=) new.version and parle.stands(e.version)) then
        perform parle.refuse_stream_astray(new.id);
    end if;
    return null;
end
$$;

-- The version may have moved on within the transaction, and a stream of fillers stays at 0.
create or replace function parle.refuse_stream_astray(stream uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    stands_at constant bigint := (select s.version from parle.mt_streams s where s.id = stream);
    has_fact constant boolean := stands_at = 0 or exists (select from parle.mt_events e where e.stream_id = stream and e.version = stands_at and parle.stands(e.version));
begin
    if (has_fact and not exists (
            select from parle.mt_events e where e.stream_id = stream and e.version = stands_at + 1 and parle.stands(e.version) and not (stands_at = 0 and e.type = 'tombstone')))
        or parle.migration_is_declared() then
        return;
    end if;
    raise exception 'UPDATE of parle.mt_streams refused: stream % at version % %', stream, stands_at, case when has_fact then 'is behind its facts' else 'has no fact there' end using errcode = 'P0A01',
        hint = 'A stream''s version moves together with the facts that are added to it.';
end
$$;

drop trigger if exists record_moves_streams_by_facts on parle.mt_streams;
create constraint trigger record_moves_streams_by_facts after insert or update of version on parle.mt_streams deferrable initially deferred
    for each row execute function parle.refuse_version_without_fact();

-- Marten fills the place of a failed write by a fact that says nothing, in a stream of its own whose version stays 0.
create or replace function parle.is_filler(fact parle.mt_events) returns boolean
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select fact.type = 'tombstone' and fact.version = fact.seq_id and fact.data = '{}' and fact.bdata is null
       and exists (select from parle.mt_streams where id = fact.stream_id and version = 0)
$$;

-- Costs nothing to run; its high declared cost makes the planner keep using the index, also by a plan from when the table was small.
create or replace function parle.stands(version bigint) returns boolean
language plpgsql immutable cost 100000
as $$ begin return true; end $$;

-- Whether a fact says who acted, for whom and by what right.
create or replace function parle.is_attributed(headers jsonb) returns boolean
language sql immutable
as $$ select coalesce(headers->>'actor' <> '' and headers->>'principal' <> '' and headers#>>'{authority,0}' <> '', false) $$;

-- Asked once for all that a statement adds. Of each stream that must be a run of versions without a gap (two of one number there cannot
-- be), and go on from a fact that is there, which had a stream, or begin a stream that is there. None is put away from the start, and none is
-- numbered ahead of the record, where all others would be behind it. What does not pass is looked at one by one.
-- A stream that has not moved with its facts yet is asked for again at the end of the transaction: some of Marten's ways move it afterwards.
-- The search path is its own: a function or an operator of somebody else cannot stand in for one of these.
create or replace function parle.admit_facts() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    fact parle.mt_events;
begin
    if (select max(seq_id) from added) > coalesce(pg_sequence_last_value('parle.mt_events_sequence'), 0) or exists (
            select from (
                select stream_id, min(version) as first, max(version) as last, count(*) as facts, bool_and(parle.is_attributed(headers) and is_archived is not distinct from false) as sound
                from added group by stream_id) as run
            where not sound or first < 1 or last - first + 1 <> facts or case first
                when 1 then not exists (select from parle.mt_streams s where s.id = run.stream_id and parle.stands(s.version))
                else not exists (select from parle.mt_events e where e.stream_id = run.stream_id and e.version = run.first - 1 and parle.stands(e.version)) end) then
        for fact in select e.* from parle.mt_events e join added using (seq_id) order by seq_id loop
            perform parle.admit_fact(fact);
        end loop;
    end if;
    update parle.mt_streams s set version = s.version
    from (select stream_id, max(version) as last from added group by stream_id) as run
    where s.id = run.stream_id and s.version < run.last and parle.stands(s.version);
    if exists (select from added where type in ('content_redacted', 'ask_context_withdrawn')) then
        perform parle.erase(e) from parle.mt_events e join added a using (seq_id) where a.type in ('content_redacted', 'ask_context_withdrawn');
    end if;
    return null;
end
$$;

create or replace function parle.admit_fact(fact parle.mt_events) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    belongs constant boolean := exists (select from parle.mt_streams where id = fact.stream_id);
    follows constant boolean := fact.version = 1 or (fact.version > 1 and exists (
        select from parle.mt_events e where e.stream_id = fact.stream_id and e.version = fact.version - 1 and parle.stands(e.version)));
    numbered constant boolean := fact.seq_id <= coalesce(pg_sequence_last_value('parle.mt_events_sequence'), 0);
begin
    if parle.migration_is_declared()
        or (fact.is_archived is not distinct from false and numbered and ((belongs and follows and parle.is_attributed(fact.headers)) or parle.is_filler(fact))) then
        return;
    end if;
    raise exception 'INSERT into parle.mt_events refused: fact % of stream % %', fact.version, fact.stream_id, case
        when not belongs then 'has no stream to be in'
        when not numbered then 'has a number that the record has not come to'
        when fact.is_archived is distinct from false then 'is put away from the start'
        when not follows then 'has none before it'
        else 'does not name its actor, its principal and the authority that allowed it' end
        using errcode = 'P0A01',
        hint = 'Facts of a stream are numbered from 1 without a gap, and have the headers actor, principal and authority, a list that is not empty.';
end
$$;

drop trigger if exists record_admits_facts on parle.mt_events;
create trigger record_admits_facts after insert on parle.mt_events referencing new table as added
    for each statement execute function parle.admit_facts();

drop function if exists parle.admit_fact();

-- What Marten's foreign key asks of each fact was asked of all just now, for a tenth of the time, and no stream is ever removed. The key
-- stays, unasked where the owner may say so (a superuser); elsewhere facts take a little longer.
do $$
begin
    execute (
        select format('alter table parle.mt_events disable trigger %I', tgname) from pg_trigger
        where tgrelid = 'parle.mt_events'::regclass and tgisinternal and tgfoid = 'pg_catalog."RI_FKey_check_ins"'::regproc);
exception
    when insufficient_privilege then null;
end
$$;

-- Adds facts to streams that are there, all in one statement: see FactAppend. Nothing is added when one of the streams is not at the
-- version it was said to be at, or was archived; then no number of the record is used up either, so that it gets no gaps.
create or replace function parle.append_facts(
    streams uuid[], versions_before bigint[], versions_after bigint[],
    stream_ids uuid[], versions bigint[], ids uuid[], types text[], dotnet_types text[], data jsonb[], headers jsonb[], correlations text[], at timestamptz) returns void
language plpgsql set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off -- Each stream by its key, in the order given, however few there were when the plan was made.
as $$
declare
    moved bigint;
begin
    update parle.mt_streams s set version = m.after, timestamp = transaction_timestamp()
    from unnest(streams, versions_before, versions_after) as m(id, before, after) where s.id = m.id and s.version = m.before and not s.is_archived;
    get diagnostics moved = row_count;
    if moved <> cardinality(streams) then
        raise exception '% of % streams are not at their versions', cardinality(streams) - moved, cardinality(streams) using errcode = 'MT003'; -- Marten's own code for it.
    end if;
    insert into parle.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, headers, is_archived)
    select nextval('parle.mt_events_sequence'), f.id, f.stream_id, f.version, f.data, f.type, at, '*DEFAULT*', f.dotnet_type, f.correlation, f.headers, false
    from unnest(stream_ids, versions, ids, types, dotnet_types, data, headers, correlations) as f(stream_id, version, id, type, dotnet_type, data, headers, correlation);
end
$$;
