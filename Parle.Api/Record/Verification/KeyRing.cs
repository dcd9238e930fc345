using System.Globalization;
using System.Text.Json;
using Parle.Domain.Record;

namespace Parle.Api.Record.Verification;

/// <summary>The keys that a verifier trusts: those it was given, and those that they endorse.</summary>
/// <param name="Keys">With the times within which they count; null for no bound.</param>
public sealed record KeyRing(IReadOnlyList<(NoteKey Key, DateTimeOffset? From, DateTimeOffset? Until)> Keys)
{
    /// <summary>The keys of a document such as <c>/.well-known/parle-keys.json</c>, or of a receipt or an export.</summary>
    public static KeyRing Of(JsonElement keys) => new([.. keys.EnumerateArray().Select(Read)]);

    /// <summary>The keys that somebody names: each one a key, or a file such as <c>/.well-known/parle-keys.json</c>. Null for none.</summary>
    public static KeyRing? Named(IReadOnlyList<string> sources) => sources.Count == 0 ? null : new([.. sources.SelectMany(Named)]);

    /// <summary>The same, with those of <paramref name="others"/> that one of these endorses.</summary>
    public KeyRing With(JsonElement others)
    {
        var keys = Keys.ToList();
        foreach (var other in others.EnumerateArray().Where(other => other.ValueKind is JsonValueKind.Object))
        {
            if (Read(other) is var read && keys.All(known => known.Key.ToString() != read.Key.ToString())
                && other.TryGetProperty("endorsement", out var text) && text.GetString() is { } endorsement && SignedNote.Parse(endorsement) is { } note
                && note.Text == SigningKeys.EndorsementOf(read.Key, read.From!.Value) && keys.Any(known => note.IsSignedBy(known.Key) && !(read.From > known.Until)))
            {
                keys.Add(read);
            }
        }

        return this with { Keys = keys };
    }

    /// <summary>The checkpoint of a note, or why it does not count.</summary>
    public (Checkpoint? Checkpoint, string? Why) Read(string text)
    {
        if (SignedNote.Parse(text) is not { } note || Checkpoint.Parse(note.Text) is not { } checkpoint)
        {
            return (null, "it is no signed checkpoint");
        }

        var (key, from, until) = Keys.FirstOrDefault(key => note.IsSignedBy(key.Key));
        return key is null ? (null, "no trusted key signed it")
            : !checkpoint.Origin.StartsWith($"{key.Name}/rooms/", StringComparison.Ordinal) ? (null, $"{key.Name} cannot sign for {checkpoint.Origin}")
            : checkpoint.At < from || checkpoint.At > until ? (null, $"its key was not valid at {checkpoint.At:u}")
            : (checkpoint, null);
    }

    private static IEnumerable<(NoteKey Key, DateTimeOffset? From, DateTimeOffset? Until)> Named(string source) => NoteKey.Parse(source) is { } key
        ? [(key, null, null)]
        : Of(JsonElement.Parse(File.ReadAllText(source)).GetProperty("keys")).Keys;

    // As published, or the word alone.
    private static (NoteKey Key, DateTimeOffset? From, DateTimeOffset? Until) Read(JsonElement key) => key.ValueKind is JsonValueKind.String
        ? (Parse(key.GetString()!), null, null)
        : (Parse(key.GetProperty("key").GetString()!), Time(key, "valid_from"), Time(key, "valid_until"));

    private static NoteKey Parse(string text) => NoteKey.Parse(text) ?? throw new FormatException($"'{text}' is no key of Parle.");

    private static DateTimeOffset? Time(JsonElement key, string name) =>
        key.TryGetProperty(name, out var time) && time.ValueKind is JsonValueKind.String ? DateTimeOffset.Parse(time.GetString()!, CultureInfo.InvariantCulture) : null;
}
