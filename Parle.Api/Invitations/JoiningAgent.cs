using Marten;
using Npgsql;
using Parle.Api.Accounts;
using Parle.Api.Callers;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Agents;
using Parle.Domain.Invitations;
using Parle.Domain.Names;
using Parle.Domain.Rooms;
using Parle.Domain.Tokens;
using Parle.Projections;
using Parle.Projections.Invitations;

namespace Parle.Api.Invitations;

/// <summary>The agent that joins with a key, and the token that its own is narrowed by.</summary>
/// <param name="PrincipalID">The principal of the agent.</param>
/// <param name="PrincipalHandle">The principal's handle.</param>
/// <param name="AgentID">The agent; a fresh id for a new one.</param>
/// <param name="Handle">Its handle.</param>
/// <param name="New">The registration of a new agent; null for an existing one.</param>
/// <param name="Within">The token that the new one is narrowed by and ends with; null for none.</param>
internal sealed record JoiningAgent(
    Guid PrincipalID, string PrincipalHandle, Guid AgentID, string Handle, AgentRegistered? New, Caller? Within)
{
    /// <summary>The role in which it joins.</summary>
    public required JoinedAs As { get; init; }

    private const string UsualHandle = "assistant";

    /// <summary>Whether the agent is new.</summary>
    public bool IsNew => New is not null;

    /// <summary>Its address.</summary>
    public string Address => new Address(PrincipalHandle, Handle, null).ToString();

    /// <summary>Finds the agent that joins, or returns a refusal.</summary>
    public static async Task<(Refusal? Refusal, JoiningAgent? Joining)> Of(
        NpgsqlDataSource database, AccountLimits bounds, JoinRequest body, Actor? actor, JoinKey key, InvitationMinted terms, Room room,
        CancellationToken cancellation)
    {
        if (actor?.Agent is { } agent)
        {
            // The new token acts for the agent's principal, so it allows no more than the token that the agent presented. A bound on uses
            // is counted in one room, so a token with one cannot be used to join another.
            return agent.Limits.Obstacle(InvitationActions.Join.Id, namesAsk: false, null) is not null || agent.BoundedUses.Count > 0
                || agent.TokenPath.Count >= NarrowToken.MaxDepth || !terms.Key!.Scopes.Intersect(agent.Scopes).Any()
                ? (Refusals.NotInToken, null)
                // A guest stays a guest wherever it joins, and never acts as its host there.
                : (null, new(agent.PrincipalID, agent.PrincipalHandle, agent.AgentID, agent.AgentHandle, null, agent)
                { As = agent.As is JoinedAs.Guest or JoinedAs.HostsAgent ? agent.As.Value : JoinedAs.Itself });
        }

        var (principalID, principalHandle) = actor is null ? (key.IssuerID, key.IssuerHandle) : (actor.PrincipalID, actor.PrincipalHandle);
        if (actor is null && terms.Key!.AgentHandle is { } fixedHandle && body.AgentHandle is { } wish && wish != fixedHandle)
        {
            return (Refusals.ValidationFailed.Because("This key names the agent already: leave agent_handle out."), null);
        }

        var handle = (actor is null ? terms.Key!.AgentHandle : null) ?? body.AgentHandle
            ?? (actor is null
                ? $"guest-{$"{key.ID:N}"[^12..]}" : await JoiningAgents.OnlyHandle(database, principalID, UsualHandle, cancellation));
        if (handle is null)
        {
            return (Refusals.ValidationFailed.Because("You have several agents: say in agent_handle which one joins."), null);
        }

        var registration = new RegisterAgent(principalID, handle, body.DisplayName).Decide();
        if (registration.Refusal is { } wrong)
        {
            return (wrong, null);
        }

        var existing = await JoiningAgents.Find(database, principalID, handle, cancellation);
        if (existing is null && ((actor is null
            ? bounds.GuestObstacle(await JoiningAgents.CountGuests(database, principalID, cancellation)) : null)
            ?? bounds.AgentObstacle(await JoiningAgents.Count(database, principalID, cancellation))) is { } full)
        {
            return (full, null);
        }

        // A key without credentials opens an agent that the host has already only if the host, in person, named it in the key.
        return existing is not null && actor is null
            && !(terms.Key!.AgentHandle is not null && room.Seats.GetValueOrDefault(terms.MinterSeatID) is { AgentID: null })
            ? (Refusals.HandleUnavailable, null)
            : (null, new(principalID, principalHandle, existing ?? Guid.CreateVersion7(), handle,
                existing is null ? (AgentRegistered)registration.Facts[0].Data : null, null)
            {
                As = actor is not null ? JoinedAs.Itself : existing is null ? JoinedAs.Guest : JoinedAs.HostsAgent,
            });
    }

    /// <summary>Records the token, and the agent when it is new, in the transaction of the room's facts.</summary>
    public void Record(
        IDocumentSession session, IReadOnlyList<RecordedFact> facts, InvitationMinted terms, Guid seatID, Guid roomID, Guid tokenID,
        Secret secret, MintedSecrets secrets, IReadOnlyList<KnownAction> known, Attribution by)
    {
        var at = facts[0].At;
        if (New is not null)
        {
            session.Events.StartStream(AgentID, session.BuildFact(New, Guid.CreateVersion7(at), at, by));
        }

        // A join key grants at most what its creator and the presented token both allow. The new token is revoked with the presented one,
        // or with the creator's when the agent is the creator's own.
        var limits = new TokenLimits(terms.Key!.Actions, terms.Key.Asks).And(Within?.Limits, known);
        var token = new AgentTokenMinted(
            AgentID, roomID, Within is null ? terms.Key.Scopes : [.. terms.Key.Scopes.Intersect(Within.Scopes)], ExpiresAt: null)
        {
            SeatID = seatID,
            Path = Within is not null ? [.. Within.TokenPath, Within.TokenID] : PrincipalID == terms.InviterID ? terms.MinterTokens : [],
            Actions = limits.Actions,
            Asks = limits.Asks,
        };
        session.Events.StartStream(tokenID, session.BuildFact(token, Guid.CreateVersion7(at), at, by));
        secrets.Keep(session, secret, CredentialKind.AgentToken.Prefix, tokenID, token.ExpiresAt);
    }
}
