using System.Text.Json;
using Marten;
using Npgsql;
using Parle.Api.Contract;
using Parle.Api.Reading;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;
using Parle.Projections;
using Parle.Projections.Auditing;

namespace Parle.Api.Auditing;

/// <summary>The part of the record that a reader asks for.</summary>
/// <param name="ReaderID">The stream in which the access is recorded.</param>
/// <param name="Contents">Whether contents are shown.</param>
/// <param name="By">The attribution of the access.</param>
/// <param name="Find">Finds the facts after a cursor, up to a number.</param>
/// <param name="Cursor">The cursor of a fact.</param>
/// <param name="Access">The event that records the access before facts are shown; null for none.</param>
/// <param name="Page">The answer with the facts and the next cursor.</param>
/// <param name="Index">The position up to which the whole record is settled; null for a room's record.</param>
/// <param name="RoomID">The room; null for the whole record.</param>
public sealed record AuditSource(
    Guid ReaderID, bool Contents, Attribution By,
    Func<long, int, Task<IReadOnlyList<AuditRow>>> Find, Func<AuditRow, long> Cursor, Func<IReadOnlyList<AuditRow>, object?> Access,
    Func<IReadOnlyList<RecordFact>, long?, object> Page, IndexState? Index, Guid? RoomID = null)
{
    /// <summary>
    /// Returns the reason why the reader may no longer see these facts; null for none. Its credential is checked separately.
    /// </summary>
    public Func<Task<Refusal?>> Obstacle { get; init; } = () => Task.FromResult<Refusal?>(null);
}

/// <summary>Serves the record to auditors, owners and operators. An access is recorded before its page is shown.</summary>
public sealed class AuditLog(NpgsqlDataSource database, IDocumentStore store, TimeProvider clock)
{
    private static readonly byte[] lineBreak = "\n"u8.ToArray();

    /// <summary>Returns a page, or all facts as NDJSON.</summary>
    public async Task<IResult> Answer(RecordQuery query, AuditSource source, CancellationToken cancellation)
    {
        if (query.Streams)
        {
            return new Lines(this, query, source);
        }

        var (page, next) = await Read(source, query.After, query.Limit ?? RecordQuery.MaxFacts, cancellation);
        return Results.Json(source.Page(page, next), WireJson.Options);
    }

    /// <summary>Records an access. A HEAD request shows nothing, and so records nothing.</summary>
    public async Task RecordAccess(Guid readerID, object access, Attribution by, CancellationToken cancellation)
    {
        if (HeadRequests.ShowsNothing)
        {
            return;
        }

        await using var session = store.LightweightSession();
        var now = clock.GetUtcNow();
        session.Events.Append(readerID, session.BuildFact(access, Guid.CreateVersion7(now), now, by));
        await session.SaveChangesAsync(cancellation);
    }

    private async Task<(IReadOnlyList<RecordFact> Facts, long? Next)> Read(
        AuditSource source, long after, int limit, CancellationToken cancellation)
    {
        var found = await source.Find(after, limit + 1);
        var words = source.Contents
            ? await RecordPage.Contents(database, source.RoomID, [.. found.Take(limit).SelectMany(fact => fact.ContentIDs)], cancellation)
            : new Dictionary<Guid, (byte[], string)>();
        var page = Fitting([.. found.Take(limit)], words);
        if (source.Access(page) is { } access)
        {
            await RecordAccess(source.ReaderID, access, source.By, cancellation);
        }

        return ([.. page.Select(fact => Render(fact, source.Contents ? words : null))],
            page.Count < found.Count ? source.Cursor(page[^1]) : null);
    }

    private bool IsOver(DateTimeOffset? end) => end <= clock.GetUtcNow();

