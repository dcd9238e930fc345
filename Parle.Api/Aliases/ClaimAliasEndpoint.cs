using System.ComponentModel;
using Marten;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Registry;
using Parle.Api.Sessions;
using Parle.Api.Wakeups;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Aliases;
using Parle.Domain.Names;
using Parle.Domain.Sessions;
using Parle.Projections.Aliases;
using Wolverine;

namespace Parle.Api.Aliases;

/// <summary>The body of a claim.</summary>
/// <param name="Alias">The name.</param>
/// <param name="ExpectedGeneration">The generation that the caller looked up.</param>
public sealed record ClaimAliasRequest(
    [property: Description("2 to 32 characters of a-z, 0-9 and single hyphens."), AnyText] string? Alias,
    [property: Description("The generation as looked up; 0 for a name that was never claimed.")] long? ExpectedGeneration)
{
    /// <summary>A claim that is accepted.</summary>
    public static ClaimAliasRequest Example { get; } = new("night-shift", 0);
}

/// <summary>A session that has an alias now.</summary>
/// <param name="AgentSessionID">The session.</param>
/// <param name="Alias">Its alias.</param>
/// <param name="Generation">The alias's generation: one more than expected.</param>
/// <param name="Address">Where the session can be reached, and after it whoever takes the alias over.</param>
/// <param name="CreatedAt">When the session started.</param>
/// <param name="ExpiresAt">When its life is over; a claim does not extend it.</param>
public sealed record ClaimedAlias(
    Guid AgentSessionID, string Alias, long Generation, string Address, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>An answer as it is sent.</summary>
    public static ClaimedAlias Example { get; } = new(
        new("019a7c1e-0b44-7a0c-9d3e-5c7b9a1f3d02"), "night-shift", 1, "@alice.builder.night-shift",
        new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero), new(2026, 8, 17, 22, 0, 0, TimeSpan.Zero));
}

/// <summary>Gives the caller's session an alias, and takes it from the session that had it.</summary>
public static class ClaimAliasEndpoint
{
    /// <summary>Claim and supersession are one transaction. The superseded session leaves its rooms before the answer is sent.</summary>
    [Serves(typeof(AliasActions), nameof(AliasActions.ClaimAlias))]
    public static async Task<(IResult Answer, OutgoingMessages Messages)> Claim(
        ClaimAliasRequest body, Caller caller, IDocumentSession session, TimeProvider clock, PrincipalLocks locks,
        Correlation correlation, CancellationToken cancellation)
    {
        if (body.ExpectedGeneration is not { } expected || expected < 0)
        {
            return (new RefusalResult(
                Refusals.ValidationFailed.Because("expected_generation must be the generation that you looked up, 0 or more.")), []);
        }

        var claim = new ClaimAlias(caller.Session!.SessionID, body.Alias, expected) { IsBelowAnother = caller.OwnAbove > 0 };
        await locks.Take(session, caller.AgentID);
        var now = clock.GetUtcNow();
        var (own, _) = await session.Fold<AgentSession>(claim.SessionID, AgentSession.Apply, cancellation);
        var (aliases, version, names) = await AliasQueries.Of(session, caller.AgentID, body.Alias, claim.SessionID, cancellation);
        claim = claim with { Names = names };
        if ((Domain.Sessions.EndSession.Obstacle(own) ?? caller.SessionReach.Obstacle(own!.Tokens) ?? claim.Decide(aliases).Refusal)
            is { } refusal)
        {
            return (new RefusalResult(refusal), []);
        }

        var attribution = caller.Attribution(correlation.ID);
        var claimed = (AliasClaimed)claim.Decide(aliases).Facts[0].Data;
        var leaving = new List<LeaveRooms>();
        if (aliases[claimed.Alias].SessionID is { } previousID)
        {
            var (previous, facts) = await session.Fold<AgentSession>(previousID, AgentSession.Apply, cancellation);
            var superseding = new SupersedeSession(claim.SessionID, caller.SessionReach).Decide(previous, now);
            if (superseding.Refusal is { } notYours)
            {
                return (new RefusalResult(notYours), []);
            }

            foreach (var fact in superseding.Facts)
            {
                session.AppendAt(previousID, facts, fact.Data, now, attribution);
                leaving.Add(new(previousID, attribution));
            }
        }

        session.AppendAt(caller.AgentID, version, claimed, now, attribution);
        var answer = Results.Json(
            new ClaimedAlias(
                claim.SessionID, claimed.Alias, claimed.Generation,
                new Address(caller.PrincipalHandle, caller.AgentHandle, claimed.Alias).ToString(), caller.Session.CreatedAt,
                caller.Session.ExpiresAt),
            WireJson.Options);
        return (new AnswerAfter(new AccessChanged(answer, claim.SessionID), leaving), [.. leaving]);
    }
}
