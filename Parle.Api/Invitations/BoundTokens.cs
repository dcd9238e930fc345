using Marten;
using Npgsql;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Rooms;
using Parle.Domain.Tokens;
using Parle.Projections;
using Parle.Projections.Invitations;

namespace Parle.Api.Invitations;

/// <summary>Tokens that were minted for an invitation open its room once it is accepted.</summary>
internal static class BoundTokens
{
    /// <summary>
    /// Those that wait for the invitation, each with its agent. Anybody can mint one for any invitation: that it waits says nothing.
    /// </summary>
    public static async Task<IReadOnlyList<(Guid TokenID, Guid AgentID)>> Of(
        NpgsqlDataSource database, Guid invitationID, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "select token_id, agent_id from parle.agent_tokens where invite_id = $1 and room_id is null and revoked_at is null");
        command.Parameters.Add(new() { Value = invitationID });
        var tokens = new List<(Guid, Guid)>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            tokens.Add((rows.GetGuid(0), rows.GetGuid(1)));
        }

        return tokens;
    }

    /// <summary>
    /// Binds those of the agent whose seat is admitted among <paramref name="facts"/>, if one is. Others must not learn which room it is.
    /// </summary>
    public static void Bind(IDocumentSession session, Guid roomID, IReadOnlyList<(Guid TokenID, Guid AgentID)> tokens,
        IReadOnlyList<RecordedFact> facts, Attribution attribution)
    {
        if (facts.FirstOrDefault(fact => fact.Data is SeatAdmitted) is { Data: SeatAdmitted seat, At: var at })
        {
            Bind(session, roomID, tokens.Where(token => token.AgentID == seat.AgentID), seat.SeatID, at, attribution);
        }
    }

    /// <summary>Binds those that were minted while the invitation was being accepted.</summary>
    public static async Task BindLate(
        IDocumentStore store, NpgsqlDataSource database, InvitationRow row, Attribution attribution, CancellationToken cancellation)
    {
        if (row.Kind is not "agent" || await Of(database, row.InvitationID, cancellation) is not [_, ..] tokens)
        {
            return;
        }

        await using var session = store.LightweightSession();
        Bind(session, row.RoomID, tokens.Where(token => token.AgentID == row.AcceptedAgentID), row.SeatID!.Value, row.AcceptedAt!.Value,
            attribution);
        await session.SaveChangesAsync(cancellation);
    }

    private static void Bind(IDocumentSession session, Guid roomID, IEnumerable<(Guid TokenID, Guid AgentID)> tokens, Guid seatID,
        DateTimeOffset at, Attribution attribution)
    {
        foreach (var (tokenID, _) in tokens)
        {
            session.Events.Append(
                tokenID, session.BuildFact(new AgentTokenBound(roomID, seatID), Guid.CreateVersion7(at), at, attribution));
        }
    }
}
