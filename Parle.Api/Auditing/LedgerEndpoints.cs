using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Reading;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Auditing;
using Parle.Domain.Contents;
using Parle.Domain.Names;
using Parle.Projections.Auditing;
using Parle.Projections.Rooms;

namespace Parle.Api.Auditing;

/// <summary>Serves read ledgers: of every seat to the room's owner and its auditors, of its own seat to a participant.</summary>
public static class LedgerEndpoints
{
    // The most ranges of positions in a page, the bytes of a range at most, and the bytes of a row without contents.
    private const int MaxRuns = 1000;
    private const int BytesOfRun = 60;
    private const int BytesOfReference = 400;

    private static readonly string longestPreamble = Framing.Preamble(new('x', Address.MaxLength));

    /// <summary>Lists the seats that have seen a fact.</summary>
    [Serves(typeof(LedgerActions), nameof(LedgerActions.ListWitnesses))]
    public static async Task<IResult> Witnesses(
        Guid room, Guid @event, PageCursor cursor, AuditCaller caller, RoomStates states, AuditLog log, NpgsqlDataSource database,
        CancellationToken cancellation)
    {
        var (reader, stranger) = await caller.In(room, states, cancellation);
        if (reader is null)
        {
            return new RefusalResult(stranger!);
        }

        if (!await Ledger.Has(database, reader.RoomID, @event, cancellation))
        {
            return new RefusalResult(Refusals.NoSuchThing);
        }

        var witnesses = await Ledger.Witnesses(database, reader.RoomID, @event, cursor.After, Paging.MaxRows + 1, cancellation);
        var (page, next) = Paging.Fit([.. witnesses.Select(WitnessView.Of)], witness => witness.SeatID);
        await log.RecordAccess(
            reader.ReaderID, new LedgerRead(reader.RoomID, "witnesses", false, FactID: @event), reader.By, cancellation);
        return Results.Json(new WitnessList(reader.RoomID, @event, page, next), WireJson.Options);
    }

    /// <summary>Returns the ledger of a seat.</summary>
    [Serves(typeof(LedgerActions), nameof(LedgerActions.ReadLedger))]
    public static async Task<IResult> Read(
        Guid room, Guid seat, LedgerQuery query, AuditCaller caller, RoomStates states, AuditLog log, NpgsqlDataSource database,
        TimeProvider clock, CancellationToken cancellation)
    {
        var (reader, stranger) = await caller.In(room, states, cancellation);
        if (reader is null)
        {
            return new RefusalResult(stranger!);
        }

        if (query.Rows && !reader.Contents)
        {
            return new RefusalResult(Refusals.Forbidden with
            { Reason = "no_contents", Unlock = "Your token shows no contents. Ask the room's owner for one that does." });
        }

        if (await Ledger.Seat(database, reader.RoomID, seat, cancellation) is not { } found)
        {
            return new RefusalResult(Refusals.NoSuchThing);
        }

        var ledger = await Of(database, reader.RoomID, found, query, clock.GetUtcNow(), cancellation);
        await log.RecordAccess(
            reader.ReaderID, new LedgerRead(reader.RoomID, "ledger", query.Rows, SeatID: found.SeatID), reader.By, cancellation);
        return Results.Json(ledger, WireJson.Options);
    }

    /// <summary>
    /// Returns the ledger of the caller's own seat. The caller could read all of it before, so the access is not recorded.
    /// </summary>
    [Serves(typeof(LedgerActions), nameof(LedgerActions.ReadOwnLedger))]
    public static async Task<IResult> ReadOwn(
        LedgerQuery query, Caller caller, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellation) => Results.Json(
            await Of(database, caller.RoomID, (await Ledger.Seat(database, caller.RoomID, caller.Seat!.SeatID, cancellation))!, query,
                clock.GetUtcNow(), cancellation), WireJson.Options);

    private static async Task<SeatLedger> Of(
        NpgsqlDataSource database, Guid roomID, LedgerSeat seat, LedgerQuery query, DateTimeOffset now, CancellationToken cancellation)
    {
        var at = query.At ?? now;
        var ahead = await Ledger.Shown(database, seat.SeatID, at, query.After, MaxRuns + 1, cancellation);
        var shown = ahead.Take(MaxRuns).ToList();
        var (found, next) = await Shown(database, roomID, seat, shown, query, cancellation);
        next ??= ahead.Count > MaxRuns ? shown[^1].Upto : null;
        var first = await Ledger.First(database, seat.SeatID, [.. found.Select(row => row.Seq)], at, cancellation);
        var leaves = await Ledger.Leaves(database, [.. found.Select(row => row.EventID)], cancellation);
        var preambles = new Dictionary<FirstShown, string>();
        foreach (var moment in query.Rows ? first.Values.Distinct() : [])
        {
            preambles[moment] = Framing.Preamble(
                await Ledger.AddressAt(database, moment.SessionID, moment.At, cancellation) ?? seat.Address);
        }

        return new(
            roomID, seat.SeatID, seat.Address, at, shown,
            [.. found.Select(row => new LedgerRow(
                row.Seq, row.EventID, row.Type, Convert.ToHexStringLower(leaves[row.EventID]), first[row.Seq].At, first[row.Seq].SessionID,
                query.Rows ? RowRendering.Render(row, preambles[first[row.Seq]]) : null))],
            next);
    }

    // A page of the view's rows, without the rows that were not shown.
    private static async Task<(IReadOnlyList<TimelineRow> Rows, long? Next)> Shown(
        NpgsqlDataSource database, Guid roomID, LedgerSeat seat, IReadOnlyList<ShownRange> runs, LedgerQuery query,
        CancellationToken cancellation)
    {
        var (rows, bytes) = (new List<TimelineRow>(), 0L);
        foreach (var run in runs)
        {
            foreach (var row in await TimelinePage.Read(
                database, roomID, seat.SeatID, seat.Since, Math.Max(query.After, run.From - 1), cancellation))
            {
                bytes += BytesOfReference + (query.Rows ? RowRendering.BoundOf(row, longestPreamble) : 0);
                if (row.Seq > run.Upto || rows.Count == TimelinePage.MaxRows
                    || (rows.Count > 0 && bytes > RowRendering.MaxPageBytes - (MaxRuns * BytesOfRun)))
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
