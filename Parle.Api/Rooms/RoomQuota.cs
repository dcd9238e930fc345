using Parle.Domain;

namespace Parle.Api.Rooms;

/// <summary>Whether an agent's principal can have one more room.</summary>
/// <param name="Obstacle">Why not; null when it can.</param>
public sealed record RoomQuota(Refusal? Obstacle);
