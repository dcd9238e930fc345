using Marten;
using Npgsql;

namespace Parle.Projections.Callers;

/// <summary>A person, as found by a credential.</summary>
/// <param name="PrincipalID">Its principal.</param>
/// <param name="Handle">Its handle.</param>
/// <param name="DisplayName">The name that is shown.</param>
/// <param name="Operators">The operators who linked the identity by which it was found; empty for none.</param>
public sealed record PersonRow(Guid PrincipalID, string Handle, string DisplayName, Guid[] Operators)
{
    private const string ByIdentity = "from parle.identities i join parle.principals p using (principal_id) where i.hash = any($1) and ";

    private static readonly string identitySql = "select p.principal_id, p.handle, p.display_name, i.operators as operators, "
        + $"i.hash as hash {ByIdentity}{OperatorsInForce.NoneDismissed("i.operators")} limit 1";

    private static readonly string sessionSql = "select p.principal_id, p.handle, p.display_name, s.operators as operators "
        + "from parle.person_sessions s join parle.principals p using (principal_id) where s.session_id = $1 and s.ended_at is null and "
        + $"s.expires_at > now() and {OperatorsInForce.NoneDismissed("s.operators")}";

    private static readonly string credentialSql = $"""
        select s.session_id as session_id, p.principal_id, p.handle, p.display_name, s.operators as operators, s.expires_at as expires_at
        from parle.credentials c join parle.person_sessions s on s.session_id = c.subject_id join parle.principals p using (principal_id)
        where c.hash = $1 and s.ended_at is null and s.expires_at > now() and {OperatorsInForce.NoneDismissed("s.operators")}
        """;

    /// <summary>The person of an identity, and the hash that the identity is stored under; null for none.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="hashes">The hashes that it can be stored under, in hex.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<(PersonRow Person, string Hash)?> OfIdentity(
        NpgsqlDataSource database, string[] hashes, CancellationToken cancellation) =>
        await database.Rows(identitySql, row => (Read(row), row.Get<string>("hash")), cancellation, [hashes]) is [var found, ..]
            ? found : null;

    /// <summary>The same within a unit of work.</summary>
    public static async Task<PersonRow?> OfIdentity(IQuerySession session, string[] hashes, CancellationToken cancellation) =>
        (await session.Rows(identitySql, Read, cancellation, [hashes])).FirstOrDefault();

    /// <summary>The person of a session, within a unit of work; null when the session is over.</summary>
    public static async Task<PersonRow?> OfSession(IQuerySession session, Guid sessionID, CancellationToken cancellation) =>
        (await session.Rows(sessionSql, Read, cancellation, sessionID)).FirstOrDefault();

    /// <summary>The person of a session's credential, the session and its end; null when the session is over.</summary>
    public static async Task<(PersonRow Person, Guid SessionID, DateTimeOffset ExpiresAt)?> OfCredential(
        NpgsqlDataSource database, byte[] hash, CancellationToken cancellation) =>
        await database.Rows(
            credentialSql, row => (Read(row), row.Get<Guid>("session_id"), row.Get<DateTimeOffset>("expires_at")), cancellation, hash)
            is [var found, ..] ? found : null;

    /// <summary>Whether a handle is taken.</summary>
    public static async Task<bool> IsTaken(IQuerySession session, string handle, CancellationToken cancellation) =>
        await session.Scalar<bool>("select exists (select from parle.principals where handle = $1)", cancellation, handle);

    private static PersonRow Read(Row row) => new(
        row.Get<Guid>("principal_id"), row.Get<string>("handle"), row.Get<string>("display_name"), row.Get<Guid[]?>("operators") ?? []);
}
