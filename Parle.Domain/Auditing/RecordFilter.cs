namespace Parle.Domain.Auditing;

/// <summary>Which facts of a record somebody looks for: those for which all that is said holds.</summary>
/// <param name="From">Recorded then or later.</param>
/// <param name="Until">Recorded before that.</param>
/// <param name="Type">Of this stored name.</param>
/// <param name="Actor">Done by, see <see cref="Attribution.Actor"/>.</param>
/// <param name="Principal">Done for.</param>
/// <param name="Agent">Done by this agent, in any session.</param>
/// <param name="Token">Allowed by this token, or by one that was made from it.</param>
/// <param name="Ask">About this ask.</param>
/// <param name="Correlation">Caused by this request.</param>
public sealed record RecordFilter(
    DateTimeOffset? From = null, DateTimeOffset? Until = null, string? Type = null, string? Actor = null, Guid? Principal = null,
    Guid? Agent = null, Guid? Token = null, Guid? Ask = null, string? Correlation = null)
{
    /// <summary>All facts.</summary>
    public static RecordFilter None { get; } = new();
}