    // As many facts as fit into a page, and at least one.
    private static List<AuditRow> Fitting(IReadOnlyList<AuditRow> facts, IReadOnlyDictionary<Guid, (byte[] Salt, string Body)> words)
    {
        var (page, bytes) = (new List<AuditRow>(), 0L);
        foreach (var fact in facts)
        {
            bytes += fact.Bytes + fact.ContentIDs.Sum(
                id => words.TryGetValue(id, out var content) ? WireJson.Options.Encoder!.Encode(content.Body).Length + 128L : 64L);
            if (page.Count > 0 && bytes > RowRendering.MaxPageBytes)
            {
                break;
            }

            page.Add(fact);
        }

        return page;
    }

    private static RecordFact Render(AuditRow fact, IReadOnlyDictionary<Guid, (byte[] Salt, string Body)>? words) => new(
        fact.Version, fact.EventID, fact.Type, fact.At, fact.Data,
        fact.Headers.TryGetProperty("actor", out var actor) ? actor.GetString() : null,
        fact.Headers.TryGetProperty("principal", out var principal) && principal.TryGetGuid(out var principalID) ? principalID : null,
        fact.Headers.TryGetProperty("authority", out var authority)
            ? [.. authority.EnumerateArray().Select(right => right.GetString()!)] : [],
        fact.Correlation,
        fact.Headers.TryGetProperty("placement", out var placement) ? placement : null,
        words is null ? null
            : [.. fact.ContentIDs.Select(id => words.TryGetValue(id, out var content)
                ? new RecordContent(id, content.Salt, content.Body, null) : new RecordContent(id, null, null, true))])
    {
        Position = fact.Position == 0 ? null : fact.Position,
        StreamID = fact.Position == 0 ? null : fact.StreamID,
        RoomID = fact.RoomID,
    };

    /// <summary>
    /// Facts as NDJSON, a page in memory at a time. The last line says that the record is whole, or why it broke off. The reader is
    /// admitted again before each page, as for a request of that page alone, and within a page when its credential expires.
    /// </summary>
    private sealed class Lines(AuditLog log, RecordQuery query, AuditSource source) : IResult
    {
        public async Task ExecuteAsync(HttpContext context)
        {
            var (after, left) = (query.After, query.Limit ?? int.MaxValue);
            context.Response.ContentType = RecordQuery.NdJson;
            if (HeadRequests.ShowsNothing)
            {
                return; // The lines do not decide the status.
            }

            try
            {
                for (var more = true; more && left > 0;)
                {
                    if (await Refused(context))
                    {
                        return;
                    }

                    var (page, next) = await log.Read(source, after, Math.Min(left, RecordQuery.MaxFacts), context.RequestAborted);
                    foreach (var fact in page)
                    {
                        if (log.IsOver(RequestContract.HoldsUntil(context)) && await Refused(context))
                        {
                            return;
                        }

                        await Write(context, fact);
                        after = fact.Position ?? fact.Version;
                    }

                    await context.Response.Body.FlushAsync(context.RequestAborted);
                    (left, more) = (left - page.Count, next is not null);
                }

                await Write(context, new RecordEnd(true, after, source.Index));
            }
            catch (Exception broken) when (context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
            {
                await Write(context, new BrokenRecord(ErrorEnvelope.Of(ErrorEnvelope.Refuse(context, broken)).Error, after));
            }

            // Admits the reader again. If it is refused, it gets the refusal that a new request would get.
            async Task<bool> Refused(HttpContext asked)
            {
                var action = asked.GetEndpoint()!.Metadata.GetRequiredMetadata<ServesAttribute>().Action;
                if ((await RequestContract.AdmitCaller(asked, action) ?? await source.Obstacle()) is not { } refusal)
                {
                    return false;
                }

                if (asked.Response.HasStarted)
                {
                    await Write(asked, new BrokenRecord(ErrorEnvelope.Of(refusal).Error, after));
                }
                else
                {
                    await ErrorEnvelope.Write(asked, refusal);
                }

                return true;
            }
        }

        private static async Task Write<T>(HttpContext context, T line)
        {
            await JsonSerializer.SerializeAsync(context.Response.Body, line, WireJson.Options, context.RequestAborted);
            await context.Response.Body.WriteAsync(lineBreak, context.RequestAborted);
        }
    }
}
