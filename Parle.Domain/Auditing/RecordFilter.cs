namespace Parle.Domain.Auditing;

/// <summary>A filter of facts. A fact passes when all given conditions hold.</summary>
/// <param name="From">Recorded at this moment or later.</param>
/// <param name="Until">Recorded before this moment.</param>
/// <param name="Type">Stored under this name.</param>
/// <param name="Actor">Done by this actor, see <see cref="Attribution.Actor"/>.</param>
/// <param name="Principal">Done for this principal.</param>
/// <param name="Agent">Done by this agent, in any session.</param>
/// <param name="Token">Allowed by this token, or by one minted from it.</param>
/// <param name="Ask">About this ask.</param>
/// <param name="Correlation">Caused by this request.</param>
public sealed record RecordFilter(
    DateTimeOffset? From = null, DateTimeOffset? Until = null, string? Type = null, string? Actor = null, Guid? Principal = null,
    Guid? Agent = null, Guid? Token = null, Guid? Ask = null, string? Correlation = null)
{
    /// <summary>All facts.</summary>
    public static RecordFilter None { get; } = new();
}
