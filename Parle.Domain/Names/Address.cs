namespace Parle.Domain.Names;

/// <summary>
/// The address of a message: <c>@principal.agent.session</c>, or <c>@principal.agent</c> for the agent's one live session.
/// </summary>
/// <param name="Principal">Handle of the principal.</param>
/// <param name="Agent">Handle of the agent.</param>
/// <param name="Session">Handle of the session; null selects the agent.</param>
public sealed record Address(string Principal, string Agent, string? Session)
{
    /// <summary>Most characters of an address.</summary>
    public const int MaxLength = 253;

    /// <summary>Reads an address; null when <paramref name="text"/> does not have the form of one.</summary>
    public static Address? Parse(string? text)
    {
        if (text is null || text.Length > MaxLength || !text.StartsWith('@'))
        {
            return null;
        }

        var parts = text[1..].Split('.');
        return parts.Length is 2 or 3
            && Handle.FollowsGrammar(parts[0], Handle.MaxLength)
            && Handle.FollowsGrammar(parts[1], Handle.MaxLength)
            && (parts.Length == 2 || Handle.FollowsGrammar(parts[2], SessionAlias.MaxLength))
            ? new(parts[0], parts[1], parts.Length == 3 ? parts[2] : null)
            : null;
    }

    /// <summary>Whether one of its parts is a reserved word.</summary>
    public bool UsesReservedWord => Handle.Reserved.Contains(Principal) || Handle.Reserved.Contains(Agent)
        || (Session is not null && Handle.Reserved.Contains(Session));

    /// <summary>The agent's address, without a session.</summary>
    public Address OfAgent => this with { Session = null };

    /// <inheritdoc/>
    public override string ToString() => Session is null ? $"@{Principal}.{Agent}" : $"@{Principal}.{Agent}.{Session}";
}
