-- The room with the most facts, again and again under other ids, until there are :facts facts. An id's first eight digits are the
-- time it was made; here they become the number of the copy, everywhere alike.

create temporary table template as
select e.* from parle.mt_events e
where stream_id = (select stream_id from parle.mt_events where type <> 'tombstone' group by 1 order by count(*) desc limit 1) order by version;

create temporary table copies as
select n, lpad(to_hex(n), 8, '0') || '-\1' as ids
from generate_series(1, ((:facts - (select count(*) from parle.mt_events)) / (select count(*) from template))::int) n;

insert into parle.mt_streams (id, type, version, timestamp, created, tenant_id, is_archived)
select regexp_replace(s.id::text, '[0-9a-f]{8}-(.*)', c.ids)::uuid, s.type, s.version, s.timestamp, s.created, s.tenant_id, s.is_archived
from parle.mt_streams s join copies c on true where s.id = (select stream_id from template limit 1);

insert into parle.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, headers, is_archived)
select nextval('parle.mt_events_sequence'), regexp_replace(t.id::text, '[0-9a-f]{8}-(.*)', c.ids)::uuid, regexp_replace(t.stream_id::text, '[0-9a-f]{8}-(.*)', c.ids)::uuid, t.version,
    regexp_replace(t.data::text, '[0-9a-f]{8}-([0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})', c.ids, 'g')::jsonb, t.type, t.timestamp, t.tenant_id, t.mt_dotnet_type, t.correlation_id,
    regexp_replace(t.headers::text, '[0-9a-f]{8}-([0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})', c.ids, 'g')::jsonb, t.is_archived
from copies c cross join template t order by c.n, t.version;
