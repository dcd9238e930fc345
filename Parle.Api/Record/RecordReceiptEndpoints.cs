using Parle.Api.Auditing;
using Parle.Api.Contract;
using Parle.Domain;
using Parle.Domain.Auditing;

namespace Parle.Api.Record;

/// <summary>Shows a room's owner and its auditors what proves the room's whole record.</summary>
public static class RecordReceiptEndpoints
{
    /// <summary>A receipt. The look is recorded first.</summary>
    [Serves(typeof(RecordActions), nameof(RecordActions.ReadRecordReceipt))]
    public static async Task<IResult> Read(Receipts receipts, Records records, HttpContext context)
    {
        var (reader, stranger) = await RecordReader.Of(context);
        if ((stranger ?? ReceiptEndpoints.WithContents(context, out _)) is { } refused)
        {
            return new RefusalResult(refused);
        }

        _ = ReceiptEndpoints.WithContents(context, out var contents);
        var log = new RoomLog(reader!.RoomID);
        if (await receipts.Find(log, (WireID.InPath(context, "event") ?? Guid.Empty), context.RequestAborted) is not var (position, fact))
        {
            return new RefusalResult(Refusals.NotFound);
        }

        await records.Looked(reader.ReaderID, new RecordRead(log.RoomID, position, position, contents && reader.Contents), reader.By, context.RequestAborted);
        return Results.Json(await receipts.Of(log, position, fact, contents && reader.Contents ? fact.ContentIDs : null, context.RequestAborted), WireJson.Options);
    }

    /// <summary>A checkpoint: digests alone.</summary>
    [Serves(typeof(RecordActions), nameof(RecordActions.ReadRecordCheckpoint))]
    public static async Task<IResult> ReadCheckpoint(Receipts receipts, HttpContext context) =>
        await RecordReader.Of(context) switch
        {
            (_, { } refusal) => new RefusalResult(refusal),
            var (reader, _) => await ReceiptEndpoints.Checkpoint(new RoomLog(reader!.RoomID), receipts, context),
        };
}
