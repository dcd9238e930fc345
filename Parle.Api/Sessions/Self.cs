using System.Text.Json.Serialization;
using Parle.Api.Registry;

namespace Parle.Api.Sessions;

/// <summary>Who a token acts as, and where it can go.</summary>
/// <param name="AgentID">The agent.</param>
/// <param name="Address">The agent's address.</param>
/// <param name="Principal">For whom it acts.</param>
/// <param name="Scopes">What the token allows.</param>
/// <param name="Rooms">The rooms that the token opens.</param>
/// <param name="Next">The next call to make.</param>
public sealed record Self(
    Guid AgentID, string Address, PrincipalName Principal, IReadOnlyList<string> Scopes, IReadOnlyList<RoomName> Rooms, NextCall Next)
{
    /// <summary>
    /// Whether it is a guest of its principal: it takes part for it, and neither manages nor decides as it. Absent when not.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Guest { get; init; }

    /// <summary>An answer as it is sent.</summary>
    public static Self Example { get; } = new(
        new("019a7c1d-33c2-7f0d-b1a9-4e6c8d0f2b02"), "@alice.builder", PrincipalName.Example, ["participate"], [RoomName.Example],
        new("start_session", "POST", "/v/agent/sessions"));
}

/// <summary>For whom an agent acts.</summary>
/// <param name="PrincipalID">The person or organisation.</param>
/// <param name="Handle">Its handle.</param>
public sealed record PrincipalName(Guid PrincipalID, string Handle)
{
    internal static PrincipalName Example { get; } = new(new("019a7c1d-0a11-7c3b-8c45-2d7f9b3e5a01"), "alice");
}

/// <summary>A room that a token opens.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="RoomHandle">Its handle.</param>
public sealed record RoomName(Guid RoomID, string? RoomHandle)
{
    internal static RoomName Example { get; } = new(new("019a7c1d-9c0e-7b7e-a3f1-0f2b4c6d8e01"), "build");
}

/// <summary>A call that makes sense now.</summary>
/// <param name="Action">The registry's name.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">The path, filled in.</param>
public sealed record NextCall(string Action, string Method, string Path)
{
    /// <summary>A call of <paramref name="action"/> in <paramref name="roomID"/>.</summary>
    public static NextCall To(ParleAction action, Guid? roomID) =>
        new(action.Id, action.Method,
            roomID is { } id ? action.Path.Replace("{room}", id.ToString(), StringComparison.Ordinal) : action.Path);
}
