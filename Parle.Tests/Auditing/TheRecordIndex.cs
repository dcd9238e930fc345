using System.Net;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Projections.Auditing;
using Parle.Tests.Contract;
using Parle.Tests.Crash;
using Parle.Tests.Laws;
using Parle.Tests.Service;
using DataFolder = Parle.Tests.Hosting.DataFolder;

namespace Parle.Tests.Auditing;

/// The index of the whole record: kept after the facts, by one node of all.
public class TheRecordIndex(TestCluster cluster)
{
    [Fact]
    public async Task has_every_fact_under_who_acted_for_whom_and_by_what_right()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        await AStoredFact.Live(service, "hello");
        await service.IsIndexed();

        Assert.Equal(0, await Indexed.Differences(service.ConnectionString));
        Assert.Equal(0, await service.Scalar<long>("""
            select count(*) from parle.record_index i join parle.mt_events e on e.seq_id = i.seq_id
            where i.actor is distinct from e.headers->>'actor' or i.principal_id is distinct from (e.headers->>'principal')::uuid or i.correlation is distinct from e.correlation_id
               or i.agent_id is distinct from substring(e.headers->>'actor' from '^agent:([0-9a-f-]{36})')::uuid
               or i.ask_id is distinct from (e.data->>'ask_id')::uuid
               or i.token_ids is distinct from array(select substring(step from 7)::uuid from jsonb_array_elements_text(e.headers->'authority') with ordinality as a(step, i) where step like 'token:%' order by a.i)
               or (i.room_id is not null) is distinct from exists (select from parle.rooms r where r.room_id = i.stream_id)
            """));
    }

    [Fact]
    public async Task catches_up_with_what_was_recorded_while_nobody_kept_it()
    {
        var database = await cluster.NewDatabase();
        await using (var service = await ParleService.Start(database))
        {
            await AStoredFact.Live(service, "hello");
        }

        await using var next = await ParleService.Start(database);
        await next.IsIndexed();

        Assert.Equal(0, await Indexed.Differences(database));
    }

    /// As after a crash of the database, which may lose the last of what it did for the index: or only that it did it.
    [Fact]
    public async Task takes_in_once_what_it_is_given_twice()
    {
        var database = await cluster.NewDatabase();
        await using (var service = await ParleService.Start(database))
        {
            await AStoredFact.Live(service, "hello");
            await service.IsIndexed();
        }

        Assert.Equal(3, await DataFolder.Ask<long>(database, $"""
            with back as (update parle.mt_event_progression set last_seq_id = 3 where name = '{RecordIndex.Shard}' returning last_seq_id) select last_seq_id from back
            """));
        await using var next = await ParleService.Start(database);
        await AStoredFact.Live(next, "once more");
        await next.IsIndexed();

        Assert.Equal(0, await Indexed.Differences(database));
    }

    /// A fact that cannot be read is not passed over: the index stops before it, and the service says so.
    [Fact]
    public async Task stops_at_what_it_cannot_take_in_and_says_so()
    {
        var database = await cluster.NewDatabase();
        await using var service = await ParleService.Start(database);
        var room = await service.NewRoomWithPresent(History.FromAdmission);
        await service.IsIndexed();
        var poisoned = await service.Scalar<long>(
            """
            insert into parle.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, headers, correlation_id)
            select nextval('parle.mt_events_sequence'), gen_random_uuid(), stream_id, version + 1, '"unreadable"', type, now(), tenant_id, mt_dotnet_type, headers, 'poison'
            from parle.mt_events where stream_id = $1 order by version desc limit 1
            returning seq_id
            """,
            room.RoomID);
        await service.NewRoom(History.All);

        using var client = service.Client();
        var index = default(JsonElement);
        await Until.Holds(async () =>
        {
            index = (await (await client.GetAsync("/health/ready", TestContext.Current.CancellationToken)).Json(HttpStatusCode.OK)).GetProperty("index");
            return index.GetProperty("stopped_at").ValueKind is JsonValueKind.Number;
        });

        Assert.Equal((poisoned, "EventSerialization"), (index.GetProperty("stopped_at").GetInt64(), index.Text("stopped_because")));
        Assert.True(index.GetProperty("behind").GetInt64() > 1);
    }
}
