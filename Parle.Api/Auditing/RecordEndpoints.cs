using Marten;
using Npgsql;
using Parle.Api.Contract;
using Parle.Api.Rooms;
using Parle.Domain;
using Parle.Domain.Auditing;
using Parle.Projections;
using Parle.Projections.Auditing;

namespace Parle.Api.Auditing;

/// <summary>Shows a room's record to those who take no part in it.</summary>
public static class RecordEndpoints
{
    /// <summary>To an auditor.</summary>
    [Serves(typeof(AuditingActions), nameof(AuditingActions.ReadRecord))]
    public static Task<IResult> Read(Auditor auditor, RoomRecords records, HttpContext context) =>
        records.Read(context, auditor.RoomID, auditor.AuditorID, auditor.Contents, auditor.Attribution(context.TraceIdentifier));

    /// <summary>To an operator, without contents.</summary>
    [Serves(typeof(AuditingActions), nameof(AuditingActions.ReadRecordAsOperator))]
    public static async Task<IResult> ReadAsOperator(Operator reader, RoomRecords records, HttpContext context) =>
        RoomWrite.RoomOf(context) is { } roomID && await records.OwnerOf(roomID, context.RequestAborted) is { } ownerID
            ? await records.Read(context, roomID, reader.OperatorID, contents: false, reader.Attribution(context.TraceIdentifier, ownerID))
            : new RefusalResult(Refusals.RoomNotFound);
}

/// <summary>The records of rooms. What is shown of them is recorded before it is shown.</summary>
public sealed class RoomRecords(NpgsqlDataSource database, IDocumentStore store, TimeProvider clock)
{
    private const int Limit = 200;

    /// <summary>Whose room it is; null when there is none.</summary>
    public async Task<Guid?> OwnerOf(Guid roomID, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select owner_id from parle.rooms where room_id = $1");
        command.Parameters.Add(new() { Value = roomID });
        return (Guid?)await command.ExecuteScalarAsync(cancellation);
    }

    /// <summary>A page of it.</summary>
    /// <param name="context">The request, with <c>after</c> and <c>limit</c>.</param>
    /// <param name="roomID">Which room's.</param>
    /// <param name="readerID">Whose stream says that it was read.</param>
    /// <param name="contents">Whether words are shown.</param>
    /// <param name="by">Who reads.</param>
    public async Task<IResult> Read(HttpContext context, Guid roomID, Guid readerID, bool contents, Attribution by)
    {
        if (!Number(context, "after", 0, long.MaxValue, 0, out var after) || !Number(context, "limit", 1, Limit, Limit, out var limit))
        {
            return new RefusalResult(Refusals.MalformedRequest.Because($"after must be 0 or more, and limit 1 to {Limit}."));
        }

        var facts = await RecordPage.Facts(database, roomID, after, (int)limit + 1, context.RequestAborted);
        var words = contents
            ? await RecordPage.Contents(database, [.. facts.Take((int)limit).SelectMany(fact => fact.ContentIDs)], context.RequestAborted)
            : new Dictionary<Guid, (byte[], string)>();
        var page = Fitting([.. facts.Take((int)limit)], words);
        if (page.Count > 0)
        {
            await Record(readerID, new(roomID, page[0].Version, page[^1].Version, contents), by, context.RequestAborted);
        }

        return Results.Json(
            new RoomRecord(roomID, [.. page.Select(fact => Render(fact, contents ? words : null))], page.Count < facts.Count ? page[^1].Version : null), WireJson.Options);
    }

    /// <summary>Writes down that somebody looks, before anything is shown.</summary>
    /// <param name="readerID">In whose stream.</param>
    /// <param name="read">At what.</param>
    /// <param name="by">Who.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task Record(Guid readerID, RecordRead read, Attribution by, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var now = clock.GetUtcNow();
        session.Events.Append(readerID, session.BuildFact(read, Guid.CreateVersion7(now), now, by));
        await session.SaveChangesAsync(cancellation);
    }

    // As many as fit into a page, and at least one.
    private static List<RecordedRow> Fitting(IReadOnlyList<RecordedRow> facts, IReadOnlyDictionary<Guid, (byte[] Salt, string Body)> words)
    {
        var (page, bytes) = (new List<RecordedRow>(), 0L);
        foreach (var fact in facts)
        {
            bytes += fact.Bytes + fact.ContentIDs.Sum(id => words.TryGetValue(id, out var content) ? WireJson.Options.Encoder!.Encode(content.Body).Length + 128L : 64L);
            if (page.Count > 0 && bytes > RowRendering.MaxPageBytes)
            {
                break;
            }

            page.Add(fact);
        }

        return page;
    }

    private static RecordFact Render(RecordedRow fact, IReadOnlyDictionary<Guid, (byte[] Salt, string Body)>? words) => new(
        fact.Version, fact.EventID, fact.Type, fact.At, fact.Data,
        fact.Headers.TryGetProperty("actor", out var actor) ? actor.GetString() : null,
        fact.Headers.TryGetProperty("principal", out var principal) && principal.TryGetGuid(out var principalID) ? principalID : null,
        fact.Headers.TryGetProperty("authority", out var authority) ? [.. authority.EnumerateArray().Select(right => right.GetString()!)] : [],
        fact.Correlation,
        fact.Headers.TryGetProperty("placement", out var placement) ? placement : null,
        words is null ? null
            : [.. fact.ContentIDs.Select(id => words.TryGetValue(id, out var content) ? new RecordContent(id, content.Salt, content.Body, null) : new RecordContent(id, null, null, true))]);

    private static bool Number(HttpContext context, string name, long least, long most, long usual, out long number)
    {
        number = usual;
        return context.Request.Query[name] is var sent && (sent.Count == 0
            || (sent is [{ } text] && long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out number) && number >= least && number <= most));
    }
}
