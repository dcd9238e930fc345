namespace Parle.Projections.Replaying;

/// <summary>How far a rebuild is.</summary>
/// <param name="Doing">What it does now.</param>
/// <param name="Done">How much of that is done: places of the record, or rows.</param>
/// <param name="Total">How much there is; 0 when that is not known.</param>
public sealed record ReplayProgress(string Doing, long Done, long Total);
