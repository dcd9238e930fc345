using Parle.Api.Auditing;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Auditing;

namespace Parle.Api.Record;

/// <summary>Serves a room's owner and its auditors the proofs of the room's whole record.</summary>
public static class RecordReceiptEndpoints
{
    /// <summary>Returns a receipt. The access is recorded first.</summary>
    [Serves(typeof(RecordActions), nameof(RecordActions.ReadRecordReceipt))]
    public static async Task<IResult> Read(
        Guid room, Guid @event, ReceiptQuery query, AuditCaller caller, RoomStates states, Receipts receipts,
        AuditLog audit, CancellationToken cancellation)
    {
        var (reader, stranger) = await caller.In(room, states, cancellation);
        if (stranger is not null)
        {
            return new RefusalResult(stranger);
        }

        var contents = query.Contents;
        var log = new RoomLog(reader!.RoomID);
        if (await receipts.Find(log, @event, cancellation) is not var (position, fact))
        {
            return new RefusalResult(Refusals.NotFound);
        }

        await audit.RecordAccess(reader.ReaderID, new RecordRead(log.RoomID, position, position, contents && reader.Contents), reader.By,
            cancellation);
        return Results.Json(
            await receipts.Of(log, position, fact, contents && reader.Contents ? fact.ContentIDs : null, cancellation),
            WireJson.Options);
    }

    /// <summary>Returns a checkpoint, which holds only digests.</summary>
    [Serves(typeof(RecordActions), nameof(RecordActions.ReadRecordCheckpoint))]
    public static async Task<IResult> ReadCheckpoint(
        Guid room, CheckpointQuery query, AuditCaller caller, RoomStates states, Receipts receipts, CancellationToken cancellation) =>
        await caller.In(room, states, cancellation) switch
        {
            (_, { } refusal) => new RefusalResult(refusal),
            var (reader, _) => await ReceiptEndpoints.Checkpoint(new RoomLog(reader!.RoomID), query, receipts, cancellation),
        };
}
