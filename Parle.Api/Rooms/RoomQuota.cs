using Parle.Domain;

namespace Parle.Api.Rooms;

/// <summary>Whether an agent's principal can have one more room.</summary>
/// <param name="Obstacle">The reason to refuse it; null for none.</param>
public sealed record RoomQuota(Refusal? Obstacle);
