-- Facts of a stream are numbered without a gap, and each names its actor, its principal and the authority that allowed it (law 5).
select plan(36);

create temp view room as select s.id, s.version from parle.mt_streams s where s.id = (select stream_id from parle.mt_events where type = 'message_submitted' order by seq_id limit 1);
grant select on room to public;

-- Something like what Marten writes.
create function pg_temp.add(stream uuid, version bigint, headers jsonb default '{"actor": "somebody", "principal": "someone", "authority": ["seat"]}', type text default 'participant_left', data jsonb default '{}')
returns void language sql as $$
    update parle.mt_streams s set version = greatest(s.version, add.version) where s.id = add.stream;
    insert into parle.mt_events (seq_id, id, stream_id, version, data, type, headers) values (nextval('parle.mt_events_sequence'), gen_random_uuid(), stream, version, data, type, headers)
$$;
create function pg_temp.insert(how text, what jsonb default '{}') returns void language plpgsql as $$
begin
    update parle.mt_streams s set version = r.version + 1 from room r where s.id = r.id and how <> 'unmoved';
    insert into parle.mt_events (seq_id, id, stream_id, version, data, type, headers, is_archived)
    select coalesce((what->>'seq_id')::bigint, nextval('parle.mt_events_sequence')), gen_random_uuid(), r.id, r.version + case how when 'unmoved' then 1 else 0 end, '{}', 'participant_left',
        '{"actor": "somebody", "principal": "someone", "authority": ["seat"]}', case when what ? 'is_archived' then (what->>'is_archived')::boolean else false end
    from room r;
end
$$;

select throws_ok('select pg_temp.add(id, version + 2) from room', 'P0A01', null, 'no fact is left out');
select throws_ok('select pg_temp.add(id, 0) from room', 'P0A01', null, 'none comes before the first');
select throws_ok('select pg_temp.add(id, version) from room', '23505', null, 'none takes the place of another');
select throws_ok('with s as (insert into parle.mt_streams (id, version) values (gen_random_uuid(), 2) returning id) select pg_temp.add(id, 2) from s', 'P0A01', null, 'a stream begins with its first');
select throws_like('select pg_temp.add(gen_random_uuid(), 1)', '%has no stream to be in', 'and there is a stream to begin');
select throws_like('select pg_temp.add(id, version + 2) from room', '%has none before it', 'the refusal says what is wrong');
select throws_ok('select pg_temp.add(id, version + 1, ''{}'') from room', 'P0A01', null, 'a fact names somebody');
select throws_ok('select pg_temp.add(id, version + 1, null) from room', 'P0A01', null, 'in every case');
select throws_ok('select pg_temp.add(id, version + 1, ''{"principal": "someone", "authority": ["seat"]}'') from room', 'P0A01', null, 'its actor');
select throws_ok('select pg_temp.add(id, version + 1, ''{"actor": "somebody", "principal": "", "authority": ["seat"]}'') from room', 'P0A01', null, 'its principal');
select throws_ok('select pg_temp.add(id, version + 1, ''{"actor": "somebody", "principal": "someone"}'') from room', 'P0A01', null, 'its authority');
select throws_ok('select pg_temp.add(id, version + 1, ''{"actor": "somebody", "principal": "someone", "authority": []}'') from room', 'P0A01', null, 'which is not empty');
select throws_ok('select pg_temp.add(id, version + 1, ''{"actor": "somebody", "principal": "someone", "authority": "seat"}'') from room', 'P0A01', null, 'and a path');
select throws_like('select pg_temp.add(id, version + 1, ''{}'') from room', '%does not name its actor%', 'the refusal says what is wrong');
select throws_ok('select pg_temp.add(id, version + 1, ''{}'', ''tombstone'') from room', 'P0A01', null, 'a filler has no place among facts');
select throws_ok('with s as (insert into parle.mt_streams (id, version) values (gen_random_uuid(), 0) returning id) select pg_temp.add(id, 7, ''{}'', ''tombstone'') from s', 'P0A01', null, 'and in its own stream it fills its own place');

