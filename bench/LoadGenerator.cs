using System.Diagnostics;
using System.Net;

namespace Parle.Bench;

/// <summary>
/// Closed-loop load: each client has one connection and one request on its way. All clients share the one thread that
/// receives (see Program), because this process shares its processors with what it measures.
/// </summary>
internal static class LoadGenerator
{
    /// <summary>Has every client call again and again, first to warm up, then measured.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="clients">The next request of each client.</param>
    /// <param name="time">The time of the measurement.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Measurement> Run(
        IPEndPoint server, IReadOnlyList<Func<ReadOnlyMemory<byte>>> clients, TimeSpan time, CancellationToken cancellation)
    {
        var from = Stopwatch.GetTimestamp() + Ticks(WarmUp(time));
        var until = from + Ticks(time);
        var all = await Task.WhenAll(clients.Select(next => Call(server, next, from, until, cancellation)));
        return Measurement.Of(
            [.. all.SelectMany(client => client.Latencies)], time, all.Sum(client => client.Errors),
            all.Select(client => client.FirstError).FirstOrDefault(error => error is not null));
    }

    private static TimeSpan WarmUp(TimeSpan time) => time < TimeSpan.FromSeconds(4) ? time / 2 : TimeSpan.FromSeconds(2);

    private static async Task<(List<TimeSpan> Latencies, int Errors, string? FirstError)> Call(
        IPEndPoint server, Func<ReadOnlyMemory<byte>> next, long from, long until, CancellationToken cancellation)
    {
        using var connection = await HttpConnection.Open(server, cancellation);
        var latencies = new List<TimeSpan>();
        var (errors, firstError) = (0, (string?)null);
        while (true)
        {
            var sent = Stopwatch.GetTimestamp();
            var status = await connection.Call(next(), cancellation);
            var answered = Stopwatch.GetTimestamp();
            if (status is < 200 or > 299)
            {
                errors++;
                firstError ??= connection.Last();
            }
            else if (answered >= from && answered < until)
            {
                latencies.Add(Stopwatch.GetElapsedTime(sent, answered));
            }

            if (answered >= until)
            {
                return (latencies, errors, firstError);
            }
        }
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
