-- A fact is never changed or removed (law 4).
select plan(20);

create temp view said as select * from parle.mt_events where type = 'message_submitted' order by seq_id limit 1;
grant select on said to public;

select isnt_empty('select from said', 'there are facts to try it with');

select throws_ok('update parle.mt_events set data = ''{}'' where seq_id = (select seq_id from said)', 'P0A01', null, 'the owner cannot change what a fact says');
select throws_ok('update parle.mt_events set headers = headers || ''{"actor":"somebody"}''', 'P0A01', null, 'nor who is answerable for it');
select throws_ok('update parle.mt_events set timestamp = now() where seq_id = (select seq_id from said)', 'P0A01', null, 'nor when it was');
select throws_ok('update parle.mt_events set data = ''{}'', is_archived = true where seq_id = (select seq_id from said)', 'P0A01', null, 'nor under cover of archiving it');
select throws_ok('delete from parle.mt_events where seq_id = (select seq_id from said)', 'P0A01', null, 'the owner cannot remove a fact');
select throws_ok('delete from parle.mt_events where false', 'P0A01', null, 'nor try to');
select throws_ok('truncate parle.mt_events cascade', 'P0A01', null, 'nor all of them');
select throws_like('delete from parle.mt_events', '%words can be erased by a redaction', 'the refusal says what to do instead');
select throws_ok('set local session_replication_role = replica; update parle.mt_events set data = ''{}''; ', 'P0A01', null, 'nor where triggers of other origin are put aside');
select throws_ok('update parle.mt_events set is_archived = true where stream_id = (select stream_id from said)', 'P0A01', null, 'nor put a fact away, where Marten does not read it any more');
select throws_ok('select parle.mt_archive_stream((select stream_id from said))', 'P0A01', null, 'nor by Marten''s own way of doing so');

set local role parle_service;
select throws_ok('update parle.mt_events set data = ''{}'' where seq_id = (select seq_id from said)', '42501', null, 'the service may not change a fact');
select throws_ok('delete from parle.mt_events where seq_id = (select seq_id from said)', '42501', null, 'nor remove one');
select throws_ok('truncate parle.mt_events', '42501', null, 'nor all of them');
select throws_ok('alter table parle.mt_events disable trigger all', '42501', null, 'nor disable what refuses it');
select throws_ok('drop trigger record_keeps_facts on parle.mt_events', '42501', null, 'nor take it away');
select throws_ok('update parle.mt_events set is_archived = true where stream_id = (select stream_id from said)', '42501', null, 'nor put one away');
select throws_ok('select setval(''parle.mt_events_sequence'', 1)', '42501', null, 'nor have numbers of the record given out twice');
select throws_ok('select parle.declare_migration(''why not'')', '42501', null, 'nor declare that it may');
reset role;

select * from finish();
