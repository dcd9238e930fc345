using System.Text.Json;
using Parle.Domain.Record;

namespace Parle.Api.Record.Verification;

/// <summary>A trusted key, within its validity.</summary>
/// <param name="Key">The public key.</param>
/// <param name="From">A signature made before does not count; null for no bound.</param>
/// <param name="Until">A signature made after does not count; null for no bound.</param>
/// <param name="Endorsement">A note of the key before it, that names this one; null for none.</param>
public sealed record TrustedKey(NoteKey Key, DateTimeOffset? From, DateTimeOffset? Until, string? Endorsement = null);

/// <summary>The keys that a verifier trusts: the given ones, and the successors of the newest.</summary>
/// <param name="Keys">The keys, each once.</param>
public sealed record KeyRing(IReadOnlyList<TrustedKey> Keys)
{
    /// <summary>The keys of a document such as <c>/.well-known/parle-keys.json</c>, or of a receipt or an export.</summary>
    /// <exception cref="FormatException">An entry is not a key.</exception>
    public static KeyRing Of(IEnumerable<JsonElement> keys) => Of(keys.Select(Read));

    /// <summary>The keys that a user names: each a key, or a file such as <c>/.well-known/parle-keys.json</c>. Null for none.</summary>
    /// <exception cref="FormatException">A name is neither; the message names it.</exception>
    public static KeyRing? Named(IReadOnlyList<string> sources) => sources.Count == 0 ? null : Of(sources.SelectMany(Named));

    /// <summary>
    /// This ring with the successors of its keys from <paramref name="others"/>. Only the newest key of a name can endorse a successor, and
    /// only one. A key stays valid for <see cref="SigningKeys.Overlap"/> after its successor begins.
    /// </summary>
    /// <returns>The ring; the fault when a key endorses two successors.</returns>
    public (KeyRing Ring, Fault? Fault) With(KeyRing others)
    {
        var keys = Keys.ToList();
        foreach (var name in Keys.Select(key => key.Key.Name).Distinct(StringComparer.Ordinal).ToList())
        {
            for (var followed = true; followed;)
            {
                var newest = keys.Where(key => key.Key.Name == name).Aggregate(
                    (one, other) => (other.From ?? DateTimeOffset.MinValue) >= (one.From ?? DateTimeOffset.MinValue) ? other : one);
                var next = others.Keys.Where(other => !keys.Exists(known => IsSame(known, other)) && Endorses(newest, other)).ToList();
                if (next.Count > 1)
                {
                    return (this, new(null, $"key {newest.Key} endorses two others: {next[0].Key} and {next[1].Key}"));
                }

                followed = next.Count == 1;
                if (followed)
                {
                    keys[keys.IndexOf(newest)] =
                        newest with { Until = Earlier(newest.Until, Later(next[0].From!.Value, SigningKeys.Overlap)) };
                    keys.Add(next[0]);
                }
            }
        }

        return (new(keys), null);
    }

    /// <summary>The checkpoint of a note and the name of its signer, or the reason why the note does not count.</summary>
    public (Checkpoint? Checkpoint, string? Signer, string? Why) Read(string text) =>
        SignedNote.Parse(text) is not { } note || Checkpoint.Parse(note.Text) is not { } checkpoint
            || !StrictJson.IsCountable(checkpoint.Size)
            ? (null, null, "it is no signed checkpoint")
            : SignerOf(note, checkpoint.Origin, checkpoint.At) switch
            {
                ({ } signer, _) => (checkpoint, signer, null),
                (_, var why) => (null, null, why),
            };

    /// <summary>The statement of a note and the name of its signer, or the reason why the note does not count.</summary>
    /// <param name="text">The note.</param>
    /// <param name="words">The words that the statement must have.</param>
    public (Statement? Statement, string? Signer, string? Why) Read(string text, IReadOnlyList<string> words) =>
        SignedNote.Parse(text) is not { } note || Statement.Parse(note.Text, words) is not { } statement
            ? (null, null, "it is no signed statement of this kind")
            : SignerOf(note, statement.Origin, statement.At) switch
            {
                ({ } signer, _) => (statement, signer, null),
                (_, var why) => (null, null, why),
            };

    private (string? Signer, string? Why) SignerOf(SignedNote note, string origin, DateTimeOffset at) =>
        Keys.FirstOrDefault(key => note.IsSignedBy(key.Key)) is not { } key ? (null, "no trusted key signed it")
        : !origin.StartsWith($"{key.Key.Name}/rooms/", StringComparison.Ordinal) ? (null, $"{key.Key.Name} cannot sign for {origin}")
        : at < key.From || at > key.Until ? (null, $"its key was not valid at {at:u}")
        : (key.Key.Name, null);

    // Said twice, a key counts within both bounds.
    private static KeyRing Of(IEnumerable<TrustedKey> all)
    {
        var keys = new List<TrustedKey>();
        foreach (var key in all)
        {
            if (keys.FindIndex(known => IsSame(known, key)) is >= 0 and var at)
            {
                keys[at] = keys[at] with
                {
                    From = keys[at].From > key.From || key.From is null ? keys[at].From : key.From,
                    Until = key.Until is { } until ? Earlier(keys[at].Until, until) : keys[at].Until
                };
            }
            else
            {
                keys.Add(key);
            }
        }

        return new(keys);
    }

    private static bool Endorses(TrustedKey key, TrustedKey other) =>
        other is { From: { } from, Endorsement: { } endorsement } && other.Key.Name == key.Key.Name && !(from < key.From)
        && !(from > key.Until)
        && SignedNote.Parse(endorsement) is { } note && note.Text == SigningKeys.EndorsementOf(other.Key, from) && note.IsSignedBy(key.Key);

    private static bool IsSame(TrustedKey one, TrustedKey other) => one.Key.ToString() == other.Key.ToString();

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) => one < other ? one.Value : other;

    // Beyond the last moment that can be written nothing is signed.
    private static DateTimeOffset Later(DateTimeOffset time, TimeSpan by) =>
        time > DateTimeOffset.MaxValue - by ? DateTimeOffset.MaxValue : time + by;

    private static IEnumerable<TrustedKey> Named(string source)
    {
        if (NoteKey.Parse(source) is { } key)
        {
            return [new(key, null, null)];
        }

        try
        {
            return [.. StrictJson.Parse(string.Join('\n', FileText.Lines(source))).List("keys").Select(Read)];
        }
        catch (Exception unreadable)
            when (unreadable is FormatException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new FormatException($"--keys {source} is neither a key of Parle nor a file with keys: {unreadable.Message}", unreadable);
        }
    }

    // As published, or the word alone.
    private static TrustedKey Read(JsonElement key) => key.ValueKind is JsonValueKind.String
        ? new(Parse(key.GetString()!), null, null)
        : new(Parse(key.Text("key")), Time(key, "valid_from"), Time(key, "valid_until"),
            key.Maybe("endorsement") is null ? null : key.Text("endorsement"));

    private static NoteKey Parse(string text) => NoteKey.Parse(text) ?? throw new FormatException($"'{text}' is no key of Parle");

    private static DateTimeOffset? Time(JsonElement key, string name) =>
        key.Maybe(name) is null
            ? null : StrictJson.Time(key.Text(name)) ?? throw new FormatException($"{name} of a key is no time in UTC (RFC 3339)");
}
