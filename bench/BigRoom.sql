-- Many messages in a room, without anybody sending them: its last messages again and again under other ids, with everything that the
-- service keeps of a message. The digest alone is made up: who reads pages or writes does not look at it.
create schema bench;

create function bench.script(room uuid) returns void language plpgsql as $$
begin
    create table bench.messages as
    select row_number() over (order by e.version) - 1 as nth, e.type, e.data, e.headers, e.tenant_id, e.mt_dotnet_type, left(e.correlation_id, 13) as connection, r.author_id,
        c.salt, c.body, k.event_id as original, k.author_id as agent_id, k.action, k.fingerprint, k.answer
    from (select * from parle.mt_events where stream_id = room and type = 'message_submitted' order by version desc limit 64) e
    join parle.timeline_rows r on r.event_id = e.id join parle.contents c on c.content_id = e.id join parle.kept_answers k on k.room_id = room and k.event_id = e.id;
end $$;

-- Everybody there was shown all of it.
create function bench.show(room uuid) returns void language sql as $$
    insert into parle.disclosures (seat_id, from_seq, upto_seq, session_id, shown_at)
    select distinct on (p.seat_id) p.seat_id, 1, (select max(common) from parle.timeline_rows where room_id = room), p.session_id, now()
    from parle.participants p where p.room_id = room;
$$;

-- An id begins with the time it was made, and a busy service makes sixteen in a millisecond; so do these.
create function bench.say(room uuid, messages int) returns void language plpgsql as $$
begin
    create temporary table said on commit drop as
    select n, l.version + n as version, l.common + n as common, l.at + n * interval '62.5 microseconds' as at,
        (left(made, 8) || '-' || right(made, 4) || '-7' || substr(gen_random_uuid()::text, 16))::uuid as id, m.*
    from (select s.version, r.common, r.created_at as at from parle.mt_streams s join parle.timeline_rows r on r.room_id = s.id where s.id = room order by r.common desc limit 1) l
    cross join generate_series(1, messages) n cross join lateral lpad(to_hex((extract(epoch from l.at) * 1000)::bigint + n / 16), 12, '0') made
    join bench.messages m on m.nth = n % (select count(*) from bench.messages);

    update parle.mt_streams set version = version + messages where id = room;
    insert into parle.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, headers, is_archived)
    select nextval('parle.mt_events_sequence'), id, room, version, data || jsonb_build_object('message_id', id), type, at, tenant_id, mt_dotnet_type,
        connection || ':' || lpad(to_hex(common), 8, '0'), headers || jsonb_build_object('placement', jsonb_build_object('common', common)), false
    from said order by n;
    insert into parle.timeline_rows (event_id, room_id, common, type, author_id, created_at, leaf)
    select id, room, common, type, author_id, at, sha256(uuid_send(id)) from said order by n;
    insert into parle.contents (content_id, room_id, salt, body) select id, room, salt, body from said order by n;
    insert into parle.kept_answers (room_id, author_id, action, key, fingerprint, answer, event_id, kept_at)
    select room, agent_id, action, lpad(common::text, 20, '0'), fingerprint, replace(answer, original::text, id::text), id, at from said order by n;

    -- Only messages came since: the room is as it was, with more of them.
    update parle.room_snapshots set version = version + messages, state = state || jsonb_build_object('common', (state->>'common')::bigint + messages) where room_id = room;
end $$;
