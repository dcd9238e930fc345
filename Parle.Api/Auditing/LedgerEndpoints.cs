using Npgsql;
using Parle.Api.Contract;
using Parle.Api.Rooms;
using Parle.Domain;
using Parle.Domain.Auditing;
using Parle.Domain.Contents;
using Parle.Domain.Names;
using Parle.Projections.Auditing;
using Parle.Projections.Rooms;

namespace Parle.Api.Auditing;

/// <summary>Tells what whom was shown: the room's owner and its auditors of everybody, a participant of itself.</summary>
public static class LedgerEndpoints
{
    // Most runs of positions that one page names, how long one is at most, and what a row takes that is named without its words.
    private const int MaxRuns = 1000;
    private const int BytesOfRun = 60;
    private const int BytesOfReference = 400;

    private static readonly string longestPreamble = Framing.Preamble(new('x', Address.MaxLength));

    /// <summary>Who has seen a fact.</summary>
    [Serves(typeof(LedgerActions), nameof(LedgerActions.ListWitnesses))]
    public static async Task<IResult> Witnesses(Records records, NpgsqlDataSource database, HttpContext context)
    {
        var (reader, stranger) = await RecordReader.Of(context);
        if (reader is null)
        {
            return new RefusalResult(stranger!);
        }

        if (!Paging.After(context, out var after))
        {
            return new RefusalResult(Paging.NoCursor);
        }

        var factID = (WireID.InPath(context, "event") ?? Guid.Empty);
        if (!await Ledger.Has(database, reader.RoomID, factID, context.RequestAborted))
        {
            return new RefusalResult(Refusals.NoSuchThing);
        }

        var witnesses = await Ledger.Witnesses(database, reader.RoomID, factID, after, Paging.MaxRows + 1, context.RequestAborted);
        var (page, next) = Paging.Fit([.. witnesses.Select(WitnessView.Of)], witness => witness.SeatID);
        await records.Looked(reader.ReaderID, new LedgerRead(reader.RoomID, "witnesses", false, FactID: factID), reader.By, context.RequestAborted);
        return Results.Json(new WitnessList(reader.RoomID, factID, page, next), WireJson.Options);
    }

