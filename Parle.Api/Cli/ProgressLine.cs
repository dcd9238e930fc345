using System.Diagnostics;
using System.Globalization;
using Parle.Projections.Replaying;
using Spectre.Console;

namespace Parle.Api.Cli;

/// <summary>The progress of a long command: a bar on a terminal, elsewhere a line now and then.</summary>
internal sealed class ProgressLine : IProgress<ReplayProgress>, IDisposable
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    private readonly TextWriter output;
    private readonly TaskCompletionSource ended = new();
    private readonly Task shown;
    private ProgressContext? bars;
    private ProgressTask? bar;
    private string doing = "";
    private long begun;
    private long lastLine;
    private long doneBefore;

    private ProgressLine(TextWriter output)
    {
        this.output = output;
        if (!Console.IsErrorRedirected)
        {
            var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output) });
            var context = new TaskCompletionSource();
            shown = console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                new RemainingTimeColumn()).StartAsync(async progress =>
                {
                    bars = progress;
                    context.SetResult();
                    await ended.Task;
                });
            context.Task.GetAwaiter().GetResult();
        }
        else
        {
            shown = Task.CompletedTask;
        }
    }

    /// <summary>Shows progress on <paramref name="output"/> until disposed.</summary>
    public static ProgressLine On(TextWriter output) => new(output);

    /// <inheritdoc/>
    public void Report(ReplayProgress value)
    {
        if (doing != value.Doing)
        {
            Complete();
            (doing, begun, lastLine, doneBefore) = (value.Doing, Stopwatch.GetTimestamp(), 0, value.Done);
            bar = bars?.AddTask(Markup.Escape(doing), maxValue: Math.Max(1, value.Total));
        }

        var rate = (value.Done - doneBefore) / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var text = value.Done > doneBefore
            ? string.Create(CultureInfo.InvariantCulture, $"{doing}: {value.Done} of {value.Total}, {rate:0}/s") : doing;
        if (bar is not null)
        {
            (bar.Description, bar.MaxValue, bar.Value) = (Markup.Escape(text), Math.Max(1, value.Total), value.Done);
        }
        else if (lastLine == 0 || Stopwatch.GetElapsedTime(lastLine) > BetweenLines)
        {
            lastLine = Stopwatch.GetTimestamp();
            output.WriteLine(text);
        }
    }

    /// <summary>Shows the present step as complete: its last report may have come some way before its end.</summary>
    public void Complete()
    {
        if (bar is not null)
        {
            bar.Value = bar.MaxValue;
            bar.StopTask();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        bar?.StopTask();
        ended.TrySetResult();
        shown.GetAwaiter().GetResult();
    }
}
