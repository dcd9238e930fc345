using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Parle.Api.Record;
using Parle.Domain.Rooms;
using Parle.Tests.Auditing;
using Parle.Tests.Service;

namespace Parle.Tests.Record;

/// An attacker with the whole database, as its superuser, that signs nothing older again is found out: by the next export, and by copies
/// held elsewhere.
public class ATamperedRecord(ADatabaseToTamperWith place) : IClassFixture<ADatabaseToTamperWith>
{
    private readonly ParleService service = place.Service;

    [Theory]
    [InlineData("what was said", "update parle.mt_events set data = jsonb_set(data, '{author_id}', "
        + "'\"00000000-0000-7000-8000-000000000001\"') where stream_id = $1 and version = $2")]
    [InlineData("who said it", "update parle.mt_events set headers = jsonb_set(headers, '{principal}', "
        + "'\"00000000-0000-7000-8000-000000000001\"') where stream_id = $1 and version = $2")]
    [InlineData("when", "update parle.mt_events set timestamp = timestamp - interval '1 day' where stream_id = $1 and version = $2")]
    [InlineData(
        "in whose view it stands", "update parle.mt_events set headers = headers - 'placement' where stream_id = $1 and version = $2")]
    [InlineData("two facts' order", "update parle.mt_events set version = case when version = $2 then $2 + 1 else $2 end where stream_id = "
        + "$1 and version in ($2, $2 + 1)")]
    [InlineData("a fact that is gone", "delete from parle.mt_events where stream_id = $1 and version = $2")]
    [InlineData("a fact that is gone, the others moved up", "with gone as (delete from parle.mt_events where stream_id = $1 and version = "
        + "$2) update parle.mt_events set version = version - 1 where stream_id = $1 and version > $2")]
    [InlineData("the newest facts that are gone", "delete from parle.mt_events where stream_id = $1 and version >= $2")]
    [InlineData("a fact that was never recorded", """
        with moved as (update parle.mt_events set version = version + 1 where stream_id = $1 and version >= $2 returning *)
        insert into parle.mt_events select (jsonb_populate_record(null::parle.mt_events, to_jsonb(m) || jsonb_build_object('seq_id', nextval('parle.mt_events_sequence'), 'id', gen_random_uuid(), 'version', $2))).*
        from moved m where m.version = $2 + 1
        """)]
    public async Task names_the_first_fact_that_is_bad(string what, string sql)
    {
        var (roomID, bad) = place.NextRoom();
        Assert.StartsWith("OK", await Verifiers.Verify(await Export(service, roomID)));

        await Tamper(service, sql, roomID, bad);

        Assert.True((await Verifiers.Verify(await Export(service, roomID))).StartsWith($"BAD  file: fact {bad}:", StringComparison.Ordinal),
            $"{what}: {await Verifiers.Verify(await Export(service, roomID))}");
    }

    [Fact]
    public async Task is_found_out_even_where_the_index_was_changed_with_it()
    {
        var (roomID, bad) = place.NextRoom();
        await Tamper(service, "update parle.mt_events set data = jsonb_set(data, '{author_id}', "
            + "'\"00000000-0000-7000-8000-000000000001\"') where stream_id = $1 and version = $2", roomID, bad);
        await Tamper(service, "update parle.record_index set leaf = null where stream_id = $1 and version >= 0 * $2", roomID, bad);

        var said = await Verifiers.Verify(await Export(service, roomID));

        // Between two signatures: it cannot be told closer.
        Assert.Matches(@"^BAD  file: fact \d+: of facts \d+ to \d+ at least one is not what was signed", said);
    }

    [Fact]
    public async Task is_not_signed_again()
    {
        var (roomID, bad) = place.NextRoom();
        await Tamper(service, "update parle.mt_events set data = jsonb_set(data, '{author_id}', "
            + "'\"00000000-0000-7000-8000-000000000001\"') where stream_id = $1 and version = $2", roomID, bad);
        var agent = (await service.NewRoomWithPresent(History.All)).Agents[0];
        await More(service, roomID);

        await Assert.ThrowsAsync<BrokenRecordException>(
            () => Checkpoints(service).Now(new RoomLog(roomID), TestContext.Current.CancellationToken));

        Assert.Contains(roomID, Checkpoints(service).Broken);
        await (await agent.Say("others go on")).Json(HttpStatusCode.Created);
        Assert.NotEqual(0, await service.Host.Services.GetRequiredService<Checkpointer>().SignDue(TestContext.Current.CancellationToken));
    }

