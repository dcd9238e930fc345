using System.Globalization;
using Parle.Api.Contract;
using Parle.Api.Rooms;
using Parle.Domain;

namespace Parle.Api.Record;

/// <summary>Shows participants what proves what they saw: of their own view, and of nothing else.</summary>
public static class ReceiptEndpoints
{
    /// <summary>A receipt. What it tells is shown, and so on the ledger first.</summary>
    [Serves(typeof(RecordActions), nameof(RecordActions.ReadReceipt))]
    public static async Task<IResult> Read(Caller caller, Receipts receipts, Disclosures disclosures, HttpContext context)
    {
        if (WithContents(context, out var contents) is { } malformed)
        {
            return new RefusalResult(malformed);
        }

        if (await receipts.Find(ViewOf(caller), (WireID.InPath(context, "event") ?? Guid.Empty), context.RequestAborted) is not var (position, fact))
        {
            return new RefusalResult(Refusals.NotFound); // Hidden or not there: the same (law 9).
        }

        await disclosures.Record(caller.Seat!.SeatID, position, position, caller.Session!.SessionID);
        return Results.Json(await receipts.Of(ViewOf(caller), position, fact, contents ? [fact.EventID] : null, context.RequestAborted), WireJson.Options);
    }

    /// <summary>A checkpoint.</summary>
    [Serves(typeof(RecordActions), nameof(RecordActions.ReadCheckpoint))]
    public static async Task<IResult> ReadCheckpoint(Caller caller, Receipts receipts, HttpContext context) =>
        await Checkpoint(ViewOf(caller), receipts, context);

    /// <summary>A checkpoint of <paramref name="log"/>, with the proof that was asked for.</summary>
    internal static async Task<IResult> Checkpoint(Log log, Receipts receipts, HttpContext context)
    {
        if (context.Request.Query["from"] is { Count: > 0 } sent && !(sent is [{ } text] && !text.AsSpan().ContainsAnyExceptInRange('0', '9') && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            return new RefusalResult(Refusals.MalformedRequest.Because("from must be the size of a checkpoint that you have."));
        }

        var from = context.Request.Query["from"] is [{ } size] ? long.Parse(size, CultureInfo.InvariantCulture) : (long?)null;
        return await receipts.CheckpointOf(log, from, context.RequestAborted) is { } checkpoint ? Results.Json(checkpoint, WireJson.Options)
            : new RefusalResult(from is null ? Refusals.NotFound : Refusals.MalformedRequest.Because("from is larger than the log: it is not the size of one of its checkpoints."));
    }

    /// <summary>Whether words are asked for.</summary>
    internal static Refusal? WithContents(HttpContext context, out bool contents)
    {
        contents = context.Request.Query["contents"] is ["true"];
        return context.Request.Query["contents"] is [] or ["true"] or ["false"] ? null : Refusals.MalformedRequest.Because("contents must be true or false.");
    }

    private static ViewLog ViewOf(Caller caller) => new(caller.RoomID, caller.Seat!.SeatID, caller.Seat.Since);
}
