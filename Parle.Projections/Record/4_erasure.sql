-- Words go together with the fact that takes them away, or not at all: recording the fact erases them.

create or replace function parle.erased_by(fact parle.mt_events) returns setof uuid
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select id::uuid
    from jsonb_array_elements_text(case fact.type
        when 'content_redacted' then fact.data->'contents'
        when 'ask_context_withdrawn' then jsonb_build_array(fact.data->'item_id')
        else '[]' end) as named(id)
$$;

-- The service's role can do this, and nothing else, to contents. Called without its fact it comes to nothing: see the check below.
create or replace function parle.erase(fact parle.mt_events) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from parle.erased_by(fact) as id where id is not null) then
        raise exception 'INSERT into parle.mt_events refused: fact % of stream % erases words, and does not name them', fact.version, fact.stream_id
            using errcode = 'P0A01';
    end if;
    insert into parle.erasures (content_id, room_id, version, event_id)
    select id, fact.stream_id, fact.version, fact.id from parle.erased_by(fact) as id on conflict (content_id) do nothing;
    delete from parle.contents where content_id in (select id from parle.erased_by(fact) as id) and room_id = fact.stream_id;
    update parle.kept_answers set fingerprint = ''::bytea
    where content_ids is null and room_id = fact.stream_id and fingerprint <> ''::bytea and event_id in (
        select id from parle.erased_by(fact) as id
        union all
        select i.event_id from parle.context_items i join parle.erased_by(fact) as id on i.item_id = id);
end
$$;

create or replace function parle.refuse_erasure() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from parle.erasures where content_id = old.content_id) or parle.migration_is_declared() then
        return old;
    end if;
    raise exception 'DELETE from parle.contents refused: no fact erases content %', old.content_id
        using errcode = 'P0A01', hint = 'Have it redacted: POST /v/rooms/{room}/redactions.';
end
$$;

create or replace trigger record_erases_by_facts before delete on parle.contents
    for each row execute function parle.refuse_erasure();

create or replace trigger record_keeps_contents before update or truncate on parle.contents
    for each statement execute function parle.refuse_change('words are erased by a redaction; they are not changed');

-- At the end of the transaction: the fact is there, and the words are not, whatever came in between.
create or replace function parle.refuse_untrue_erasure() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if parle.migration_is_declared() or (
        exists (
            select from parle.mt_events e
            where e.stream_id = new.room_id and e.version = new.version and e.id = new.event_id and new.content_id in (select parle.erased_by(e)))
        and not exists (select from parle.contents where content_id = new.content_id)) then
        return null;
    end if;
    raise exception 'INSERT into parle.erasures refused: content % is not erased by fact % of room %', new.content_id, new.version, new.room_id
        using errcode = 'P0A01';
end
$$;

drop trigger if exists record_erases_truly on parle.erasures;
create constraint trigger record_erases_truly after insert on parle.erasures deferrable initially deferred
    for each row execute function parle.refuse_untrue_erasure();

create or replace trigger record_keeps_erasures before update or delete or truncate on parle.erasures
    for each statement execute function parle.refuse_change('that words were erased stays on record');

create or replace function parle.refuse_erased_words() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from added a where exists (select from parle.erasures e where e.content_id = a.content_id and parle.stands(e.version))) and not parle.migration_is_declared() then
        raise exception 'INSERT into parle.contents refused: words that were erased do not come back' using errcode = 'P0A01';
    end if;
    return null;
end
$$;

drop trigger if exists record_erases_for_good on parle.contents;
create trigger record_erases_for_good after insert on parle.contents referencing new table as added
    for each statement execute function parle.refuse_erased_words();

-- What was erased before answers were kept with a salt.
update parle.kept_answers k set fingerprint = ''::bytea
where k.content_ids is null and k.fingerprint <> ''::bytea and k.event_id in (
    select content_id from parle.erasures
    union all
    select i.event_id from parle.context_items i join parle.erasures e on e.content_id = i.item_id)
  and parle.lost_words(k.room_id, k.event_id);
