using Marten;
using Npgsql;
using Parle.Api.Contract;
using Parle.Domain;
using Parle.Domain.Principals;
using Parle.Projections;

namespace Parle.Api.Accounts;

/// <summary>A person who is let in.</summary>
/// <param name="PrincipalID">Who.</param>
/// <param name="Handle">Its handle.</param>
/// <param name="DisplayName">How it is shown.</param>
public sealed record KnownPerson(Guid PrincipalID, string Handle, string DisplayName)
{
    /// <summary>The operators who linked the identity that it proved; empty for none.</summary>
    public IReadOnlyList<Guid> Operators { get; init; } = [];
}

/// <summary>Signing people in, and finding out who they are.</summary>
internal static class SignIn
{
    /// <summary>Whose an identity is; null when it is nobody's.</summary>
    public static Task<KnownPerson?> WhoIs(this IDocumentSession session, Identity identity, CancellationToken cancellation) => Find(
        session,
        $"select p.principal_id, p.handle, p.display_name, i.operators from parle.identities i join parle.principals p using (principal_id) where i.hash = $1 and {Operator.NoneDismissed("i.operators")}",
        identity.Hex, cancellation);

    /// <summary>Whose a session is; null when it is over.</summary>
    public static Task<KnownPerson?> WhoIsIn(this IDocumentSession session, Guid sessionID, CancellationToken cancellation) => Find(
        session,
        $"select p.principal_id, p.handle, p.display_name, s.operators from parle.person_sessions s join parle.principals p using (principal_id) where s.session_id = $1 and s.ended_at is null and s.expires_at > now() and {Operator.NoneDismissed("s.operators")}",
        sessionID, cancellation);

    /// <summary>Whether a handle is somebody's already. Two who take it at the same moment are told apart by the database.</summary>
    public static async Task<bool> IsTaken(this IDocumentSession session, string handle, CancellationToken cancellation) =>
        await Find(session, "select principal_id, handle, display_name, null::uuid[] from parle.principals where handle = $1", handle, cancellation) is not null;

    /// <summary>Makes somebody known, with the identity that it proved.</summary>
    public static void Onboard(this IDocumentSession session, Guid principalID, Decision registered, Identity identity, DateTimeOffset now, Attribution attribution)
    {
        IEnumerable<NewFact> facts = [.. registered.Facts, .. new LinkIdentity(identity.Kind, identity.Hex, identity.Issuer).Decide(principalID, null).Facts];
        session.Events.StartStream(principalID, facts.Select(fact => (object)session.BuildFact(fact.Data, Guid.CreateVersion7(now), now, attribution)).ToArray());
    }

    /// <summary>Signs somebody in. The session's secret is computed from its id, so that a repeated request can be answered the same.</summary>
    public static void StartSession(this IDocumentSession session, Guid sessionID, Guid principalID, ServerKey key, DateTimeOffset now, Attribution attribution)
    {
        var decision = new StartPersonSession(principalID, "email_code").Decide(now);
        session.Events.StartStream(sessionID, decision.Facts.Select(fact => (object)session.BuildFact(fact.Data, Guid.CreateVersion7(now), now, attribution)).ToArray());
        session.QueueOperation(Credentials.Keep(key.HashOf(SecretOf(sessionID, key)), sessionID));
    }

    /// <summary>The secret of a session that was started by <see cref="StartSession"/>.</summary>
    public static Secret SecretOf(Guid sessionID, ServerKey key) => key.SecretOf(Secret.PersonPrefix, sessionID);

    /// <summary>As whom somebody acts that proved an identity just now.</summary>
    public static Attribution By(Identity identity, Guid principalID, Guid? sessionID, HttpContext context, params IReadOnlyList<Guid> operators) => new(
        sessionID is null ? $"person:{principalID}" : $"person:{principalID}/session:{sessionID}", principalID, [.. operators.Select(Operator.InPath), identity.Authority], context.TraceIdentifier);

    private static async Task<KnownPerson?> Find(IDocumentSession session, string sql, object parameter, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql) { Parameters = { new() { Value = parameter } } };
        await using var rows = await session.ExecuteReaderAsync(command, cancellation);
        return await rows.ReadAsync(cancellation) ? new(rows.GetGuid(0), rows.GetString(1), rows.GetString(2)) { Operators = rows.IsDBNull(3) ? [] : rows.GetFieldValue<Guid[]>(3) } : null;
    }
}
