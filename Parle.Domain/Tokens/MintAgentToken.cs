namespace Parle.Domain.Tokens;

/// <summary>Mints a token for an agent that has a seat in the room.</summary>
/// <param name="AgentID">Whose token it is.</param>
/// <param name="RoomID">The one room it opens.</param>
/// <param name="Scopes">What it allows, at least one of <see cref="Scopes.All"/>.</param>
public sealed record MintAgentToken(Guid AgentID, Guid RoomID, IReadOnlyList<string> Scopes)
{
    /// <summary>Decides, knowing the room the token is for.</summary>
    public Decision Decide(Rooms.Room room) =>
        room.SeatOf(AgentID) is null ? Refusals.ValidationFailed.Because("The agent needs a seat in the room first.")
        : Scopes.Count == 0 || Scopes.Except(Tokens.Scopes.All).Any() ? Refusals.ValidationFailed.Because($"Scopes are one or more of {string.Join(", ", Tokens.Scopes.All)}.")
        : Decision.Record(new AgentTokenMinted(AgentID, RoomID, [.. Scopes.Distinct()], ExpiresAt: null) { SeatID = room.SeatOf(AgentID)!.SeatID });
}
