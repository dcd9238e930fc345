using Npgsql;

namespace Parle.Projections.Invitations;

/// <summary>A token that waits until its agent's invitation is accepted.</summary>
/// <param name="TokenID">The token.</param>
/// <param name="AgentID">Its agent.</param>
public sealed record WaitingToken(Guid TokenID, Guid AgentID);

/// <summary>"Which tokens were minted for this invitation?"</summary>
public static class InvitationTokens
{
    /// <summary>
    /// The tokens that wait for an invitation. Any agent can mint one for any invitation: a waiting token proves nothing.
    /// </summary>
    public static Task<IReadOnlyList<WaitingToken>> Waiting(
        NpgsqlDataSource database, Guid invitationID, CancellationToken cancellation) => database.Rows(
            "select token_id, agent_id from parle.agent_tokens where invite_id = $1 and room_id is null and revoked_at is null",
            row => new WaitingToken(row.Get<Guid>("token_id"), row.Get<Guid>("agent_id")), cancellation, invitationID);

    /// <summary>Whether a token was minted for an invitation.</summary>
    public static Task<bool> IsFor(NpgsqlDataSource database, Guid tokenID, Guid invitationID, CancellationToken cancellation) =>
        database.Scalar<bool>(
            "select exists (select 1 from parle.agent_tokens where token_id = $1 and invite_id = $2)", cancellation, tokenID, invitationID);
}
