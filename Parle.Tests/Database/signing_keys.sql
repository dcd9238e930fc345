-- A key that something was signed with stays what it was; it is retired once.
select plan(9);

insert into parle.signing_keys (number, name, public_key, valid_from, endorsement, secret, seal) values (4711, 'parle-test', '\x01', now(), null, '\x02', '\x03');

select throws_ok('update parle.signing_keys set public_key = ''\x09'' where number = 4711', 'P0A01', null, 'the owner puts no other key in its place');
select throws_ok('delete from parle.signing_keys where number = 4711', 'P0A01', null, 'nor removes it');
set local role parle_service;
select throws_ok('update parle.signing_keys set public_key = ''\x09'' where number = 4711', 'P0A01', null, 'the service puts no other key in its place');
select throws_ok('update parle.signing_keys set name = ''other'' where number = 4711', 'P0A01', null, 'nor calls it otherwise');
select throws_ok('update parle.signing_keys set valid_from = ''-infinity'' where number = 4711', 'P0A01', null, 'nor makes it older than it is');
select lives_ok('update parle.signing_keys set secret = ''\x05'', seal = ''\x06'' where number = 4711', 'what is closed under the server key it closes anew');
select lives_ok('update parle.signing_keys set valid_until = now(), secret = null, seal = ''\x07'' where number = 4711', 'it retires it');
select throws_ok('update parle.signing_keys set valid_until = null where number = 4711', 'P0A01', null, 'and does not bring it back');
select throws_ok('update parle.signing_keys set secret = ''\x05'' where number = 4711', 'P0A01', null, 'nor its other half');
reset role;

select * from finish();
