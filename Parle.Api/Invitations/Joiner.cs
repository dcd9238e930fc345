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

namespace Parle.Api.Invitations;

/// <summary>The agent that joins with a key, and what its token will be narrowed to.</summary>
/// <param name="PrincipalID">Whose agent it is.</param>
/// <param name="PrincipalHandle">Its principal's handle.</param>
/// <param name="AgentID">Which agent; a fresh id for one that is not there yet.</param>
/// <param name="Handle">Its handle.</param>
/// <param name="New">Its registration, when it is not there yet.</param>
/// <param name="Within">The token that the new one is narrowed by and ends with; null for none.</param>
internal sealed record Joiner(Guid PrincipalID, string PrincipalHandle, Guid AgentID, string Handle, AgentRegistered? New, Caller? Within)
{
    /// <summary>As what it joins.</summary>
    public required JoinedAs As { get; init; }

    private const string UsualHandle = "assistant";
    private const string CountSql = "select count(*) from parle.agents a where a.principal_id = $1 and a.deleted_at is null";

    /// <summary>Whether the agent is not there yet.</summary>
    public bool IsNew => New is not null;

    /// <summary>Its address.</summary>
    public string Address => new Address(PrincipalHandle, Handle, null).ToString();

    /// <summary>Finds out who joins, or why nobody can.</summary>
    public static async Task<(Refusal? Refusal, Joiner? Joiner)> Of(
        NpgsqlDataSource database, AccountLimits bounds, JoinRequest body, Actor? actor, JoinKey key, InvitationMinted terms, Room room,
        CancellationToken cancellation)
    {
        if (actor?.Agent is { } agent)
        {
            // What the host hands over is authority of the agent's principal too: never more than the token that the agent came with. Uses
            // are counted in one room.
            return agent.Limits.Obstacle(InvitationActions.Join.Id, namesAsk: false, null) is not null || agent.BoundedUses.Count > 0
                || agent.TokenPath.Count >= NarrowToken.MaxDepth || !terms.Key!.Scopes.Intersect(agent.Scopes).Any()
                ? (Refusals.NotInToken, null)
                // A guest brings its host along nowhere.
                : (null, new(agent.PrincipalID, agent.PrincipalHandle, agent.AgentID, agent.AgentHandle, null, agent)
                { As = agent.As is JoinedAs.Guest or JoinedAs.HostsAgent ? agent.As.Value : JoinedAs.Itself });
        }

        var (principalID, principalHandle) = actor is null ? (key.IssuerID, key.IssuerHandle) : (actor.PrincipalID, actor.PrincipalHandle);
        if (actor is null && terms.Key!.AgentHandle is { } fixedHandle && body.AgentHandle is { } wish && wish != fixedHandle)
        {
            return (Refusals.ValidationFailed.Because("This key names the agent already: leave agent_handle out."), null);
        }

        var handle = (actor is null ? terms.Key!.AgentHandle : null) ?? body.AgentHandle
            ?? (actor is null ? $"guest-{$"{key.ID:N}"[^12..]}" : await UsualAgent(database, principalID, cancellation));
        if (handle is null)
        {
            return (Refusals.ValidationFailed.Because("You have several agents: say in agent_handle which one joins."), null);
        }

        var registration = new RegisterAgent(principalID, handle, body.DisplayName).Decide();
        if (registration.Refusal is { } wrong)
        {
            return (wrong, null);
        }

        var existing = await Find(database, principalID, handle, cancellation);
        if (existing is null && ((actor is null
            ? bounds.GuestObstacle(await Scalar<long>(database, $"{CountSql} and {TokenQuota.IsGuest}", cancellation, principalID)) : null)
            ?? bounds.AgentObstacle(await Scalar<long>(database, CountSql, cancellation, principalID))) is { } full)
        {
            return (full, null);
        }

        // The host's own agents are not for whoever has a key, unless the host, in person, named one.
        return existing is not null && actor is null
            && !(terms.Key!.AgentHandle is not null && room.Seats.GetValueOrDefault(terms.MinterSeatID) is { AgentID: null })
            ? (Refusals.HandleUnavailable, null)
            : (null, new(principalID, principalHandle, existing ?? Guid.CreateVersion7(), handle,
                existing is null ? (AgentRegistered)registration.Facts[0].Data : null, null)
            {
                As = actor is not null ? JoinedAs.Itself : existing is null ? JoinedAs.Guest : JoinedAs.HostsAgent,
            });
    }

    /// <summary>Records, beside the room's facts, the agent when it is new, and its token.</summary>
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
        secrets.Keep(session, secret, Secret.TokenPrefix, tokenID, token.ExpiresAt);
    }

    private static Task<Guid?> Find(NpgsqlDataSource database, Guid principalID, string handle, CancellationToken cancellation) =>
        Scalar<Guid?>(database, "select agent_id from parle.agents where principal_id = $1 and handle = $2 and deleted_at is null",
            cancellation, principalID, handle);

    // A person's only agent; one of a usual name for a person who has none; null where there are several.
    private static Task<string?> UsualAgent(NpgsqlDataSource database, Guid principalID, CancellationToken cancellation) => Scalar<string?>(
        database, $"select case count(*) when 0 then '{UsualHandle}' when 1 then min(handle) end from parle.agents where principal_id = $1 "
            + "and deleted_at is null", cancellation, principalID);

    private static async Task<T?> Scalar<T>(
        NpgsqlDataSource database, string sql, CancellationToken cancellation, params IReadOnlyList<object> parameters)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters.Select(value => new NpgsqlParameter { Value = value }).ToArray());
        return await command.ExecuteScalarAsync(cancellation) is T value ? value : default;
    }
}
