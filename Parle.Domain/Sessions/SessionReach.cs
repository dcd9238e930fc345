namespace Parle.Domain.Sessions;

/// <summary>
/// A token's reach over the sessions of its agent. Ending a session, taking over its alias and giving it one are checked here, and so are
/// affordances. Using a session is different: every token of the agent may use it, within its own limits.
/// </summary>
/// <param name="TokenID">The token.</param>
/// <param name="IsWhole">Whether it has no parent, is not narrowed, can take part in its room, and has its seat there.</param>
public sealed record SessionReach(Guid TokenID, bool IsWhole)
{
    /// <summary>The refusal for a session out of the token's reach.</summary>
    public static Refusal NotYours { get; } = Refusals.Forbidden with
    {
        Reason = "not_your_session",
        Unlock = "Another token of your agent started this session, and yours is narrower or beside it. Start a session of your own, or "
            + "ask the holder of the other token.",
    };

    /// <summary>
    /// The refusal to end a session; null when the token may: it started the session, stands above the token that did, or is whole. A
    /// session from before its token was recorded is ended by whole tokens alone.
    /// </summary>
    /// <param name="tokens">The tokens of the session, see <see cref="AgentSession.Tokens"/>.</param>
    public Refusal? Obstacle(IReadOnlyList<Guid> tokens) => IsWhole || tokens.Contains(TokenID) ? null : NotYours;
}
