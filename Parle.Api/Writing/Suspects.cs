using Parle.Domain;

namespace Parle.Api.Writing;

/// <summary>
/// Whose commands the database refused not long ago. They are committed apart, one at a time and after everybody else's, so that whoever
/// sends what cannot be kept pays for it, and the batches of its neighbours go through. A writer has its own; only the writer touches it.
/// </summary>
internal sealed class Suspects(TimeProvider clock)
{
    private const int MaxRemembered = 1024;

    private static readonly TimeSpan memory = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, DateTimeOffset> until = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, string> lastFailure = [];
    private readonly Dictionary<string, Queue<PendingCommand>> waiting = new(StringComparer.Ordinal);
    private readonly Queue<string> turns = [];

    /// <summary>Whether any command waits apart.</summary>
    public bool AnyWaits => turns.Count > 0;

    /// <summary>Whether <paramref name="command"/> is to be committed apart.</summary>
    public bool Includes(RoomCommand command) => IsSuspect(AuthorOf(command)) || IsSuspect(RoomOf(command));

    /// <summary>
    /// Remembers that <paramref name="command"/> failed alone. When commands of two authors fail in one room, it is the room that is
    /// broken, whoever speaks there.
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

    /// <summary>Lets <paramref name="pending"/> wait apart, or asks its caller to come back.</summary>
    public void Put(PendingCommand pending)
    {
        var key = IsSuspect(AuthorOf(pending.Command)) ? AuthorOf(pending.Command) : RoomOf(pending.Command);
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

    /// <summary>The command whose turn it is: one of each author, around.</summary>
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

    // Narrower tokens are minted at will, and so are sessions: the widest token answers for all of them, and a person for itself.
    private static string AuthorOf(RoomCommand command) =>
        command.Attribution.Authority.FirstOrDefault(step => step.StartsWith("token:", StringComparison.Ordinal))
        ?? $"principal:{command.Attribution.PrincipalID}";

    private static string RoomOf(RoomCommand command) => $"room:{command.RoomID}";
}
