using System.Net;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Projections.Auditing;
using Parle.Tests.Contract;
using Parle.Tests.Crash;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Auditing;

/// The index of the whole record: written with the facts.
public class TheRecordIndex(TestCluster cluster)
{
    [Fact]
    public async Task has_every_fact_under_who_acted_for_whom_and_by_what_right()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        await AStoredFact.Live(service, "hello");

        Assert.Equal(0, await Settled.Differences(service.ConnectionString));
        Assert.Equal(0, await service.Scalar<long>("""
            select count(*) from parle.record_index i join parle.mt_events e on e.seq_id = i.seq_id
            where i.actor is distinct from e.headers->>'actor' or i.principal_id is distinct from (e.headers->>'principal')::uuid or i.correlation is distinct from e.correlation_id
               or i.agent_id is distinct from substring(e.headers->>'actor' from '^agent:([0-9a-f-]{36})')::uuid
               or i.ask_id is distinct from (e.data->>'ask_id')::uuid
               or i.token_ids is distinct from array(select substring(step from 7)::uuid from jsonb_array_elements_text(e.headers->'authority') with ordinality as a(step, i) where step like 'token:%' order by a.i)
               or (i.room_id is not null) is distinct from exists (select from parle.rooms r where r.room_id = i.stream_id)
            """));
    }

    /// A fact that cannot be read is not passed over: the list of rooms stops before it, and the service says so. The index and the mark go
    /// on: neither reads what a fact says.
    [Fact]
    public async Task goes_on_where_a_view_stops_that_reads_what_it_cannot()
    {
        var database = await cluster.NewDatabase();
        await using var service = await ParleService.Start(database);
        var room = await service.NewRoomWithPresent(History.FromAdmission);
        var operates = Assert.Single((await service.Provision(new(Operators: [new("night-shift")]))).Operators!).Token!;
        await service.IsSettled();
        var poisoned = await service.Scalar<long>(
            """
            with moved as (update parle.mt_streams set version = version + 1 where id = $1)
            insert into parle.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, headers, correlation_id)
            select nextval('parle.mt_events_sequence'), gen_random_uuid(), stream_id, version + 1, '"unreadable"', type, now(), tenant_id, mt_dotnet_type, headers, 'poison'
            from parle.mt_events where stream_id = $1 order by version desc limit 1
            returning seq_id
            """,
            room.RoomID);
        await service.NewRoom(History.All);

        using var client = service.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", operates);
        var summaries = default(JsonElement);
        await Until.Holds(async () =>
        {
            var views = await (await client.GetAsync("/v/operator/views", TestContext.Current.CancellationToken)).Json(HttpStatusCode.OK);
            summaries = views.GetProperty("views").EnumerateArray().Single(view => view.Text("name") == "RoomSummaries");
            return summaries.GetProperty("stopped_at").ValueKind is JsonValueKind.Number;
        });

        Assert.Equal((poisoned, "EventSerialization"), (summaries.GetProperty("stopped_at").GetInt64(), summaries.Text("stopped_because")));
        Assert.True(summaries.GetProperty("behind").GetInt64() > 1);
        Assert.Equal(1, await Settled.Differences(database)); // The poison, which came past the service.
        await Until.Holds(() => service.Scalar<bool>("select last_seq_id >= (select max(seq_id) from parle.mt_events) from "
            + $"parle.mt_event_progression where name = '{ViewProgress.Record}'"));
    }
}
