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
using Parle.Projections.Principals;

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
public sealed record OperatorName(Guid OperatorID, string? Label)
{
    internal static OperatorName? Of(Guid? operatorID, string? label) => operatorID is { } id ? new(id, label) : null;
}

/// <summary>Sessions were ended.</summary>
/// <param name="Ended">How many.</param>
public sealed record EndedSessions(int Ended)
{
    /// <summary>An answer as it is sent.</summary>
    public static EndedSessions Example { get; } = new(2);
}

/// <summary>Lets a person list its sessions and end them. An end holds from the next call on, on every node.</summary>
public static class PersonSessionEndpoints
{
    /// <summary>Lists the sessions.</summary>
    [Serves(typeof(AccountActions), nameof(AccountActions.ListPersonSessions))]
    public static async Task<IResult> List(
        PageCursor cursor, Person person, NpgsqlDataSource database, SessionActivity activity, CancellationToken cancellation)
    {
        var noted = activity.Noted;
        var found = await PersonSessionQueries.Page(database, person.PrincipalID, cursor.After, Paging.MaxRows + 1, cancellation);
        var sessions = found.Select(row => new PersonSessionView(
            row.SessionID, row.SessionID == person.SessionID, row.Method, OperatorName.Of(row.OperatorID, row.OperatorLabel),
            row.CreatedAt,
            noted.TryGetValue(row.SessionID, out var seen) && !(row.LastSeenAt > seen) ? seen : row.LastSeenAt,
            row.ExpiresAt));
        var (page, next) = Paging.Fit([.. sessions], one => one.SessionID);
        return Results.Json(new PersonSessionList(page, next), WireJson.Options);
    }

    /// <summary>Ends one session. A session that has ended, or another person's, gets the answer of an unknown one.</summary>
    [Serves(typeof(AccountActions), nameof(AccountActions.EndPersonSession))]
    public static Task<IResult> End(
        Guid personSession, Actor actor, Write write, IDocumentSession session, TimeProvider clock, CancellationToken cancellation) =>
        write.Once<EndedNow>(
            session, body: null,
            async by => await PersonSessionQueries.One(session, actor.PrincipalID, personSession, cancellation) is [_, ..] found
                && await session.EndPersonSessions(found, clock, by, cancellation) is [_, ..] ended
                ? (null, new(ended)) : (Refusals.NoSuchThing, null),
            (ended, _) => new AccessChanged(Results.NoContent(), ended.SessionIDs));

    /// <summary>Ends all sessions but the presented one. A caller with a token of its organisation ends all.</summary>
    [Serves(typeof(AccountActions), nameof(AccountActions.EndOtherPersonSessions))]
    public static Task<IResult> EndOthers(
        Person person, Actor actor, Write write, IDocumentSession session, TimeProvider clock, CancellationToken cancellation) =>
        write.Once<EndedNow>(
            session, body: null,
            async by => (null, new(await session.EndPersonSessions(
                await PersonSessionQueries.Others(session, actor.PrincipalID, person.SessionID ?? Guid.Empty, cancellation), clock, by,
                cancellation))),
            (ended, _) => new AccessChanged(Results.Json(new EndedSessions(ended.SessionIDs.Count), WireJson.Options), ended.SessionIDs));

    /// <summary>Ends sessions one by one, each under its own lock, as signing out does.</summary>
    /// <returns>The sessions that had not ended before.</returns>
    internal static async Task<IReadOnlyList<Guid>> EndPersonSessions(
        this IDocumentSession session, IReadOnlyList<Guid> ids, TimeProvider clock, Attribution by, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var ended = new List<Guid>();
        foreach (var id in ids)
        {
            await PrincipalLocks.TakeToo(session, id, cancellation);
            var facts = await session.Events.FetchStreamAsync(id, token: cancellation);
            foreach (var fact in new EndPersonSession().Decide(facts.Select(fact => fact.Data)).Facts)
            {
                session.AppendAt(id, facts.Count, fact.Data, now, by);
                ended.Add(id);
            }
        }

        return ended;
    }

    private sealed record EndedNow(IReadOnlyList<Guid> SessionIDs);
}
