using System.Text.Json.Serialization;
using Marten;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Registry;
using Parle.Api.Wakeups;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Principals;
using Parle.Projections;

namespace Parle.Api.Accounts;

/// <summary>The sessions in which a person is signed in.</summary>
/// <param name="Sessions">Newest first.</param>
/// <param name="Next">Pass it back as <c>after</c>; null on the last page.</param>
public sealed record PersonSessionList(IReadOnlyList<PersonSessionView> Sessions, Guid? Next)
{
    /// <summary>One, as it is sent.</summary>
    public static PersonSessionList Example { get; } = new([PersonSessionView.Example], null);
}

/// <summary>A session of a person.</summary>
/// <param name="SessionID">Its id.</param>
/// <param name="Current">Whether it is the one that asks.</param>
/// <param name="Method">How it was opened: <c>email_code</c>, or <c>operator</c> for one that an operator handed out; null where that was
/// not recorded.</param>
/// <param name="Operator">The operator by whom it was opened, or who linked the address by which it was; null for none.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="LastSeenAt">When it was last heard of, to some seconds; null when it was not since.</param>
/// <param name="ExpiresAt">When it is over; nothing extends it.</param>
public sealed record PersonSessionView(
    Guid SessionID, bool Current, string? Method, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] OperatorName? Operator,
    DateTimeOffset CreatedAt, DateTimeOffset? LastSeenAt, DateTimeOffset ExpiresAt)
{
    /// <summary>One, as it is sent.</summary>
    public static PersonSessionView Example { get; } = new(
        new("019a7c50-2a11-7c3b-8c45-2d7f9b3e5a01"), true, "email_code", null, new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero),
        new(2026, 8, 17, 10, 5, 0, TimeSpan.Zero), new(2026, 9, 16, 10, 0, 0, TimeSpan.Zero));
}

/// <summary>An operator of the service, as people see it.</summary>
/// <param name="OperatorID">Which.</param>
/// <param name="Label">What it is called; null for one of another service's record.</param>
public sealed record OperatorName(Guid OperatorID, string? Label);

/// <summary>Sessions were ended.</summary>
/// <param name="Ended">How many.</param>
public sealed record EndedSessions(int Ended)
{
    /// <summary>An answer as it is sent.</summary>
    public static EndedSessions Example { get; } = new(2);
}

/// <summary>A person sees where it is signed in, and ends that. Ends hold from the next call on, on every node.</summary>
public static class PersonSessionEndpoints
{
    /// <summary>A condition on <c>parle.person_sessions s</c>: it lets its person in.</summary>
    private static readonly string Lives = $"s.ended_at is null and s.expires_at > now() and {Operator.NoneDismissed("s.operators")}";

    private static readonly string ListSql = $"""
        select s.session_id, s.method, s.operators[cardinality(s.operators)], o.label, s.created_at, a.last_seen_at, s.expires_at
        from parle.person_sessions s left join parle.session_activity a using (session_id) left join parle.operators o on o.operator_id = s.operators[cardinality(s.operators)]
        where s.principal_id = $1 and s.session_id < $2 and {Lives} order by s.session_id desc limit {Paging.MaxRows + 1}
        """;

    private static readonly string OneSql = "select s.session_id from parle.person_sessions s where s.principal_id = $1 and s.session_id = "
        + $"$2 and {Lives}";

    private static readonly string OthersSql = "select s.session_id from parle.person_sessions s where s.principal_id = $1 and "
        + $"s.session_id <> $2 and {Lives} order by s.session_id";

