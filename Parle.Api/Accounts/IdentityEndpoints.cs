using System.ComponentModel;
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
using Parle.Projections.Principals;

namespace Parle.Api.Accounts;

/// <summary>By what a person can sign in.</summary>
/// <param name="Identities">Oldest first.</param>
public sealed record IdentityList(IReadOnlyList<IdentityView> Identities)
{
    /// <summary>One, as it is sent.</summary>
    public static IdentityList Example { get; } = new([IdentityView.Example]);
}

/// <summary>An identity of a person. Which address or name it is, the service does not know: it keeps a hash.</summary>
/// <param name="IdentityID">Its id.</param>
/// <param name="Kind"><c>email</c>: whoever reads the mail of an address. <c>oidc</c>: whoever an organisation's identity provider says it
/// is.</param>
/// <param name="Issuer">That provider; null for mail, and where it was not recorded.</param>
/// <param name="LinkedAt">Since when.</param>
/// <param name="LinkedBy"><c>you</c>, by proving it, or <c>operator</c>; null where that was not recorded.</param>
/// <param name="Operator">The operator who linked it; null for none, and for one at the machine itself.</param>
public sealed record IdentityView(
    Guid IdentityID, string Kind, string? Issuer, DateTimeOffset LinkedAt, string? LinkedBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] OperatorName? Operator)
{
    /// <summary>One, as it is sent.</summary>
    public static IdentityView Example { get; } = new(
        new("5f1d7a0c-42be-1c7e-90aa-3d5b8e6f1204"), "email", null, new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero), "you", null);
}

/// <summary>Unlinks an identity.</summary>
/// <param name="EvenTheLast">Whether it may be the last one.</param>
public sealed record UnlinkIdentityRequest(
    [property: Description("Whether it may be the last one by which you can sign in. Absent: no."), Absent("false"),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? EvenTheLast = null)
{
    /// <summary>One that is accepted where there is another one.</summary>
    public static UnlinkIdentityRequest Example { get; } = new(false);
}

/// <summary>Lets a person list the identities that it can sign in by, and unlink them.</summary>
public static class IdentityEndpoints
{
    /// <summary>Lists the identities.</summary>
    [Serves(typeof(AccountActions), nameof(AccountActions.ListIdentities))]
    public static async Task<IResult> List(Person person, NpgsqlDataSource database, CancellationToken cancellation)
    {
        var found = await IdentityQueries.Of(database, person.PrincipalID, cancellation);
        return Results.Json(
            new IdentityList([.. found.Select(row => new IdentityView(
                Of(row.Identity).Turn, row.Identity.Kind, row.Issuer, row.LinkedAt, row.LinkedBy,
                OperatorName.Of(row.OperatorID, row.OperatorLabel)))]),
            WireJson.Options);
    }

    /// <summary>
    /// Unlinks an identity, and ends the sessions that it opened. A concurrent sign-in by it either comes first and is ended, or comes
    /// later and is refused.
    /// </summary>
    [Serves(typeof(AccountActions), nameof(AccountActions.UnlinkIdentity))]
    public static Task<IResult> Unlink(
        Guid identity, UnlinkIdentityRequest body, Actor actor, Write write, IDocumentSession session, TimeProvider clock,
        CancellationToken cancellation)
    {
        return write.Once<Unlinked>(
            session, body, Unlink, (unlinked, _) => new AccessChanged(Results.NoContent(), unlinked.SessionIDs));

        async Task<(Refusal? Refusal, Unlinked? Kept)> Unlink(Attribution by)
        {
            if ((await Linked()).FirstOrDefault(one => one.Turn == identity) is not { } named)
            {
                return (Refusals.NoSuchThing, null);
            }

            foreach (var turn in named.Turns)
            {
                await PrincipalLocks.TakeToo(session, turn, cancellation);
            }

            // Read again: a person who signed in by it before the lock was taken may have had it stored under another server key.
            var linked = await Linked();
            if (linked.FirstOrDefault(one => one.AllHex.Intersect(named.AllHex).Any()) is not { } wanted)
            {
                return (Refusals.NoSuchThing, null);
            }

            var decision = new UnlinkIdentity(wanted.Kind, wanted.Hex, body.EvenTheLast is true).Decide(linked.Count);
            if (decision.Refusal is { } refusal)
            {
                return (refusal, null);
            }

            var now = clock.GetUtcNow();
            session.Events.Append(actor.PrincipalID, session.BuildFact(decision.Facts[0].Data, Guid.CreateVersion7(now), now, by));
            var opened = await PersonSessionQueries.OpenedBy(session, actor.PrincipalID, wanted.AllAuthorities, cancellation);
            return (null, new(await session.EndPersonSessions(opened, clock, by, cancellation)));
        }

        async Task<IReadOnlyList<Identity>> Linked() =>
            [.. (await IdentityQueries.Of(session, actor.PrincipalID, cancellation)).Select(Of)];
    }

    private static Identity Of(StoredIdentity stored) => new(stored.Kind, Convert.FromHexString(stored.Hash))
    {
        OtherHashes = [.. stored.Former.Select(Convert.FromHexString)],
    };

    private sealed record Unlinked(IReadOnlyList<Guid> SessionIDs);
}
