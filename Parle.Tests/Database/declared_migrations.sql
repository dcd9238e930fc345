-- The way around: for the owner, in a transaction that says why.
select plan(14);

create temp view said as select * from parle.mt_events where type = 'message_submitted' order by seq_id limit 1;

select throws_ok('select parle.declare_migration('' '')', 'P0A01', null, 'it takes a reason');

set local role parle_service;
select throws_ok('select parle.declare_migration(''because'')', '42501', null, 'the service cannot declare one');
select throws_ok('insert into parle.declared_migrations (xact, declared_at, session_role, acting_role, reason) values (pg_current_xact_id()::text, now(), '''', '''', '''')', '42501', null, 'nor say that one was declared');
reset role;

select throws_ok('update parle.mt_events set data = ''{}'' where seq_id = (select seq_id from said)', 'P0A01', null, 'before it, nothing can be changed');
select lives_ok('select parle.declare_migration(''a test'')', 'the owner can declare one');
select lives_ok('select parle.declare_migration(''a test, again'')', 'twice is once');
select is(
    (select concat_ws(' ', session_role, acting_role, reason, declared_at = now()) from parle.declared_migrations where xact = pg_current_xact_id()::text),
    concat_ws(' ', session_user, current_user, 'a test', true), 'it is on record who did so, when and why');
select lives_ok('update parle.mt_events set data = data where seq_id = (select seq_id from said)', 'then facts can be changed');
select lives_ok('update parle.mt_events set data = ''{}'' where seq_id = (select seq_id from said)', 'whatever they say');
select lives_ok('delete from parle.contents where content_id = (select id from said)', 'words can be erased');
select lives_ok('delete from parle.disclosures; update parle.kept_answers set answer = ''''; update parle.mt_streams set version = 0', 'and all else can be changed');
select throws_ok('delete from parle.declared_migrations', 'P0A01', null, 'except what was declared');
select throws_ok('update parle.declared_migrations set reason = ''another''', 'P0A01', null, 'and why');

create temp table declared as select * from parle.declared_migrations;
select is((select count(*)::int from declared where declared_at <> now() or xact <> pg_current_xact_id()::text), 0, 'one declaration is for one transaction');

select * from finish();
