using Parle.Domain;
using PendingCommand = Parle.Api.Platform.Pending<Parle.Api.Writing.RoomCommand, Parle.Api.Writing.RoomOutcome>;

namespace Parle.Api.Writing;

/// <summary>
/// Authors whose commands the database refused recently. Their commands are committed in isolation, one at a time and after all others. So
/// an author of commands that cannot be stored delays only itself. Each writer has its own list, and only the writer uses it.
/// </summary>
internal sealed class Suspects(TimeProvider clock)
{
    private const int MaxRemembered = 1024;

    private static readonly TimeSpan memory = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, DateTimeOffset> until = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, string> lastFailure = [];
    private readonly Dictionary<string, Queue<PendingCommand>> waiting = new(StringComparer.Ordinal);
    private readonly Queue<string> turns = [];

    /// <summary>Whether any isolated command waits.</summary>
    public bool AnyWaits => turns.Count > 0;

    /// <summary>Whether <paramref name="command"/> must be committed in isolation.</summary>
    public bool Includes(RoomCommand command) => IsSuspect(AuthorOf(command)) || IsSuspect(RoomOf(command));

    /// <summary>
    /// Notes that <paramref name="command"/> failed alone. If commands of two authors fail in one room, the room itself is suspect, for all
    /// authors.
    /// </summary>
    public void Note(RoomCommand command)
    {
        var author = AuthorOf(command);
        Remember(author);
        if (lastFailure.TryGetValue(command.RoomID, out var before) && before != author && IsSuspect(before))
        {
            Remember(RoomOf(command));
        }

        if (lastFailure.Count >= MaxRemembered)
        {
            lastFailure.Clear();
        }

        lastFailure[command.RoomID] = author;
    }

    /// <summary>Queues <paramref name="pending"/> in isolation, or refuses it with a retry.</summary>
    public void Put(PendingCommand pending)
    {
        var key = IsSuspect(AuthorOf(pending.Request)) ? AuthorOf(pending.Request) : RoomOf(pending.Request);
        if (!waiting.TryGetValue(key, out var queue))
        {
            waiting[key] = queue = [];
            turns.Enqueue(key);
        }

        if (queue.Count >= RoomWriter.MaxWaitingApart)
        {
            pending.Resolve(new RoomOutcome.Refused(Refusals.ServiceUnavailable with { RetryAfterMs = 1000 }));
            return;
        }

        queue.Enqueue(pending);
    }

    /// <summary>The next command: one of each author in turn.</summary>
    public PendingCommand Next()
    {
        var key = turns.Dequeue();
        var queue = waiting[key];
        var next = queue.Dequeue();
        if (queue.Count > 0)
        {
            turns.Enqueue(key);
        }
        else
        {
            waiting.Remove(key);
        }

        return next;
    }

    private bool IsSuspect(string key) => until.TryGetValue(key, out var end) && clock.GetUtcNow() < end;

    private void Remember(string key)
    {
        var now = clock.GetUtcNow();
        if (until.Count >= MaxRemembered)
        {
            foreach (var over in until.OrderBy(one => one.Value).Take(MaxRemembered / 2).Select(one => one.Key).ToList())
            {
                until.Remove(over);
            }
        }

        until[key] = now + memory;
    }

    // Narrower tokens and sessions can be made at will. So the widest token of the chain counts as the author, or the person.
    private static string AuthorOf(RoomCommand command) =>
        command.Attribution.Authority.FirstOrDefault(step => step.StartsWith("token:", StringComparison.Ordinal))
        ?? $"principal:{command.Attribution.PrincipalID}";

    private static string RoomOf(RoomCommand command) => $"room:{command.RoomID}";
}