    /// A record that was cut off and rewritten, with all its signatures removed too, contradicts a copy that somebody holds.
    [Fact]
    public async Task that_was_forked_contradicts_what_is_held_elsewhere()
    {
        var (roomID, from) = place.NextRoom();
        var held = await Export(service, roomID, contents: false);
        await Tamper(service, "delete from parle.mt_events where stream_id = $1 and version >= $2", roomID, from);
        await Tamper(service, "update parle.mt_streams set version = $2 - 1 where id = $1", roomID, from);
        await Tamper(service, "delete from parle.checkpoints where room_id = $1 and size >= 0 * $2", roomID, from);
        await Tamper(service, "delete from parle.record_index where stream_id = $1 and version >= $2", roomID, from);
        await More(service, roomID, 12);

        var forked = await Export(service, roomID, contents: false);
        Assert.StartsWith("OK", await Verifiers.Verify(forked)); // Nothing in the database tells.

        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, held, TestContext.Current.CancellationToken);
        Assert.StartsWith("BAD", await Verifiers.Verify(forked, "file", "--checkpoint", file));
        File.Delete(file);
    }

    [Fact]
    public async Task shows_words_that_were_changed_and_words_that_are_gone()
    {
        var (roomID, bad) = place.NextRoom();
        const string OfFact = "content_id = (select id from parle.mt_events where stream_id = $1 and version = $2)";
        await Tamper(service, $"update parle.contents set body = '{{\"body\":\"never\"}}' where {OfFact}", roomID, bad);
        Assert.StartsWith($"BAD  file: fact {bad}: content ", await Verifiers.Verify(await Export(service, roomID)));

        await Tamper(service, $"delete from parle.contents where {OfFact}", roomID, bad);
        Assert.Matches("^BAD  file: content .* is gone, and no fact says why", await Verifiers.Verify(await Export(service, roomID)));
    }

    [Fact]
    public async Task cannot_be_signed_by_who_has_the_database_alone()
    {
        var keys = service.Host.Services.GetRequiredService<SigningKeys>();
        var key = Assert.Single(await keys.All(TestContext.Current.CancellationToken));

        Assert.True(
            keys.IsOurs(key, await Hosting.DataFolder.Ask<byte[]>(service.ConnectionString, "select seal from parle.signing_keys")));
        Assert.False(keys.IsOurs(key with { Key = new(key.Key.Name, new byte[32]) },
            await Hosting.DataFolder.Ask<byte[]>(service.ConnectionString, "select seal from parle.signing_keys")));
        Assert.False(keys.IsOurs(key with { ValidFrom = key.ValidFrom.AddDays(-1) },
            await Hosting.DataFolder.Ask<byte[]>(service.ConnectionString, "select seal from parle.signing_keys")));
    }

    // Facts as the service would write them, of somebody who has the database.
    private static Task More(ParleService service, Guid roomID, int count = 1) => Tamper(
        service,
        """
        with last as (select * from parle.mt_events where stream_id = $1 and type = 'message_submitted' order by version desc limit 1),
             added as (insert into parle.mt_events select (jsonb_populate_record(null::parle.mt_events, to_jsonb(l) || jsonb_build_object(
                'seq_id', nextval('parle.mt_events_sequence'), 'id', gen_random_uuid(), 'version', (select max(version) from parle.mt_events where stream_id = $1) + i))).*
                from last l, generate_series(1, $2) i)
        update parle.mt_streams set version = version + $2 where id = $1
        """,
        roomID, count);

    private static Checkpoints Checkpoints(ParleService service) => service.Host.Services.GetRequiredService<Checkpoints>();

    private static async Task<string> Export(ParleService service, Guid roomID, bool contents = true)
    {
        await using var output = new StringWriter();
        await service.Host.Services.GetRequiredService<RoomExport>().Write(roomID, contents, output, TestContext.Current.CancellationToken);
        return output.ToString();
    }

    // As a superuser who took the guards away.
    private static async Task Tamper(ParleService service, string sql, Guid roomID, long version)
    {
        await using var database = NpgsqlDataSource.Create(service.ConnectionString);
        await using var connection = await database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command =
            new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = roomID }, new() { Value = version } } };
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}

/// A database of its own, with rooms that are signed and indexed: what is done here would spoil it for others.
public sealed class ADatabaseToTamperWith(TestCluster cluster) : IAsyncLifetime
{
    private const int Rooms = 16;

    private readonly ConcurrentQueue<Guid> rooms = [];

    public ParleService Service { get; private set; } = null!;

    /// A room of 18 facts that was signed three times, and the version of a message in the middle of what was signed last.
    public (Guid RoomID, long Version) NextRoom() =>
        rooms.TryDequeue(out var roomID) ? (roomID, 16) : throw new InvalidOperationException("There are more tests than rooms.");

    public async ValueTask InitializeAsync()
    {
        Service = await ParleService.Start(await cluster.NewDatabase());
        for (var i = 0; i < Rooms; i++)
        {
            var room = await Service.NewRoomWithPresent(History.All, History.FromAdmission);
            var (ana, ben) = (room.Agents[0], room.Agents[1]);
            for (var round = 0; round < 3; round++)
            {
                await (await ana.Say($"to all {round}")).Json(HttpStatusCode.Created);
                await (await ben.Say($"to ana {round}", to: ana.Address)).Json(HttpStatusCode.Created);
                await (await ana.Say($"again {round}")).Json(HttpStatusCode.Created);
                await (await ben.Say($"to all too {round}")).Json(HttpStatusCode.Created);
                await Service.Host.Services.GetRequiredService<Checkpoints>()
                    .Now(new RoomLog(room.RoomID), TestContext.Current.CancellationToken);
            }

            rooms.Enqueue(room.RoomID);
        }

        await Service.IsSettled();
        await using var database = NpgsqlDataSource.Create(Service.ConnectionString);
        await using var loose = database.CreateCommand("""
            drop index parle.pk_mt_events_stream_and_version; -- Facts are moved about.
            alter table parle.mt_events disable trigger user;
            alter table parle.mt_streams disable trigger user;
            alter table parle.contents disable trigger user;
            alter table parle.checkpoints disable trigger user;
            """);
        await loose.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
