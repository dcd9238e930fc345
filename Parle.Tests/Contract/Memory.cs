using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Parle.Tests.Contract;

/// Remembers all that is logged, at every level.
internal sealed class Memory : ILoggerProvider, ILogger
{
    /// For tests that have everything logged: the console need not show it.
    public static (string Name, string Value) AndNoConsole => ("Logging:Console:LogLevel:Default", "None");

    public ConcurrentQueue<string> Lines { get; } = new();

    /// Everything logged as a failure.
    public ConcurrentQueue<string> Errors { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        Lines.Enqueue($"{state}");
        return null;
    }

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Lines.Enqueue($"{formatter(state, exception)} {exception}");
        if (logLevel is LogLevel.Error or LogLevel.Critical) // None is above both, and is what libraries log that want no line.
        {
            Errors.Enqueue($"{formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }
}
