using Npgsql;
using Parle.Api.Asks;
using Parle.Api.Callers;
using Parle.Api.Reading;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Projections.Asks;

namespace Parle.Api.Record;

/// <summary>Serves the evidence about an ask. A hidden ask gets the answer of an unknown one.</summary>
public static class ReadEvidenceEndpoint
{
    /// <summary>Returns a file. Its facts are shown, so they are written to the read ledger first.</summary>
    [Serves(typeof(AskActions), nameof(AskActions.ReadEvidence))]
    public static async Task<IResult> Read(
        Guid ask, EvidenceQuery query, Caller caller, NpgsqlDataSource database, RoomStates states, Evidence evidence, ReadLedger ledger,
        TimeProvider clock, CancellationToken cancellation)
    {
        var seat = caller.Seat!;
        var view = new AsksQuery(caller.RoomID, seat.SeatID, seat.Since);
        if (await AskPage.List(database, view with { AskID = ask }, cancellation) is not [_]
            || await AskPage.Leaves(database, ask, view, cancellation) is not { Count: > 0 } seen)
        {
            return new RefusalResult(Refusals.NotFound);
        }

        if (query.After >= seen.Count)
        {
            return new RefusalResult(
                Refusals.MalformedRequest.Because("after must be the position of a fact of this ask that others follow."));
        }

        // Before its admission a seat sees only what everybody could see.
        var room = (await states.Read([caller.RoomID], cancellation))[caller.RoomID].Room!;
        var admitted = room.Seats.GetValueOrDefault(seat.SeatID)?.Admitted ?? seat.Since;
        var whole = seen[0].AskedAt is not { } asked || asked > admitted;
        var (file, shown) = await evidence.Of(
            new(caller.RoomID, seat.SeatID, seat.Since), ask, seen, whole, query, clock.GetUtcNow(), cancellation);
        if (query.ContentID is { } wanted && !file.Facts.Any(fact => fact.Contents.Any(content => content.ContentID == wanted)))
        {
            return new RefusalResult(Refusals.MalformedRequest.Because("contents must be a content_id of one of these facts."));
        }

        await Task.WhenAll(shown.Select(seq => ledger.Record(seat.SeatID, seq, seq, caller.Session!.SessionID)));
        return Results.Json(file, WireJson.Options);
    }
}
