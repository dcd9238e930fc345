namespace Parle.Projections.Replaying;

/// <summary>The result of comparing a view with the record.</summary>
/// <param name="View">The view.</param>
/// <param name="Upto">The position in the record that both have reached.</param>
/// <param name="Rows">The number of rows computed from the record.</param>
/// <param name="Digest">The digest of these rows, in any order.</param>
/// <param name="LiveRows">The number of live rows.</param>
/// <param name="LiveDigest">The digest of the live rows.</param>
/// <param name="Differing">The number of rows that are missing, superfluous or different.</param>
/// <param name="First">The first of these rows.</param>
public sealed record ComparisonResult(
    View View, long Upto, long Rows, string Digest, long LiveRows, string LiveDigest, long Differing, Difference? First)
{
    /// <summary>Whether the view is as the record says.</summary>
    public bool Agrees => Differing == 0;
}

/// <summary>A row that differs from the record.</summary>
/// <param name="Table">The table.</param>
/// <param name="Key">The row's key, as JSON.</param>
/// <param name="Live">The live row as JSON; null when it is missing.</param>
/// <param name="Record">The row as the record gives it; null when there should be none.</param>
public sealed record Difference(string Table, string Key, string? Live, string? Record);
