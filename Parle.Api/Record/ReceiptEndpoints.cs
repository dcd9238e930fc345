using Parle.Api.Asks;
using Parle.Api.Callers;
using Parle.Api.Reading;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;

namespace Parle.Api.Record;

/// <summary>Serves participants the proofs of facts in their own view.</summary>
public static class ReceiptEndpoints
{
    /// <summary>Returns a receipt. Its fact is shown, so it is written to the read ledger first.</summary>
    [Serves(typeof(RecordActions), nameof(RecordActions.ReadReceipt))]
    public static async Task<IResult> Read(
        Guid @event, ReceiptQuery query, Caller caller, Receipts receipts, ReadLedger ledger, CancellationToken cancellation)
    {
        if (await receipts.Find(ViewOf(caller), @event, cancellation) is not var (position, fact))
        {
            return new RefusalResult(Refusals.NotFound); // Hidden or not there: the same (law 9).
        }

        if (query.ForAnyone && !fact.IsCommon)
        {
            return new RefusalResult(NotForAnyone);
        }

        await ledger.Record(caller.Seat!.SeatID, position, position, caller.Session!.SessionID);
        IReadOnlyList<Guid>? contents = query.Contents ? [fact.EventID] : null;
        return Results.Json(
            query.ForAnyone ? await receipts.ForAnyone(ViewOf(caller), position, fact, contents, cancellation)
                : await receipts.Of(ViewOf(caller), position, fact, contents, cancellation),
            WireJson.Options);
    }

    /// <summary>Returns a checkpoint.</summary>
    [Serves(typeof(RecordActions), nameof(RecordActions.ReadCheckpoint))]
    public static async Task<IResult> ReadCheckpoint(
        CheckpointQuery query, Caller caller, Receipts receipts, CancellationToken cancellation) =>
        await Checkpoint(ViewOf(caller), query, receipts, cancellation);

    /// <summary>A checkpoint of <paramref name="log"/>, with the requested proof.</summary>
    internal static async Task<IResult> Checkpoint(
        MerkleLog log, CheckpointQuery query, Receipts receipts, CancellationToken cancellation) =>
        await receipts.CheckpointOf(log, query.From, cancellation) is { } checkpoint ? Results.Json(checkpoint, WireJson.Options)
            : new RefusalResult(query.From is null ? Refusals.NotFound
                : Refusals.MalformedRequest.Because("from is larger than the log: it is not the size of one of its checkpoints."));

    private static readonly Refusal NotForAnyone = Refusals.ValidationFailed with
    {
        Detail = "audience=anyone is for facts that the whole room saw; not all saw this one.",
        Reason = "not_seen_by_all",
        Unlock = $"Hand on the evidence of its ask ({AskActions.ReadEvidence.Id}), if it is about one. Otherwise leave out audience: "
            + "that receipt is for yourself, because it tells how much you have seen.",
    };

    private static ViewLog ViewOf(Caller caller) => new(caller.RoomID, caller.Seat!.SeatID, caller.Seat.Since);
}
