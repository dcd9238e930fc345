-- Whoever changes what a caller may do says whom it is about, so that no node goes on from memory.
select plan(33);

create temp view noted as select key from parle.caller_changes where xact = pg_current_xact_id();
create function pg_temp.notes(change text, key uuid, what text) returns setof text language plpgsql as $$
begin
    delete from parle.caller_changes where xact = pg_current_xact_id();
    execute change;
    return next bag_has('select key from noted', format('select %L::uuid', key), what);
end
$$;
create temp table who as
    select t.token_id, t.agent_id, a.principal_id, t.room_id, p.seat_id, p.participant_id, p.session_id
    from parle.agent_tokens t join parle.agents a using (agent_id) join parle.agent_sessions s using (agent_id) join parle.participants p using (session_id, room_id)
    order by t.token_id limit 1;

select is((select count(*) from who), 1::bigint, 'there is a caller to try it with');
select pg_temp.notes('update parle.credentials set hash = hash where subject_id = (select token_id from who)', (select token_id from who), 'of a token''s secret');
select pg_temp.notes('update parle.agent_tokens set revoked_at = now() where token_id = (select token_id from who)', (select token_id from who), 'of a token');
select pg_temp.notes('update parle.agents set deleted_at = now() where agent_id = (select agent_id from who)', (select agent_id from who), 'of an agent');
select pg_temp.notes('update parle.principals set handle = ''other'' where principal_id = (select principal_id from who)', (select principal_id from who), 'of a principal');
select pg_temp.notes('update parle.rooms set archived_at = now() where room_id = (select room_id from who)', (select room_id from who), 'of a room');
select pg_temp.notes('update parle.seats set removed_at = now() where seat_id = (select seat_id from who)', (select agent_id from who), 'of a seat');
select pg_temp.notes('update parle.agent_sessions set ended_at = now() where session_id = (select session_id from who)', (select session_id from who), 'of a session');
select pg_temp.notes('update parle.participants set left_at = now() where participant_id = (select participant_id from who)', (select session_id from who), 'of a presence');
select pg_temp.notes(
    'insert into parle.session_aliases (agent_id, alias, generation, session_id, offline_delivery) select agent_id, ''main'', 1, session_id, true from who', (select session_id from who), 'that a session has an alias');
select pg_temp.notes('update parle.session_aliases set session_id = gen_random_uuid()', (select session_id from who), 'that it lost it to another');
select is((select count(*) from noted), 2::bigint, 'which is told of both');
select pg_temp.notes('delete from parle.participants', (select session_id from who), 'that there is no presence any more');
select pg_temp.notes('delete from parle.agent_sessions', (select session_id from who), 'nor session');
select pg_temp.notes('delete from parle.agent_tokens', (select token_id from who), 'nor token');
select pg_temp.notes('delete from parle.agents', (select agent_id from who), 'nor agent');
select pg_temp.notes('truncate parle.seats', null, 'and of what is emptied, that it is about everybody');

delete from parle.caller_changes;
update parle.seats set rights = rights where agent_id is null;
select is_empty('select from parle.caller_changes', 'a person''s seat is no caller''s');
select is_empty('select tgname from pg_trigger where tgname like ''caller\_%'' and tgenabled <> ''A''', 'all this is so always');

-- A snapshot that saw everything before 10, and of what came later neither 12 nor anything from 15 on.
insert into parle.caller_changes (xact, key) select n::text::xid8, format('00000000-0000-0000-0000-0000000000%s', n)::uuid from unnest(array[10, 11, 12, 13, 15, 16]) as n;
select is(parle.caller_changes_since('12:15:12'), array['00000000-0000-0000-0000-000000000012', '00000000-0000-0000-0000-000000000015', '00000000-0000-0000-0000-000000000016']::uuid[],
    'since a snapshot there is what it does not contain');
select is(parle.caller_changes_since('17:17:'), '{}', 'after everything there is nothing');
select is(parle.caller_changes_since(pg_current_snapshot()), '{}', 'nor since now');
insert into parle.caller_changes (xact, key) values ('9000000000000000000', null), ('9000000000000000000', gen_random_uuid());
select is(cardinality(parle.caller_changes_since('12:15:12')), 3, 'what bears the number of a transaction to come is from before a restore');
select is(parle.caller_changes_since(null), null, 'who remembers nothing missed nothing');

select lives_ok('select parle.prune_caller_changes(''13:15:14'')', 'what every node has seen can be removed');
select set_eq('select xact::text, key from parle.caller_changes where xact < ''20''', $$
    values ('12', null::uuid), ('13', '00000000-0000-0000-0000-000000000013'::uuid), ('15', '00000000-0000-0000-0000-000000000015'), ('16', '00000000-0000-0000-0000-000000000016')
    $$, 'the newest of what is removed stays, about everybody');
select is(parle.caller_changes_since('13:15:14'), array['00000000-0000-0000-0000-000000000015', '00000000-0000-0000-0000-000000000016']::uuid[], 'who saw it misses nothing');
select is((select count(*) from unnest(parle.caller_changes_since('12:15:12')) as key where key is null), 1::bigint, 'and who did not begins anew');
select lives_ok('select parle.prune_caller_changes(''13:15:14'')', 'and removed again');
select is((select count(*) from parle.caller_changes where xact = '12'), 1::bigint, 'it is not put in its own place');

set local role parle_service;
select throws_ok('update parle.caller_changes set key = null', '42501', null, 'the service changes none of it');
select throws_ok('delete from parle.caller_changes', '42501', null, 'nor takes any of it back before others have seen it');
select lives_ok('select parle.prune_caller_changes(''13:15:14'')', 'but it can remove what is over, which leaves a line about everybody');
reset role;

select * from finish();
