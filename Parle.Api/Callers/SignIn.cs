using Marten;
using Parle.Api.Database;
using Parle.Domain;
using Parle.Domain.Principals;
using Parle.Projections;
using Parle.Projections.Callers;
using Parle.Projections.Principals;

namespace Parle.Api.Callers;

/// <summary>A person who is let in.</summary>
/// <param name="PrincipalID">Its principal.</param>
/// <param name="Handle">Its handle.</param>
/// <param name="DisplayName">How it is shown.</param>
public sealed record KnownPerson(Guid PrincipalID, string Handle, string DisplayName)
{
    /// <summary>The operators who linked the identity that it proved; empty for none.</summary>
    public IReadOnlyList<Guid> Operators { get; init; } = [];
}

/// <summary>Signs people in, and finds them.</summary>
internal static class SignIn
{
    /// <summary>The person of an identity; null for none.</summary>
    public static async Task<KnownPerson?> WhoIs(this IDocumentSession session, Identity identity, CancellationToken cancellation) =>
        Of(await PersonRow.OfIdentity(session, identity.AllHex, cancellation));

    /// <summary>
    /// Waits until nobody else proves or unlinks this identity, and keeps everybody else waiting until the unit of work is over.
    /// </summary>
    public static async Task Lock(
        this IDocumentSession session, Identity identity, PrincipalLocks locks, CancellationToken cancellation)
    {
        await locks.Take(session, identity.Turn);
        foreach (var turn in identity.Turns.Skip(1))
        {
            await PrincipalLocks.TakeToo(session, turn, cancellation);
        }
    }

    /// <summary>Stores an identity that was proved under the newest server key, when it is stored under one that is replaced.</summary>
    public static async Task Rekey(this IDocumentSession session, Identity identity, Guid principalID, DateTimeOffset now,
        Attribution attribution, CancellationToken cancellation)
    {
        if (identity.OtherHashes.Count == 0
            || !await IdentityQueries.LockFormer(session, identity.OtherHex, principalID, identity.KeyID, cancellation))
        {
            return;
        }

        var fact = identity.Link().Rekey().Facts[0];
        session.Events.Append(principalID, session.BuildFact(fact.Data, Guid.CreateVersion7(now), now, attribution));
    }

    /// <summary>Makes it somebody's.</summary>
    public static LinkIdentity Link(this Identity identity) =>
        new(identity.Kind, identity.Hex, identity.Issuer) { Key = identity.KeyID, Former = identity.OtherHex };

    /// <summary>The person of a session; null when it is over.</summary>
    public static async Task<KnownPerson?> WhoIsIn(this IDocumentSession session, Guid sessionID, CancellationToken cancellation) =>
        Of(await PersonRow.OfSession(session, sessionID, cancellation));

    /// <summary>Whether a handle is somebody's already. The database decides between two people who take it at the same moment.</summary>
    public static Task<bool> IsTaken(this IDocumentSession session, string handle, CancellationToken cancellation) =>
        PersonRow.IsTaken(session, handle, cancellation);

    /// <summary>Makes somebody known, with the identity that it proved.</summary>
    public static void Onboard(this IDocumentSession session, Guid principalID, Decision registered, Identity identity, DateTimeOffset now,
        Attribution attribution)
    {
        IEnumerable<NewFact> facts = [.. registered.Facts, .. identity.Link().Decide(principalID, null).Facts];
        session.Events.StartStream(
            principalID, facts.Select(fact => (object)session.BuildFact(fact.Data, Guid.CreateVersion7(now), now, attribution)).ToArray());
    }

    /// <summary>Signs somebody in, with a secret that a repeated request can be answered with again.</summary>
    public static Secret StartSession(
        this IDocumentSession session, Guid sessionID, Guid principalID, MintedSecrets secrets, DateTimeOffset now, Attribution attribution)
    {
        var decision = new StartPersonSession(principalID, "email_code").Decide(now);
        session.Events.StartStream(sessionID,
            decision.Facts.Select(fact => (object)session.BuildFact(fact.Data, Guid.CreateVersion7(now), now, attribution)).ToArray());
        var secret = CredentialKind.PersonSession.Mint();
        secrets.Keep(
            session, secret, CredentialKind.PersonSession.Prefix, sessionID, ((PersonSessionStarted)decision.Facts[0].Data).ExpiresAt);
        return secret;
    }

    /// <summary>Queues several.</summary>
    public static void QueueOperations(this IDocumentSession session, IEnumerable<SqlOperation> operations)
    {
        foreach (var operation in operations)
        {
            session.QueueOperation(operation);
        }
    }

    /// <summary>As whom somebody acts that proved an identity just now.</summary>
    public static Attribution By(
        Identity identity, Guid principalID, Guid? sessionID, string correlation, params IReadOnlyList<Guid> operators) => new(
            sessionID is null ? $"person:{principalID}" : $"person:{principalID}/session:{sessionID}", principalID,
            [.. operators.Select(Operator.InPath), identity.Authority], correlation);

    private static KnownPerson? Of(PersonRow? row) =>
        row is null ? null : new(row.PrincipalID, row.Handle, row.DisplayName) { Operators = row.Operators };
}
