using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Reading;
using Parle.Api.Registry;
using Parle.Api.Wakeups;
using Parle.Api.Wire;

namespace Parle.Api.Rooms;

/// <summary>Sends the caller's view, row by row, as server-sent events: the rows of the projection, in its order.</summary>
public static class StreamRoomEndpoint
{
    /// <summary>Continues after <c>Last-Event-ID</c>, or else after <c>since_seq</c>.</summary>
    [Serves(typeof(TalkActions), nameof(TalkActions.StreamRoom))]
    public static async Task<IResult> Open(Caller caller, ReadCursor cursor, CursorCheck check, CancellationToken cancellation) =>
        await check.Obstacle(caller, cursor, cancellation) is { } gap ? new RefusalResult(gap) : new RoomStream(cursor.SinceSeq);
}

/// <summary>The view of one reader.</summary>
/// <param name="since">The last <c>seq</c> that the reader has.</param>
public sealed class RoomStream(long since) : OpenStream
{
    private long cursor = since;
    private int generation;

    /// <inheritdoc/>
    protected override ParleAction Action => TalkActions.StreamRoom;

    /// <inheritdoc/>
    protected override IReadOnlyList<Guid> Keys(Caller caller) => [caller.RoomID, caller.Seat!.SeatID];

    /// <inheritdoc/>
    protected override async Task Begin(Caller caller, EventStream stream, IServiceProvider services)
    {
        generation = services.GetRequiredService<Generation>().Number;
        cursor = await new ReadCursor(cursor, TimeSpan.Zero)
            .NotBeyondHead(services.GetRequiredService<NpgsqlDataSource>(), caller.RoomID, caller.Seat!, stream.Cancellation);
        await stream.Open();
    }

    /// <summary>Sends a page with every notification and every keepalive: a notification may be lost, a row may not.</summary>
    protected override async Task<StreamStep> Continue(
        Caller caller, ReceivedSignals received, EventStream stream, IServiceProvider services)
    {
        var page = await services.GetRequiredService<RoomViews>().Read(caller, cursor, waits: true, stream.Cancellation);
        if (services.GetRequiredService<Generation>().Number != generation)
        {
            return StreamStep.Close; // Rows that were sent may be lost. The reader reconnects with its cursor, and gets the error then.
        }

        if (page.Count == 0)
        {
            return StreamStep.Wait;
        }

        await services.GetRequiredService<ReadLedger>().Record(caller.Seat!.SeatID, cursor + 1, page.Watermark, caller.Session!.SessionID);
        foreach (var (seq, row) in page.Each())
        {
            await stream.Send(row, seq);
            cursor = seq;
        }

        return page.IsLast ? StreamStep.Wait : StreamStep.Continue; // A later row would have sent a notification.
    }
}
