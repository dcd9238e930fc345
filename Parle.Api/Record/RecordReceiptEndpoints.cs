using Parle.Api.Auditing;
using Parle.Api.Contract;
using Parle.Api.Rooms;
using Parle.Domain;
using Parle.Domain.Auditing;

namespace Parle.Api.Record;

/// <summary>Shows a room's owner and its auditors what proves the room's whole record.</summary>
public static class RecordReceiptEndpoints
{
    /// <summary>A receipt. The look is recorded first.</summary>
    [Serves(typeof(RecordActions), nameof(RecordActions.ReadRecordReceipt))]
    public static async Task<IResult> Read(Receipts receipts, RoomRecords records, HttpContext context)
    {
        var (refusal, reader) = await ReaderOf(context);
        if ((refusal ?? ReceiptEndpoints.WithContents(context, out _)) is { } refused)
        {
            return new RefusalResult(refused);
        }

        _ = ReceiptEndpoints.WithContents(context, out var contents);
        var log = new RoomLog(reader!.RoomID);
        if (await receipts.Find(log, RoomWrite.Named(context, "event"), context.RequestAborted) is not var (position, fact))
        {
            return new RefusalResult(Refusals.NotFound);
        }

        await records.Record(reader.ReaderID, new RecordRead(log.RoomID, position, position, contents && reader.Contents), reader.By, context.RequestAborted);
        return Results.Json(await receipts.Of(log, position, fact, contents && reader.Contents ? fact.ContentIDs : null, context.RequestAborted), WireJson.Options);
    }

    /// <summary>A checkpoint: digests alone.</summary>
    [Serves(typeof(RecordActions), nameof(RecordActions.ReadRecordCheckpoint))]
    public static async Task<IResult> ReadCheckpoint(Receipts receipts, HttpContext context) =>
        await ReaderOf(context) switch
        {
            ({ } refusal, _) => new RefusalResult(refusal),
            (_, var reader) => await ReceiptEndpoints.Checkpoint(new RoomLog(reader!.RoomID), receipts, context),
        };

    private static async Task<(Refusal? Refusal, RecordReader? Reader)> ReaderOf(HttpContext context)
    {
        if (context.Features.Get<Auditor>() is { } auditor)
        {
            return (null, new(auditor.RoomID, auditor.AuditorID, auditor.Contents, auditor.Attribution(context.TraceIdentifier)));
        }

        var actor = RequestContract.Part<Actor>(context);
        var found = await MembersRoom.Of(context, actor);
        return (found.Refusal ?? AppointAuditor.Obstacle(found.Room, actor.Member)) is { } refusal ? (refusal, null)
            : (null, new(found.RoomID, actor.PrincipalID, true, actor.Attribution(context.TraceIdentifier)));
    }

    // Who reads a room's whole record: in whose stream that is written, and whether with words.
    private sealed record RecordReader(Guid RoomID, Guid ReaderID, bool Contents, Attribution By);
}
