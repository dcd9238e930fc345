namespace Parle.Domain.Principals;

/// <summary>A person or organisation is known to the service from now on.</summary>
public sealed record PrincipalRegistered(string Handle, string DisplayName);

/// <summary>Makes a person or organisation known. Its handle is unique in the service.</summary>
/// <param name="Handle">The first part of its address.</param>
/// <param name="DisplayName">The name shown to people, 1 to 100 characters; the handle when absent.</param>
public sealed record RegisterPrincipal(string Handle, string? DisplayName)
{
    /// <summary>Most characters of a display name.</summary>
    public const int MaxDisplayName = 100;

    /// <summary>Decides. A unique index of the database decides whether the handle is free.</summary>
    public Decision Decide() =>
        Names.Handle.Obstacle(Handle) is { } refusal ? refusal
        : (DisplayName is null ? null : Line.NameObstacle("display_name", DisplayName, MaxDisplayName)) is { } wrong ? wrong
        : Decision.Record(new PrincipalRegistered(Handle, DisplayName ?? Handle));
}
