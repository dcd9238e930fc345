-- A stream is never removed, and only grows.
select plan(18);

create temp view room as select * from parle.mt_streams where id = (select stream_id from parle.mt_events where type = 'message_submitted' order by seq_id limit 1);
grant select on room to public;

select throws_ok('delete from parle.mt_streams where id = (select id from room)', 'P0A01', null, 'the owner cannot remove a stream');
select throws_ok('truncate parle.mt_streams cascade', 'P0A01', null, 'nor all of them');
select throws_ok('update parle.mt_streams set version = version - 1 where id = (select id from room)', 'P0A01', null, 'its version does not go back');
select throws_ok('update parle.mt_streams set version = null where id = (select id from room)', 'P0A01', null, 'nor away');
select throws_ok('update parle.mt_streams set id = gen_random_uuid() where id = (select id from room)', 'P0A01', null, 'its id stays');
select throws_ok('update parle.mt_streams set is_archived = true where id = (select id from room)', 'P0A01', null, 'it is not put away');
select throws_ok('update parle.mt_streams set type = ''other'' where id = (select id from room)', 'P0A01', null, 'what it is a stream of stays');
select throws_ok('update parle.mt_streams set version = version + 1 where id = (select id from room); set constraints all immediate', 'P0A01', null, 'its version does not move without a fact');
select throws_like('update parle.mt_streams set version = version + 1 where id = (select id from room); set constraints all immediate', '%has no fact there', 'the refusal says what is missing');
select throws_ok('insert into parle.mt_streams (id, version) values (gen_random_uuid(), 3); set constraints all immediate', 'P0A01', null, 'nor does it begin with one');
select lives_ok('update parle.mt_streams set version = version where id = (select id from room); set constraints all immediate', 'it may be written where it stands');

set local role parle_service;
select throws_ok('delete from parle.mt_streams where id = (select id from room)', '42501', null, 'the service may not remove one');
select throws_ok('truncate parle.mt_streams cascade', '42501', null, 'nor all of them');
select throws_ok('update parle.mt_streams set is_archived = true where id = (select id from room)', '42501', null, 'nor put one away');
select throws_ok('update parle.mt_streams set type = ''other'' where id = (select id from room)', '42501', null, 'nor say that it is another');
select throws_ok('update parle.mt_streams set version = version + 1000 where id = (select id from room); set constraints all immediate', 'P0A01', null, 'nor move its version where no fact is');
select throws_ok('insert into parle.mt_streams (id, version) values (gen_random_uuid(), 3); set constraints all immediate', 'P0A01', null, 'nor begin one with a version');
select throws_ok('update parle.mt_streams set version = 0 where id = (select id from room)', 'P0A01', null, 'nor take its version back');
reset role;

select * from finish();
