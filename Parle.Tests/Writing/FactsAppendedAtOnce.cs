using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Parle.Domain;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;
using Parle.Projections;
using Parle.Projections.Record;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Writing;

/// The writers' own statement writes the same rows as Marten.
public class FactsAppendedAtOnce(ABusyRoomWriter busy) : IClassFixture<ABusyRoomWriter>
{
    private static readonly DateTimeOffset at = new(2026, 8, 17, 1, 2, 3, 456, 789, TimeSpan.Zero);

    [Fact]
    public async Task are_stored_as_Marten_stores_them()
    {
        var service = busy.Service; // Of its own: what is written past the views would be found out elsewhere.
        var store = service.Host.Services.GetRequiredService<IDocumentStore>();
        var (martens, ours) = (await service.NewRoomWithPresent(History.FromAdmission),
            await service.NewRoomWithPresent(History.FromAdmission));
        var before = (await Stored(service, martens.RoomID)).Count;
        Assert.Equal(before, (await Stored(service, ours.RoomID)).Count);

        // With and without optional parts, and text that is escaped one way or another.
        var author = Guid.NewGuid();
        (object Fact, Attribution By)[] said =
        [
            (new MessageSubmitted(author, author, new Commitment("ab", 2), Addressing.None),
                new("somebody", author, ["one", "two é"], "request")),
            (new MessageSubmitted(author, author, new Commitment("\"\u2028\U0001f600<>&+\\", int.MaxValue), Addressing.Everybody, "alias",
                new(author, 3, author)), new("some \"one\"", Guid.Empty, ["one"], "")),
        ];
        List<JasperFx.Events.IEvent> Built(IDocumentSession session) =>
            [.. said.Select((entry, i) => session.BuildFact(entry.Fact, Guid.CreateVersion7(), at, entry.By, new(Common: 1000 + i)))];

        await using (var session = store.LightweightSession())
        {
            session.Events.Append(martens.RoomID, Built(session)).ExpectedVersionOnServer = before;
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await using (var session = store.LightweightSession())
        {
            session.QueueOperation(FactAppend.Of([new(ours.RoomID, before, Built(session))], at));
            await using var connection = await service.Host.Services.GetRequiredService<NpgsqlDataSource>()
                .OpenConnectionAsync(TestContext.Current.CancellationToken);
            await using var batch = SqlOperation.Batch(session);
            batch.Connection = connection;
            await batch.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal((await Stored(service, martens.RoomID)).Skip(before), (await Stored(service, ours.RoomID)).Skip(before));
        Assert.Equal(await Stream(service, martens.RoomID), await Stream(service, ours.RoomID));
        Assert.Equal(before + said.Length, (await Stored(service, ours.RoomID)).Count);
    }

    // All columns there are, but those that name the fact itself.
    private static async Task<IReadOnlyList<string>> Stored(ParleService service, Guid streamID) =>
        await service.Rows(
            "select (to_jsonb(e) - 'seq_id' - 'id' - 'stream_id')::text from parle.mt_events e where stream_id = $1 order by version",
            row => row.GetString(0), streamID);

    private static async Task<string> Stream(ParleService service, Guid streamID) =>
        Assert.Single(
            await service.Rows("select (to_jsonb(s) - 'id' - 'timestamp' - 'created')::text from parle.mt_streams s where id = $1",
                row => row.GetString(0), streamID));
}
