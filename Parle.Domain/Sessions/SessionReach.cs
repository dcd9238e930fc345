namespace Parle.Domain.Sessions;

/// <summary>
/// How far a token reaches among the sessions of its agent: whatever ends one, takes over its alias or gives it one asks here, and so
/// do affordances. To use a session is another matter: every token of the agent may, as far as it allows anything.
/// </summary>
/// <param name="TokenID">The token.</param>
/// <param name="IsWhole">Whether it is nobody's child, narrowed in nothing, takes part in its room, and has its seat there.</param>
public sealed record SessionReach(Guid TokenID, bool IsWhole)
{
    /// <summary>What a token is told of a session that it does not reach.</summary>
    public static Refusal NotYours { get; } = Refusals.Forbidden with
    {
        Reason = "not_your_session",
        Unlock = "Another token of your agent started this session, and yours is narrower or beside it. Start a session of your own, or "
            + "ask whoever holds the other token.",
    };

    /// <summary>
    /// Why the token may not end a session; null when it may: it started the session, it stands above the token that did, or it
    /// is whole. A session of before its token was recorded is ended by whole tokens alone.
    /// </summary>
    /// <param name="tokens">The tokens of the session, see <see cref="AgentSession.Tokens"/>.</param>
    public Refusal? Obstacle(IReadOnlyList<Guid> tokens) => IsWhole || tokens.Contains(TokenID) ? null : NotYours;
}