select throws_like('select pg_temp.insert(''unmoved''); set constraints all immediate', '%is behind its facts', 'a fact moves its stream with it');
select throws_like('select pg_temp.insert(''hidden'', ''{"is_archived": true}'')', '%is put away from the start', 'none is added that nobody reads');
select throws_like('select pg_temp.insert(''hidden'', ''{"is_archived": null}'')', '%is put away from the start', 'nor one of which it cannot be said');
select throws_like('select pg_temp.insert(''ahead'', ''{"seq_id": 1000000000000}'')', '%has a number that the record has not come to', 'nor one ahead of all others, which would then be behind');

-- Several by one statement.
create function pg_temp.add_all(stream uuid, versions bigint[], headers jsonb[] default null) returns void language sql as $$
    update parle.mt_streams s set version = (select max(v) from unnest(versions) as v) where s.id = stream;
    insert into parle.mt_events (seq_id, id, stream_id, version, data, type, headers)
    select nextval('parle.mt_events_sequence'), gen_random_uuid(), stream, v, '{}', 'participant_left', coalesce(headers[i], '{"actor": "somebody", "principal": "someone", "authority": ["seat"]}')
    from unnest(versions) with ordinality as f(v, i)
$$;
select throws_ok('select pg_temp.add_all(id, array[version + 1, version + 3]) from room', 'P0A01', null, 'none is left out among several');
select throws_ok('select pg_temp.add_all(id, array[version + 2, version + 3]) from room', 'P0A01', null, 'nor before them');
select throws_ok('select pg_temp.add_all(id, array[version + 1, version + 2], array[null, ''{}''::jsonb]) from room', 'P0A01', null, 'each of several names somebody');

-- The service's own way of adding them.
create function pg_temp.append(before bigint) returns void language sql as $$
    select parle.append_facts(array[id], array[before], array[before + 2], array[id, id], array[before + 1, before + 2], array[gen_random_uuid(), gen_random_uuid()], array['participant_left', 'participant_left'],
        array['', ''], array['{}', '{}']::jsonb[], array_fill('{"actor": "somebody", "principal": "someone", "authority": ["seat"]}'::jsonb, array[2]), array[null, null], now())
    from room
$$;
create temp table numbered as select last_value as last from parle.mt_events_sequence;
select throws_ok('select pg_temp.append(version - 1) from room', 'MT003', null, 'a stream is gone on from where it is');
select throws_ok('select pg_temp.append(version + 1) from room', 'MT003', null, 'and not from where it is not yet');
select is((select last_value from parle.mt_events_sequence), (select last from numbered), 'what is refused so uses up no number of the record');

set local role parle_service;
select throws_ok('select pg_temp.add(id, version + 2) from room', 'P0A01', null, 'the service leaves none out either');
select throws_ok('select pg_temp.add(id, version + 1, ''{}'') from room', 'P0A01', null, 'nor says less');
select throws_like('select pg_temp.insert(''unmoved''); set constraints all immediate', '%is behind its facts', 'nor leaves a stream behind its facts, which could never be gone on from');
select throws_like('select pg_temp.insert(''hidden'', ''{"is_archived": true}'')', '%is put away from the start', 'nor hides one');
select throws_like('select pg_temp.insert(''hidden'', ''{"is_archived": null}'')', '%is put away from the start', 'nor one of which it cannot be said');
select throws_like('select pg_temp.insert(''ahead'', ''{"seq_id": 1000000000000}'')', '%has a number that the record has not come to', 'nor numbers one ahead');
select throws_ok('create temp table mt_events (seq_id bigint); create temp table mt_streams (id uuid, version bigint); set local search_path = pg_temp, tap, public; select pg_temp.insert(''unmoved''); set constraints all immediate', 'P0A01', null, 'nor by tables of its own in front of these');
select lives_ok('select pg_temp.append(version) from room', 'it adds the next ones');
select lives_ok('select pg_temp.add(id, version + 1) from room', 'and the one after them');
select lives_ok('set constraints all immediate', 'with which the streams stand where their facts do');
reset role;

select * from finish();
