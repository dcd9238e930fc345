-- What was answered to a write is answered again (law 3).
select plan(7);

select isnt_empty('select from parle.kept_answers', 'there are answers to try it with');
select throws_ok('update parle.kept_answers set answer = ''''', 'P0A01', null, 'a kept answer is not changed');
select throws_ok('delete from parle.kept_answers', 'P0A01', null, 'nor removed');
select throws_ok('truncate parle.kept_answers', 'P0A01', null, 'nor are all of them');

set local role parle_service;
select throws_ok('update parle.kept_answers set answer = ''''', '42501', null, 'the service may not change one');
select throws_ok('delete from parle.kept_answers', '42501', null, 'nor remove one');
select throws_ok('truncate parle.kept_answers', '42501', null, 'nor all of them');
reset role;

select * from finish();
