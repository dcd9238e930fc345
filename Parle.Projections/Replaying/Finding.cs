namespace Parle.Projections.Replaying;

/// <summary>How a view compares with what the record says it must be.</summary>
/// <param name="View">The view.</param>
/// <param name="Upto">The place of the record that both have come to.</param>
/// <param name="Rows">How many rows the record gives.</param>
/// <param name="Digest">Of all those rows, in any order.</param>
/// <param name="LiveRows">How many rows there are.</param>
/// <param name="LiveDigest">Of those.</param>
/// <param name="Differing">How many rows are missing, or too many, or differ.</param>
/// <param name="First">The first of them.</param>
public sealed record Finding(
    View View, long Upto, long Rows, string Digest, long LiveRows, string LiveDigest, long Differing, Difference? First)
{
    /// <summary>Whether the view is what the record says.</summary>
    public bool Agrees => Differing == 0;
}

/// <summary>A row that is not as the record says.</summary>
/// <param name="Table">The table.</param>
/// <param name="Key">The row's key, as JSON.</param>
/// <param name="Live">The row as it is, as JSON; null when it is missing.</param>
/// <param name="Record">The row as it must be; null when there must be none.</param>
public sealed record Difference(string Table, string Key, string? Live, string? Record);
