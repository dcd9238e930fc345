using System.Globalization;

namespace Parle.Bench;

/// <summary>The wanted value of a ratio.</summary>
/// <param name="Ratio">The ratio; null where none is wanted.</param>
/// <param name="AtMost">Whether less is better: of times and of memory.</param>
internal sealed record Target(double? Ratio, bool AtMost)
{
    /// <summary>As much of a rate as that, or more.</summary>
    public static Target AtLeast(double ratio) => new(ratio, AtMost: false);

    /// <summary>As long or as large as that, or less. Of two rates: the other one is at most so many times this one.</summary>
    public static Target NoMoreThan(double ratio) => new(ratio, AtMost: true);

    /// <summary>None: the ratio is only told.</summary>
    public static Target None { get; } = new(null, AtMost: false);

    /// <inheritdoc/>
    public override string ToString() =>
        Ratio is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{(AtMost ? "≤" : "≥")} {Ratio:0.##}");
}
