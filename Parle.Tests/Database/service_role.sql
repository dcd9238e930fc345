-- The service's role can do what the service does, and nothing else; others nothing.
select plan(14);

select has_role('parle_service', 'the service has a role');
select isnt_superuser('parle_service', 'which is no superuser');
select is((select rolcanlogin or rolcreaterole or rolcreatedb or rolbypassrls from pg_roles where rolname = 'parle_service'), false, 'nor can log in, or make roles and databases');
select is_empty('select from pg_class where relowner = ''parle_service''::regrole', 'it owns no table');
select is_empty('select from pg_proc where proowner = ''parle_service''::regrole', 'and no function');
select is(has_schema_privilege('parle_service', 'parle', 'create'), false, 'it makes nothing in the schema');
select is_empty(
    'select c.relname from pg_class c cross join unnest(array[''truncate'', ''trigger'']) as p(privilege) where c.relnamespace = ''parle''::regnamespace and c.relkind in (''r'', ''p'') and has_table_privilege(''parle_service'', c.oid, p.privilege)',
    'it empties no table, and puts no trigger on one');
select is_empty(
    'select c.relname from pg_class c where c.relnamespace = ''parle''::regnamespace and c.relkind in (''r'', ''p'') and not has_table_privilege(''parle_service'', c.oid, ''select'')',
    'it reads every table');
select is_empty(
    'select p.proname from pg_proc p where p.pronamespace = ''parle''::regnamespace and not has_function_privilege(''parle_service'', p.oid, ''execute'') and p.proname <> ''declare_migration''',
    'it calls every function but one');
select is_empty(
    'select p.proname from pg_proc p where p.pronamespace = ''parle''::regnamespace and p.prosecdef and not exists (select from unnest(p.proconfig) as c where c like ''search_path=%'')',
    'what acts as the owner looks things up where it means to');
select is_empty('select from pg_namespace n cross join lateral aclexplode(n.nspacl) a where n.nspname = ''parle'' and a.grantee = 0', 'the public does not enter the schema');
select is_empty('select c.relname from pg_class c cross join lateral aclexplode(c.relacl) a where c.relnamespace = ''parle''::regnamespace and a.grantee = 0', 'reads nothing in it');
select is_empty('select tgname from pg_trigger where tgname like ''record\_%'' and tgenabled <> ''A''', 'all that guards the record does so always');
select ok(pg_has_role('parle_service', 'pg_read_all_stats', 'usage'), 'it sees which transactions may still fill a gap of the record');

select * from finish();
