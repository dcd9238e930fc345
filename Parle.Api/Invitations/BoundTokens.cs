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
    /// Binds the tokens of the agent whose seat is admitted among <paramref name="facts"/>, if one is. Tokens of other agents must not
    /// tell which room it is.
    /// </summary>
    public static void Bind(IDocumentSession session, Guid roomID, IReadOnlyList<WaitingToken> tokens,
        IReadOnlyList<RecordedFact> facts, Attribution attribution)
    {
        if (facts.FirstOrDefault(fact => fact.Data is SeatAdmitted) is { Data: SeatAdmitted seat, At: var at })
        {
            Bind(session, roomID, tokens.Where(token => token.AgentID == seat.AgentID), seat.SeatID, at, attribution);
        }
    }

    /// <summary>Binds the tokens that were minted while the invitation was being accepted.</summary>
    public static async Task BindLate(
        IDocumentStore store, NpgsqlDataSource database, InvitationRow row, Attribution attribution, CancellationToken cancellation)
    {
        if (row.Kind is not "agent" || await InvitationTokens.Waiting(database, row.InvitationID, cancellation) is not [_, ..] tokens)
        {
            return;
        }

        await using var session = store.LightweightSession();
        Bind(session, row.RoomID, tokens.Where(token => token.AgentID == row.AcceptedAgentID), row.SeatID!.Value, row.AcceptedAt!.Value,
            attribution);
        await session.SaveChangesAsync(cancellation);
    }

    private static void Bind(IDocumentSession session, Guid roomID, IEnumerable<WaitingToken> tokens, Guid seatID,
        DateTimeOffset at, Attribution attribution)
    {
        foreach (var token in tokens)
        {
            session.Events.Append(
                token.TokenID, session.BuildFact(new AgentTokenBound(roomID, seatID), Guid.CreateVersion7(at), at, attribution));
        }
    }
}
