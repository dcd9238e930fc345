-- Words are erased together with the fact that takes them away, or not at all.
select plan(22);

create temp view said as select e.*, s.version as last from parle.mt_events e join parle.mt_streams s on s.id = e.stream_id where e.type = 'message_submitted' and e.id in (select content_id from parle.contents) order by e.seq_id limit 1;
create temp table words as select id, stream_id as room, last from said;
grant select on words to public;

create function pg_temp.erase(content uuid, room uuid, version bigint) returns void language sql as $$
    update parle.mt_streams s set version = erase.version where s.id = erase.room;
    insert into parle.mt_events (seq_id, id, stream_id, version, data, type, headers)
    values (nextval('parle.mt_events_sequence'), gen_random_uuid(), room, version, jsonb_build_object('contents', jsonb_build_array(content)), 'content_redacted', '{"actor": "somebody", "principal": "someone", "authority": ["seat"]}')
$$;

select isnt_empty('select from words', 'there are words to try it with');
select throws_ok('update parle.contents set body = ''''', 'P0A01', null, 'words are not changed');
select throws_ok('truncate parle.contents', 'P0A01', null, 'nor removed all at once');
select throws_ok('delete from parle.contents where content_id = (select id from words)', 'P0A01', null, 'nor erased without a fact that says so');
select throws_like('delete from parle.contents where content_id = (select id from words)', '%no fact erases content%', 'the refusal says what is missing');
select throws_ok(
    'insert into parle.erasures (content_id, room_id, version, event_id) select id, room, last, id from words; delete from parle.contents where content_id = (select id from words); set constraints all immediate',
    'P0A01', null, 'a fact that says something else does not do');
select throws_ok(
    'insert into parle.erasures (content_id, room_id, version, event_id) select id, room, last + 1, id from words; delete from parle.contents where content_id = (select id from words); set constraints all immediate',
    'P0A01', null, 'nor one that is not there');
select throws_ok(
    'select pg_temp.erase((select content_id from parle.contents where room_id <> words.room limit 1), room, last + 1) from words; set constraints all immediate',
    'P0A01', null, 'a room''s facts erase nothing of another room');
select throws_ok(
    'select pg_temp.erase(id, room, last + 1) from words; insert into parle.contents (content_id, room_id, salt, body) select id, room, '''', '''' from words; set constraints all immediate',
    'P0A01', null, 'what is erased does not come back with its fact');

select throws_ok('select pg_temp.erase(null, room, last + 1) from words', 'P0A01', null, 'nor does a fact that names nothing');

set local role parle_service;
select throws_ok('update parle.contents set body = ''''', '42501', null, 'the service may not change words');
select throws_ok('delete from parle.contents where content_id = (select id from words)', '42501', null, 'nor erase them by itself');
select throws_ok('truncate parle.contents', '42501', null, 'nor all of them');
select throws_ok('insert into parle.erasures (content_id, room_id, version, event_id) select id, room, last, id from words', '42501', null, 'nor say that they were erased');
select throws_ok('select parle.erase(e) from parle.mt_events e where e.type = ''content_redacted''; select parle.erase(jsonb_populate_record(e, jsonb_build_object(''type'', ''content_redacted'', ''data'', jsonb_build_object(''contents'', jsonb_build_array(e.id))))) from parle.mt_events e where e.id = (select id from words); set constraints all immediate',
    'P0A01', null, 'nor erase them by a fact that it made up');
select isnt_empty('select from parle.contents where content_id = (select id from words)', 'the words are still there');
select lives_ok('select pg_temp.erase(id, room, last + 1) from words; set constraints all immediate', 'it erases them by recording the fact');
reset role;

select is_empty('select from parle.contents where content_id = (select id from words)', 'then they are gone');
select isnt_empty('select from parle.erasures where content_id = (select id from words)', 'and it is on record by which fact');
select throws_ok('insert into parle.contents (content_id, room_id, salt, body) select id, room, '''', '''' from words', 'P0A01', null, 'words that were erased do not come back');
select throws_ok('delete from parle.erasures', 'P0A01', null, 'where it stays');
select throws_ok('update parle.erasures set version = 1', 'P0A01', null, 'as it is');

select * from finish();
