using System.ComponentModel;
using System.Text.Json.Serialization;
using Parle.Api.Registry;
using Parle.Api.Sessions;
using Parle.Api.Wire;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;

namespace Parle.Api.Invitations;

/// <summary>Makes a join key.</summary>
/// <param name="Label">What you call it.</param>
/// <param name="TtlSeconds">How long it is good.</param>
/// <param name="Scopes">What the token will allow.</param>
/// <param name="History">Where the view begins.</param>
/// <param name="Approval">Whether you want to agree first.</param>
/// <param name="AgentHandle">As whom somebody joins who brings no agent.</param>
public sealed record MintJoinKeyRequest(
    [property: Description("What you call it, 1 to 100 characters."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string? Label = null,
    [property: Description("1 to 2592000; a day (86400) is meant where nothing is said."), Absent("86400"),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? TtlSeconds = null,
    [property: Description("participate is meant where nothing is said; only the room's owner, in person, can give more. For agents that "
        + "come with credentials and have rights of their own there: a guest takes part and manages nothing."),
        Absent("""["participate"]"""), Unordered, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    IReadOnlyList<string>? Scopes = null,
    [property: Description("from_admission unless the owner says all."), Absent("\"from_admission\""),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Shape("""{"type":"string","enum":["from_admission","all"]}""")]
    History? History = null,
    [property: Description("Whether you, in person, or the room's owner has to agree before anybody is let in."), Absent("false"),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Approval = null,
    [property: Description("As whom somebody joins who brings no agent; made when you have no agent of that name."),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AgentHandle = null)
{
    /// <summary>One that is accepted.</summary>
    public static MintJoinKeyRequest Example { get; } = new("for Bob's tester", 3600);
}

/// <summary>A join key.</summary>
/// <param name="JoinKeyID">Its id: it can be listed and taken back under it.</param>
/// <param name="RoomID">The room it opens.</param>
/// <param name="Key">The key itself.</param>
/// <param name="Scopes">What the token will allow.</param>
/// <param name="Approval">Whether you have to agree before anybody is let in.</param>
/// <param name="ExpiresAt">When it opens nothing any more.</param>
/// <param name="Next">What to hand over.</param>
/// <param name="Replayed">Whether it was made before, under this <c>Idempotency-Key</c>.</param>
public sealed record MintedJoinKey(
    Guid JoinKeyID, Guid RoomID, string Key, IReadOnlyList<string> Scopes, bool Approval, DateTimeOffset ExpiresAt, JoinCall Next,
    bool Replayed)
{
    /// <summary>One, as it is sent, but for the key.</summary>
    public static MintedJoinKey Example { get; } = new(
        MintedInvite.Example.InviteID, MintedInvite.Example.RoomID, "parle_join_…", ["participate"], false,
        new(2026, 8, 17, 11, 0, 0, TimeSpan.Zero),
        JoinCall.Of("https://parle.example", "parle_join_…", new("3f0c2a4e-7c1b-4d53-9a51-2f6f0e8d1b77")), false);
}

/// <summary>The call that joins.</summary>
/// <param name="Action">The registry's name.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Url">Where.</param>
/// <param name="Curl">The same as a line to paste into a terminal.</param>
/// <param name="Guide">Where the rest is explained.</param>
public sealed record JoinCall(string Action, string Method, string Url, string Curl, string Guide)
{
    /// <summary>The call with <paramref name="key"/> at <paramref name="address"/>, which ends without a slash.</summary>
    /// <param name="address">Where the service is.</param>
    /// <param name="key">The join key.</param>
    /// <param name="idempotencyKey">Makes the call safe to repeat: the answer holds a token, so nobody else must guess it.</param>
    public static JoinCall Of(string address, string key, Guid idempotencyKey) => new(
        "join", "POST", $"{address}/v/join",
        $"curl -sS -X POST {address}/v/join -H '{VersionHeader.Name}: {VersionHeader.Current}' -H '{IdempotencyKey.Header}: "
        + $"{idempotencyKey}' -H 'Content-Type: application/json' -d '{{\"key\":\"{key}\"}}'",
        $"{address}{DiscoveryPaths.Guide}");
}

/// <summary>Joins.</summary>
/// <param name="Key">The join key.</param>
/// <param name="AgentHandle">As whom.</param>
/// <param name="DisplayName">How a new agent is shown.</param>
public sealed record JoinRequest(
    [property: Description("The join key that you were given.")] string? Key,
    [property: Description("As whom you want to be known, where you bring no agent token: 2 to 20 characters of a-z and 0-9, in groups "
        + "joined by single hyphens."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AgentHandle = null,
    [property: Description("How a new agent is shown; its handle unless something is said."),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DisplayName = null) : IFilled
{
    object IFilled.Filled => DisplayName == AgentHandle ? this with { DisplayName = null } : this;

    /// <summary>One, but for the key.</summary>
    public static JoinRequest Example { get; } = new("parle_join_…", "tester");
}

/// <summary>An agent that is in.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="RoomHandle">Its handle; null for none.</param>
/// <param name="SeatID">The agent's seat.</param>
/// <param name="AgentID">The agent.</param>
/// <param name="Address">Its address.</param>
/// <param name="AgentTokenID">The token's id.</param>
/// <param name="Token">The token: send it as <c>Authorization: Bearer</c> from now on.</param>
/// <param name="Next">What to do next, in this order.</param>
/// <param name="Replayed">Whether it joined before, under this <c>Idempotency-Key</c>.</param>
public sealed record JoinedRoom(
    Guid RoomID, string? RoomHandle, Guid SeatID, Guid AgentID, string Address, Guid AgentTokenID, string Token,
    IReadOnlyList<NextCall> Next, bool Replayed)
{
    /// <summary>For whom the agent acts, as an address.</summary>
    public string ActsFor { get; init; } = "";

    /// <summary>Whether it is a guest of the key's maker: it takes part for it, and neither manages nor decides as it.</summary>
    public bool Guest { get; init; }

    /// <summary>One, as it is sent, but for the token.</summary>
    public static JoinedRoom Example { get; } = new(
        MintedInvite.Example.RoomID, "build", Seated.Example.SeatID, Self.Example.AgentID, "@alice.tester",
        new("019a7c32-2a11-7c3b-8c45-2d7f9b3e5a04"), "parle_agt_…",
        [new("start_session", "POST", "/v/agent/sessions"),
            new("enter_room", "POST", $"/v/rooms/{MintedInvite.Example.RoomID}/participants")], false)
    { ActsFor = "@alice", Guest = true };
}

/// <summary>Somebody who waits for the host.</summary>
/// <param name="State">Always <c>waiting</c>.</param>
/// <param name="IdempotencyKey">Send it with the same request: the answer is yours alone.</param>
/// <param name="RetryAfterMs">When to ask again.</param>
/// <param name="Next">What to do meanwhile.</param>
public sealed record WaitingJoin(string State, string IdempotencyKey, int RetryAfterMs, string Next)
{
    /// <summary>One, as it is sent.</summary>
    public static WaitingJoin Example { get; } = Until("3f0c2a4e-7c1b-4d53-9a51-2f6f0e8d1b77");

    /// <summary>The answer to whoever asks under <paramref name="key"/>.</summary>
    public static WaitingJoin Until(string key) =>
        new("waiting", key, 5000, "The host has to agree. Send the same request again, with this Idempotency-Key, until it did.");
}

/// <summary>A room's join keys.</summary>
/// <param name="JoinKeys">Newest first.</param>
/// <param name="Next">Pass it back as <c>after</c>; null on the last page.</param>
public sealed record JoinKeyList(IReadOnlyList<JoinKeyView> JoinKeys, Guid? Next)
{
    /// <summary>One, as it is sent.</summary>
    public static JoinKeyList Example { get; } = new([JoinKeyView.Example], null);
}

/// <summary>A join key, without the key.</summary>
/// <param name="JoinKeyID">Its id.</param>
/// <param name="Label">What it is called; null for nothing.</param>
/// <param name="State"><c>open</c>, <c>waiting</c> for somebody to be let in, <c>used</c>, <c>denied</c>, <c>revoked</c> or
/// <c>expired</c>.</param>
/// <param name="Scopes">What its token allows.</param>
/// <param name="Approval">Whether somebody has to agree.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it opens nothing any more.</param>
/// <param name="UsedAt">When it was used; null before.</param>
/// <param name="AgentID">The agent that joined with it; null before.</param>
/// <param name="SeatID">Its seat; null before.</param>
public sealed record JoinKeyView(
    Guid JoinKeyID, string? Label, string State, IReadOnlyList<string> Scopes, bool Approval, DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt, Guid? AgentID, Guid? SeatID)
{
    /// <summary>What to know before trusting the looks of the label; null for none.</summary>
    public SafetyFacts? SafetyFacts => Label is null ? null : SafetyFacts.Of(Label);

    /// <summary>One, as it is sent.</summary>
    public static JoinKeyView Example { get; } = new(
        MintedInvite.Example.InviteID, "for Bob's tester", "open", ["participate"], false, new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero),
        new(2026, 8, 17, 11, 0, 0, TimeSpan.Zero), null, null, null);
}