    /// <summary>Lists them.</summary>
    [Serves(typeof(AccountActions), nameof(AccountActions.ListPersonSessions))]
    public static async Task<IResult> List(
        PageCursor cursor, Person person, NpgsqlDataSource database, SessionActivity activity, HttpContext context)
    {
        var noted = activity.Noted;
        await using var command = database.CreateCommand(ListSql);
        command.Parameters.Add(new() { Value = person.PrincipalID });
        command.Parameters.Add(new() { Value = cursor.After });
        var sessions = new List<PersonSessionView>();
        await using var rows = await command.ExecuteReaderAsync(context.RequestAborted);
        while (await rows.ReadAsync(context.RequestAborted))
        {
            var (id, written) = (rows.GetGuid(0), rows.IsDBNull(5) ? (DateTimeOffset?)null : rows.GetFieldValue<DateTimeOffset>(5));
            sessions.Add(new(
                id, id == person.SessionID, rows.IsDBNull(1) ? null : rows.GetString(1),
                rows.IsDBNull(2) ? null : new(rows.GetGuid(2), rows.IsDBNull(3) ? null : rows.GetString(3)),
                rows.GetFieldValue<DateTimeOffset>(4), noted.TryGetValue(id, out var seen) && !(written > seen) ? seen : written,
                rows.GetFieldValue<DateTimeOffset>(6)));
        }

        var (page, next) = Paging.Fit(sessions, one => one.SessionID);
        return Results.Json(new PersonSessionList(page, next), WireJson.Options);
    }

    /// <summary>Ends one. Of a session that is not one's own, or is over, nobody is told that there is one.</summary>
    [Serves(typeof(AccountActions), nameof(AccountActions.EndPersonSession))]
    public static Task<IResult> End(Actor actor, Write write, IDocumentSession session, TimeProvider clock, HttpContext context) =>
        write.Once<EndedNow>(
            session, body: null,
            async by => WireID.InPath(context, "person_session") is { } id
                && await session.EndPersonSessions(OneSql, clock, by, context.RequestAborted, actor.PrincipalID, id) is [_, ..] ended
                ? (null, new(ended)) : (Refusals.NoSuchThing, null),
            (ended, _) => new Announcing(Results.NoContent(), ended.Signals));

    /// <summary>Ends all but the one that was presented. Who came with a token of its organisation ends all.</summary>
    [Serves(typeof(AccountActions), nameof(AccountActions.EndOtherPersonSessions))]
    public static Task<IResult> EndOthers(
        Person person, Actor actor, Write write, IDocumentSession session, TimeProvider clock, HttpContext context) =>
        write.Once<EndedNow>(
            session, body: null,
            async by => (null, new(await session.EndPersonSessions(
                OthersSql, clock, by, context.RequestAborted, actor.PrincipalID, person.SessionID ?? Guid.Empty))),
            (ended, _) => new Announcing(Results.Json(new EndedSessions(ended.SessionIDs.Count), WireJson.Options), ended.Signals));

    /// <summary>Ends those that <paramref name="sql"/> finds, one after the other: each is its own turn, as for signing out.</summary>
    internal static async Task<IReadOnlyList<Guid>> EndPersonSessions(
        this IDocumentSession session, string sql, TimeProvider clock, Attribution by, CancellationToken cancellation,
        params IReadOnlyList<object?> parameters)
    {
        var now = clock.GetUtcNow();
        var ended = new List<Guid>();
        foreach (var id in await session.Rows(sql, row => row.Get<Guid>("session_id"), cancellation, parameters))
        {
            await PrincipalLocks.TakeToo(session, id, cancellation);
            var facts = await session.Events.FetchStreamAsync(id, token: cancellation);
            foreach (var fact in new EndPersonSession().Decide(facts.Select(fact => fact.Data)).Facts)
            {
                session.Events.Append(id, session.BuildFact(fact.Data, Guid.CreateVersion7(now), now, by)).ExpectedVersionOnServer =
                    facts.Count;
                ended.Add(id);
            }
        }

        return ended;
    }

    private sealed record EndedNow(IReadOnlyList<Guid> SessionIDs)
    {
        [JsonIgnore]
        public IReadOnlyList<Signal> Signals => [.. SessionIDs.Select(id => new Signal(SignalKind.Standing, id))];
    }
}
