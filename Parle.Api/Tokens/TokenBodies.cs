using System.ComponentModel;
using System.Text.Json.Serialization;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Domain;
using Parle.Domain.Tokens;

namespace Parle.Api.Tokens;

/// <summary>What a person wants a token for.</summary>
public sealed record MintTokenRequest(
    [property: Description("The room it opens. The agent has a seat there."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    Guid? RoomID,
    [property: Description("Or the invitation it is for."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? InviteID,
    [property: Description("Absent: participate; for an invitation claim_invite too."), Unordered,
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Scopes,
    [property: Description("The only actions it allows. Absent: all."), Unordered,
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Actions,
    [property: Description("The only asks it can act on. Absent: all."), Unordered,
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Guid>? Asks,
    [property: Description("When it ends. Absent: never."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    DateTimeOffset? ExpiresAt,
    [property: Description("Or in how many seconds."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? TtlSeconds,
    [property: Description("How many facts it can record, 1 to 100. Absent: any number."),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Uses) : IFilled
{
    /// <summary>What it allows where nothing is said.</summary>
    internal IReadOnlyList<string> UsualScopes =>
        RoomID is null ? [Domain.Tokens.Scopes.Participate, Domain.Tokens.Scopes.ClaimInvite] : [Domain.Tokens.Scopes.Participate];

    object IFilled.Filled => Scopes is { } said && UsualScopes.ToHashSet().SetEquals(said) ? this with { Scopes = null } : this;

    /// <summary>A body that is accepted.</summary>
    public static MintTokenRequest Example { get; } = new(Sessions.EnteredRoom.Example.RoomID, null, null, null, null, null, null, null);

    /// <summary>How far it is to reach, or what is wrong with how that is said.</summary>
    public Refusal? Read(DateTimeOffset now, out Narrowing narrowing) =>
        TokenLife.Read(new(null, Actions, Asks, ExpiresAt, Uses), TtlSeconds, now, out narrowing);
}

/// <summary>How much less than its parent a token is to be.</summary>
public sealed record NarrowTokenRequest(
    [property: Description("Some of your token's scopes. Absent: all of them."), Unordered,
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Scopes,
    [property: Description("The only actions it allows, some of those that yours does. Absent: all of them."), Unordered,
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Actions,
    [property: Description("The only asks it can act on. Absent: those that yours can."), Unordered,
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Guid>? Asks,
    [property: Description("When it ends. Absent: with yours."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    DateTimeOffset? ExpiresAt,
    [property: Description("Or in how many seconds."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? TtlSeconds,
    [property: Description("How many facts it can record, 1 to 100. Absent: as many as yours."),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Uses)
{
    /// <summary>A body that is accepted.</summary>
    public static NarrowTokenRequest Example { get; } = new(null, ["read_projection", "post_message"], null, null, 3600, 1);

    /// <summary>How far it is to reach, or what is wrong with how that is said.</summary>
    public Refusal? Read(DateTimeOffset now, out Narrowing narrowing) =>
        TokenLife.Read(new(Scopes, Actions, Asks, ExpiresAt, Uses), TtlSeconds, now, out narrowing);
}

/// <summary>A token, with the secret that it is.</summary>
/// <param name="AgentTokenID">The token's id, which opens nothing.</param>
/// <param name="AgentID">Whose it is.</param>
/// <param name="RoomID">The room it opens; null while it waits for its invitation.</param>
/// <param name="Token">The token itself. Keep it like a password.</param>
/// <param name="InviteID">The invitation it waits for; null for none.</param>
/// <param name="ParentTokenID">The token above it; null for one that a person minted.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="Actions">The only actions it allows; null for all.</param>
/// <param name="Asks">The only asks it can act on; null for all.</param>
/// <param name="ExpiresAt">When it ends; null for never.</param>
/// <param name="Uses">How many facts it can record; null for any number.</param>
public sealed record MintedToken(
    Guid AgentTokenID, Guid AgentID, Guid? RoomID, string Token, Guid? InviteID, Guid? ParentTokenID, IReadOnlyList<string> Scopes,
    IReadOnlyList<string>? Actions, IReadOnlyList<Guid>? Asks, DateTimeOffset? ExpiresAt, int? Uses)
{
    /// <summary>The token itself, before it is handed over; never kept with the answer.</summary>
    [JsonIgnore]
    internal Secret? Secret { get; init; }

    /// <summary>An answer as it is sent, but for the secret.</summary>
    public static MintedToken Example { get; } = new(
        new("019a7c1d-77aa-7c11-9e02-8d1f3b5a7c04"), Sessions.StartedSession.Example.AgentID, Sessions.EnteredRoom.Example.RoomID,
        "parle_agt_…", null, null, ["participate"], ["read_projection", "post_message"], null, new(2026, 8, 17, 11, 0, 0, TimeSpan.Zero),
        1);

    /// <summary>What is answered of <paramref name="minted"/>, but for the secret.</summary>
    internal static MintedToken Of(Guid tokenID, AgentTokenMinted minted) => new(
        tokenID, minted.AgentID, minted.RoomID, "", minted.InvitationID, minted.Path is [.., var parent] ? parent : null, minted.Scopes,
        minted.Actions, minted.Asks, minted.ExpiresAt, minted.Uses);
}

/// <summary>A page of tokens.</summary>
/// <param name="Tokens">Tokens, newest first.</param>
/// <param name="Next">Where the next page begins; null for none.</param>
public sealed record TokenList(IReadOnlyList<ListedToken> Tokens, string? Next)
{
    /// <summary>An answer as it is sent.</summary>
    public static TokenList Example { get; } = new(
    [
        new(MintedToken.Example.AgentTokenID, MintedToken.Example.AgentID, MintedToken.Example.RoomID, "build", null, null, ["participate"],
            ["read_projection", "post_message"], null, 1, 0, new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero),
            new(2026, 8, 17, 11, 0, 0, TimeSpan.Zero), null, null),
    ], null);
}

/// <summary>A token, without the secret that it is.</summary>
/// <param name="AgentTokenID">The token's id, which opens nothing.</param>
/// <param name="AgentID">Whose it is.</param>
/// <param name="RoomID">The room it opens; null while it waits for its invitation.</param>
/// <param name="RoomHandle">The room's name, if it has one.</param>
/// <param name="InviteID">The invitation it was minted for; null for none.</param>
/// <param name="ParentTokenID">The token above it; null for one that a person minted.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="Actions">The only actions it allows; null for all.</param>
/// <param name="Asks">The only asks it can act on; null for all.</param>
/// <param name="Uses">How many facts it can record; null for any number.</param>
/// <param name="Used">How many it and those below it have recorded; null where that is not counted.</param>
/// <param name="CreatedAt">When it was minted.</param>
/// <param name="ExpiresAt">When it ends; null for never.</param>
/// <param name="LastUsedAt">When something was last done with it, to about five minutes; null for never.</param>
/// <param name="RevokedAt">When it was taken back, by itself or with what it hangs on; null when it was not.</param>
/// <param name="DisplayName">How its agent is shown; only in lists of several agents.</param>
public sealed record ListedToken(
    Guid AgentTokenID, Guid AgentID, Guid? RoomID, string? RoomHandle, Guid? InviteID, Guid? ParentTokenID, IReadOnlyList<string> Scopes,
    IReadOnlyList<string>? Actions, IReadOnlyList<Guid>? Asks, int? Uses, int? Used, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DisplayName = null);

/// <summary>The lifetime of a new token, given as a moment or as a number of seconds.</summary>
internal static class TokenLife
{
    private const long MaxSeconds = 10L * 366 * 24 * 60 * 60;

    public static Refusal? Read(Narrowing said, long? seconds, DateTimeOffset now, out Narrowing narrowing)
    {
        narrowing = seconds is > 0 and <= MaxSeconds ? said with { ExpiresAt = now.AddSeconds(seconds.Value) } : said;
        return seconds is not null && said.ExpiresAt is not null
            ? Refusals.ValidationFailed.Because("Say expires_at or ttl_seconds, and not both.")
            : seconds is < 1 or > MaxSeconds ? Refusals.ValidationFailed.Because($"ttl_seconds must be 1 to {MaxSeconds}.")
            : null;
    }
}
