using Npgsql;
using Parle.Api.Callers;
using Parle.Domain.Invitations;
using Parle.Projections.Invitations;

namespace Parle.Api.Invitations;

/// <summary>Finds an invitation for its invitee.</summary>
public sealed class InviteeLookup(NpgsqlDataSource database, Addresses addresses)
{
    /// <summary>An invitation, and the caller as its possible guest; null when it cannot be one of the caller's.</summary>
    public async Task<(InvitationRow Row, Guest Guest)?> Find(Actor actor, Guid invitationID, CancellationToken cancellation)
    {
        if ((actor.Agent is { } agent && !await InvitationTokens.IsFor(database, agent.TokenID, invitationID, cancellation))
            || await InvitationRow.Find(database, invitationID, cancellation) is not { Kind: not "key" } row)
        {
            return null;
        }

        var identities = row.Kind is "email" && actor.AgentID is null ? await addresses.Of(actor.PrincipalID, cancellation) : [];
        return (row, new(actor.PrincipalID, actor.AgentID, identities));
    }

    /// <summary>Whether the caller accepted the invitation, or its agent did.</summary>
    public static bool Accepted(InvitationRow row, Actor actor) =>
        row.State is "accepted" && row.AcceptedBy == actor.PrincipalID && (actor.AgentID is null || actor.AgentID == row.AcceptedAgentID);
}
