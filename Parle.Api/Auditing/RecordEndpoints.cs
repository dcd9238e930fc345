using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Auditing;
using Parle.Projections.Auditing;

namespace Parle.Api.Auditing;

/// <summary>Serves the record to auditors, owners and operators.</summary>
public static class RecordEndpoints
{
    /// <summary>Returns a room's record to its auditor or its owner.</summary>
    [Serves(typeof(AuditingActions), nameof(AuditingActions.ReadRecord))]
    public static async Task<IResult> Read(
        Guid room, RecordQuery query, AuditCaller caller, RoomStates states, AuditLog log, NpgsqlDataSource database,
        CancellationToken cancellation)
    {
        var (reader, refusal) = await caller.In(room, states, cancellation);
        return reader is null ? new RefusalResult(refusal!)
            : await OfRoom(query, log, database, reader, async () => (await caller.In(room, states, cancellation)).Refusal, cancellation);
    }

    /// <summary>Returns a room's record to an operator, without contents.</summary>
    [Serves(typeof(AuditingActions), nameof(AuditingActions.ReadRecordAsOperator))]
    public static async Task<IResult> ReadAsOperator(
        Guid room, Operator reader, Correlation correlation, RecordQuery query, AuditLog log, NpgsqlDataSource database,
        CancellationToken cancellation) =>
        await Auditors.OwnerOf(database, room, cancellation) is { } ownerID
            ? await OfRoom(query, log, database, new(room, reader.OperatorID, false, reader.Attribution(correlation.ID, ownerID)),
                obstacle: null, cancellation)
            : new RefusalResult(Refusals.RoomNotFound);

    /// <summary>Returns the whole record to an operator, without contents.</summary>
    [Serves(typeof(AuditingActions), nameof(AuditingActions.ReadWholeRecord))]
    public static async Task<IResult> ReadAll(
        Operator reader, Correlation correlation, RecordQuery query, AuditLog log, NpgsqlDataSource database,
        CancellationToken cancellation)
    {
        var index = await ViewProgress.Read(database, ViewProgress.Record, cancellation);
        var filter = query.Filter == RecordFilter.None ? null : query.Filter;
        return await log.Answer(query, new(
            reader.OperatorID, false, reader.Attribution(correlation.ID),
            (after, limit) => RecordPage.Find(database, null, query.Filter, after, index.Upto, limit, cancellation),
            fact => fact.Position,
            facts => new WholeRecordRead(facts is [var first, ..] ? first.Position : 0, facts is [.., var last] ? last.Position : 0, filter,
                facts.Count, [.. facts.Select(fact => fact.RoomID).OfType<Guid>().Distinct()]),
            (facts, next) => new WholeRecord(facts, next, IndexState.Of(index)),
            IndexState.Of(index)), cancellation);
    }

    // Without a filter the facts themselves are read. A room's facts are numbered in commit order, so none can come in between later.
    private static async Task<IResult> OfRoom(RecordQuery query, AuditLog log, NpgsqlDataSource database, AuditReader reader,
        Func<Task<Refusal?>>? obstacle, CancellationToken cancellation)
    {
        var isFiltered = query.Filter != RecordFilter.None;
        return await log.Answer(query, new(
            reader.ReaderID, reader.Contents, reader.By,
            (after, limit) => isFiltered
                ? RecordPage.Find(database, reader.RoomID, query.Filter, after, null, limit, cancellation)
                : RecordPage.Facts(database, reader.RoomID, after, limit, cancellation),
            fact => fact.Version,
            facts => (facts, isFiltered) switch
            {
                ([var first, .., var last], false) => new RecordRead(reader.RoomID, first.Version, last.Version, reader.Contents),
                ([var only], false) => new RecordRead(reader.RoomID, only.Version, only.Version, reader.Contents),
                ([], false) => null, // The reader learnt nothing new.
                ([], _) => new RecordRead(reader.RoomID, 0, 0, reader.Contents, query.Filter, 0),
                _ => new RecordRead(reader.RoomID, facts[0].Version, facts[^1].Version, reader.Contents, query.Filter, facts.Count),
            },
            (facts, next) => new RoomRecord(reader.RoomID, facts, next),
            null, reader.RoomID)
        {
            Obstacle = obstacle ?? (() => Task.FromResult<Refusal?>(null)),
        }, cancellation);
    }
}
