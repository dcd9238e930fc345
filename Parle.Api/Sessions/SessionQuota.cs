using Parle.Domain;

namespace Parle.Api.Sessions;

/// <summary>Whether a token can start one more session.</summary>
/// <param name="Obstacle">The reason to refuse it; null for none.</param>
public sealed record SessionQuota(Refusal? Obstacle);
