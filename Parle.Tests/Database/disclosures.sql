-- What was shown to whom stays on record.
select plan(7);

select isnt_empty('select from parle.disclosures', 'there are disclosures to try it with');
select throws_ok('update parle.disclosures set shown_at = now()', 'P0A01', null, 'a disclosure is not changed');
select throws_ok('delete from parle.disclosures', 'P0A01', null, 'nor removed');
select throws_ok('truncate parle.disclosures', 'P0A01', null, 'nor are all of them');

set local role parle_service;
select throws_ok('update parle.disclosures set shown_at = now()', '42501', null, 'the service may not change one');
select throws_ok('delete from parle.disclosures', '42501', null, 'nor remove one');
select throws_ok('truncate parle.disclosures', '42501', null, 'nor all of them');
reset role;

select * from finish();
