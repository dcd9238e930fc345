using Parle.Domain.Rooms;

namespace Parle.Api.Provisioning;

/// <summary>The things that would exist by now, had they been made.</summary>
internal sealed record Rehearsal
{
    public Dictionary<string, Guid> Principals { get; } = [];

    public Dictionary<string, Guid> Identities { get; } = [];

    public Dictionary<(Guid PrincipalID, string Handle), Guid> Agents { get; } = [];

    public Dictionary<(Guid OwnerID, string Handle), Guid> RoomIDs { get; } = [];

    public Dictionary<Guid, Room?> Rooms { get; } = [];
}
