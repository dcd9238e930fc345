using Parle.Domain;

namespace Parle.Api.Sessions;

/// <summary>Whether a token can start one more session.</summary>
/// <param name="Obstacle">Why not; null when it can.</param>
public sealed record SessionQuota(Refusal? Obstacle);
