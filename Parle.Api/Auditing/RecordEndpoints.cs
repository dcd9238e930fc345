using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;
using Parle.Domain.Auditing;
using Parle.Projections.Auditing;

namespace Parle.Api.Auditing;

/// <summary>Shows records to those who take no part in them.</summary>
public static class RecordEndpoints
{
    /// <summary>A room's, to its auditor or its owner.</summary>
    [Serves(typeof(AuditingActions), nameof(AuditingActions.ReadRecord))]
    public static async Task<IResult> Read(RecordQuery query, Records records, NpgsqlDataSource database, HttpContext context)
    {
        var (reader, refusal) = await RecordReader.Of(context);
        return reader is null ? new RefusalResult(refusal!)
            : await OfRoom(query, records, database, context, reader, async () => (await RecordReader.Of(context)).Refusal);
    }

    /// <summary>A room's, to an operator, without contents.</summary>
    [Serves(typeof(AuditingActions), nameof(AuditingActions.ReadRecordAsOperator))]
    public static async Task<IResult> ReadAsOperator(
        Operator reader, RecordQuery query, Records records, NpgsqlDataSource database, HttpContext context) =>
        WireID.InPath(context, "room") is { } roomID && await OwnerOf(database, roomID, context.RequestAborted) is { } ownerID
            ? await OfRoom(query, records, database, context,
                new(roomID, reader.OperatorID, false, reader.Attribution(context.TraceIdentifier, ownerID)))
            : new RefusalResult(Refusals.RoomNotFound);

    /// <summary>All of them, to an operator, without contents.</summary>
    [Serves(typeof(AuditingActions), nameof(AuditingActions.ReadWholeRecord))]
    public static async Task<IResult> ReadAll(
        Operator reader, RecordQuery query, Records records, NpgsqlDataSource database, HttpContext context)
    {
        var index = await ViewProgress.Read(database, ViewProgress.Record, context.RequestAborted);
        var filter = query.Filter == RecordFilter.None ? null : query.Filter;
        return await records.Answer(context, query, new(
            reader.OperatorID, false, reader.Attribution(context.TraceIdentifier),
            (after, limit) => RecordPage.Find(database, null, query.Filter, after, index.Upto, limit, context.RequestAborted),
            fact => fact.Position,
            facts => new WholeRecordRead(facts is [var first, ..] ? first.Position : 0, facts is [.., var last] ? last.Position : 0, filter,
                facts.Count, [.. facts.Select(fact => fact.RoomID).OfType<Guid>().Distinct()]),
            (facts, next) => new WholeRecord(facts, next, IndexState.Of(index)),
            IndexState.Of(index)));
    }

    // Without a filter the facts themselves are read. A room's are numbered in the order in which they are committed: none is waited for.
    private static async Task<IResult> OfRoom(RecordQuery query, Records records, NpgsqlDataSource database, HttpContext context,
        RecordReader reader, Func<Task<Refusal?>>? obstacle = null)
    {
        var isFiltered = query.Filter != RecordFilter.None;
        return await records.Answer(context, query, new(
            reader.ReaderID, reader.Contents, reader.By,
            (after, limit) => isFiltered
                ? RecordPage.Find(database, reader.RoomID, query.Filter, after, null, limit, context.RequestAborted)
                : RecordPage.Facts(database, reader.RoomID, after, limit, context.RequestAborted),
            fact => fact.Version,
            facts => (facts, isFiltered) switch
            {
                ([var first, .., var last], false) => new RecordRead(reader.RoomID, first.Version, last.Version, reader.Contents),
                ([var only], false) => new RecordRead(reader.RoomID, only.Version, only.Version, reader.Contents),
                ([], false) => null, // Nothing new was learnt.
                ([], _) => new RecordRead(reader.RoomID, 0, 0, reader.Contents, query.Filter, 0),
                _ => new RecordRead(reader.RoomID, facts[0].Version, facts[^1].Version, reader.Contents, query.Filter, facts.Count),
            },
            (facts, next) => new RoomRecord(reader.RoomID, facts, next),
            null, reader.RoomID)
        {
            Obstacle = obstacle ?? (() => Task.FromResult<Refusal?>(null)),
        });
    }

    private static async Task<Guid?> OwnerOf(NpgsqlDataSource database, Guid roomID, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select owner_id from parle.rooms where room_id = $1");
        command.Parameters.Add(new() { Value = roomID });
        return (Guid?)await command.ExecuteScalarAsync(cancellation);
    }
}
