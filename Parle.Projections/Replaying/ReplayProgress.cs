namespace Parle.Projections.Replaying;

/// <summary>The progress of a rebuild.</summary>
/// <param name="Doing">The present step.</param>
/// <param name="Done">The finished part of the step: positions of the record, or rows.</param>
/// <param name="Total">The size of the step; 0 when it is unknown.</param>
public sealed record ReplayProgress(string Doing, long Done, long Total);
