namespace Parle.Samples;

/// <summary>The log of a build, which only this agent has.</summary>
internal static class BuildLog
{
    private static readonly DateTimeOffset Began = new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero);

    private static readonly string[] Lines =
        [.. Enumerable.Range(1, 400)
            .Select(number => number == 217 ? "error price.txt:2: ';' expected" : $"compiled part {number} of 400")];

    public static int Length => Lines.Length;

    /// <summary>The line that matters and its time, and some lines around it.</summary>
    public static (string Line, DateTimeOffset At, string Around) Find(string filter)
    {
        var at = Math.Max(0, Array.FindIndex(Lines, line => line.Contains(filter, StringComparison.Ordinal)));
        return (Lines[at], Began.AddSeconds(at), string.Join('\n', Lines[Math.Max(0, at - 2)..Math.Min(Length, at + 3)]));
    }
}