    /// <summary>What a seat had been shown.</summary>
    [Serves(typeof(LedgerActions), nameof(LedgerActions.ReadLedger))]
    public static async Task<IResult> Read(Records records, NpgsqlDataSource database, TimeProvider clock, HttpContext context)
    {
        var (reader, stranger) = await RecordReader.Of(context);
        if (reader is null)
        {
            return new RefusalResult(stranger!);
        }

        if (LedgerQuery.Read(context.Request, clock.GetUtcNow(), out var query) is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        if (query.Rows && !reader.Contents)
        {
            return new RefusalResult(Refusals.Forbidden with { Reason = "no_contents", Unlock = "Your token shows no contents. Ask the room's owner for one that does." });
        }

        if (await Ledger.Seat(database, reader.RoomID, (WireID.InPath(context, "seat") ?? Guid.Empty), context.RequestAborted) is not { } seat)
        {
            return new RefusalResult(Refusals.NoSuchThing);
        }

        var ledger = await Of(database, reader.RoomID, seat, query, context.RequestAborted);
        await records.Looked(reader.ReaderID, new LedgerRead(reader.RoomID, "ledger", query.Rows, SeatID: seat.SeatID), reader.By, context.RequestAborted);
        return Results.Json(ledger, WireJson.Options);
    }

    /// <summary>What the caller's own seat had been shown. Nothing that it could not read, so nothing to record.</summary>
    [Serves(typeof(LedgerActions), nameof(LedgerActions.ReadOwnLedger))]
    public static async Task<IResult> ReadOwn(Caller caller, NpgsqlDataSource database, TimeProvider clock, HttpContext context) =>
        LedgerQuery.Read(context.Request, clock.GetUtcNow(), out var query) is { } refusal
            ? new RefusalResult(refusal)
            : Results.Json(
                await Of(database, caller.RoomID, (await Ledger.Seat(database, caller.RoomID, caller.Seat!.SeatID, context.RequestAborted))!, query, context.RequestAborted), WireJson.Options);

    private static async Task<SeatLedger> Of(NpgsqlDataSource database, Guid roomID, LedgerSeat seat, LedgerQuery query, CancellationToken cancellation)
    {
        var ahead = await Ledger.Shown(database, seat.SeatID, query.At, query.After, MaxRuns + 1, cancellation);
        var shown = ahead.Take(MaxRuns).ToList();
        var (found, next) = await Shown(database, roomID, seat, shown, query, cancellation);
        next ??= ahead.Count > MaxRuns ? shown[^1].Upto : null;
        var first = await Ledger.First(database, seat.SeatID, [.. found.Select(row => row.Seq)], query.At, cancellation);
        var leaves = await Ledger.Leaves(database, [.. found.Select(row => row.EventID)], cancellation);
        var preambles = new Dictionary<FirstShown, string>();
        foreach (var moment in query.Rows ? first.Values.Distinct() : [])
        {
            preambles[moment] = Framing.Preamble(await Ledger.AddressAt(database, moment.SessionID, moment.At, cancellation) ?? seat.Address);
        }

        return new(
            roomID, seat.SeatID, seat.Address, query.At, shown,
            [.. found.Select(row => new LedgerRow(
                row.Seq, row.EventID, row.Type, Convert.ToHexStringLower(leaves[row.EventID]), first[row.Seq].At, first[row.Seq].SessionID,
                query.Rows ? RowRendering.Render(row, preambles[first[row.Seq]]) : null))],
            next);
    }

    // A page of the view's rows, without those that lie in the gaps.
    private static async Task<(IReadOnlyList<TimelineRow> Rows, long? Next)> Shown(
        NpgsqlDataSource database, Guid roomID, LedgerSeat seat, IReadOnlyList<ShownRange> runs, LedgerQuery query, CancellationToken cancellation)
    {
        var (rows, bytes) = (new List<TimelineRow>(), 0L);
        foreach (var run in runs)
        {
            foreach (var row in await TimelinePage.Read(database, roomID, seat.SeatID, seat.Since, Math.Max(query.After, run.From - 1), cancellation))
            {
                bytes += BytesOfReference + (query.Rows ? RowRendering.BoundOf(row, longestPreamble) : 0);
                if (row.Seq > run.Upto || rows.Count == TimelinePage.MaxRows || (rows.Count > 0 && bytes > RowRendering.MaxPageBytes - (MaxRuns * BytesOfRun)))
                {
                    break;
                }

                rows.Add(row);
            }

            if (rows is not [.., { Seq: var last }] || last < run.Upto)
            {
                break; // The page is full.
            }
        }

        return (rows, rows is [.., var end] && end.Seq < runs[^1].Upto ? end.Seq : null);
    }
}

/// <summary>What somebody wants to know of a ledger.</summary>
/// <param name="At">What had been shown by then.</param>
/// <param name="After">Rows behind this position.</param>
/// <param name="Rows">Whether with the rows themselves.</param>
internal sealed record LedgerQuery(DateTimeOffset At, long After, bool Rows)
{
    public static IReadOnlyList<QueryParameter> Parameters { get; } =
    [
        new("at", "string", "What had been shown by then, RFC 3339. Absent: by now."),
        new("after", "integer", "The `next` of the page before. Absent: from the first row."),
        new("rows", "string", "`true`: with the rows as they were shown. Absent: by reference and digest alone."),
    ];

    public static Refusal? Read(HttpRequest request, DateTimeOffset now, out LedgerQuery query)
    {
        query = new(now, 0, false);
        var (at, after, rows) = (request.Query["at"], request.Query["after"], request.Query["rows"]);
        DateTimeOffset? time = at is [{ } text] ? Rfc3339.Parse(text) : null;
        var seq = after is [{ } number] ? ReadCursor.ReadSeq(number) : null;
        if (at.Count > 0 && time is null)
        {
            return Refusals.MalformedRequest.Because("at must be " + Rfc3339.Example + ", and stand there once.");
        }

        if (after.Count > 0 && seq is null)
        {
            return Refusals.MalformedRequest.Because("after must be a whole number, 0 or more, and stand there once.");
        }

        if (rows.Count > 0 && rows is not (["true"] or ["false"]))
        {
            return Refusals.MalformedRequest.Because("rows must be true or false, and stand there once.");
        }

        query = new(time ?? now, seq ?? 0, rows is ["true"]);
        return null;
    }
}
