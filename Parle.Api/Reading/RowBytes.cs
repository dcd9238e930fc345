using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Parle.Api.Wire;
using Parle.Domain.Contents;
using Parle.Projections.Rooms;

namespace Parle.Api.Reading;

/// <summary>
/// A row of the wire as bytes, formatted once for all readers. The parts that differ by reader and delivery are left open: the row's
/// position, and the framing of a participant's text.
/// </summary>
/// <remarks>
/// Rows with an author are formatted by hand, because serializing a <see cref="ProjectionRow"/> for each would be most of the cost of a
/// read. A test compares both for every kind of row (Parle.Tests.Rooms.ARowInBytes).
/// </remarks>
public sealed class RowBytes
{
    /// <summary>The number of random bytes in a nonce of the framing.</summary>
    public const int RandomBytes = 16;

    private const int InitialScratch = 4 * 1024;
    private const int MaxScratch = 64 * 1024;

    private static readonly SearchValues<byte> plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Where(c => c is not ('"' or '\\')).Select(c => (byte)c)]);
    private static readonly byte[] noFacts = Format(SafetyFacts.Of(""));
    private static readonly byte[] nobody = Format(RowRendering.Format(null));
    private static readonly byte[] noModeration = Format(RowModeration.None);

    // The parts between the preamble, the nonce, the words and the nonce again.
    private static readonly byte[][] framing = [.. Framing.Frame("\u0001", "\u0001", "\u0001").Split('\u0001')[1..].Select(Escape)];
    private static readonly int around = framing.Sum(part => part.Length) + (3 * 2 * RandomBytes) + FenceStart.Length + 1;

    // A row is put together here. One for each thread: none of them waits in between.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? scratch;

    private readonly ReadOnlyMemory<byte> bytes;
    private readonly int head; // The length of the part before a framed text,
    private readonly int words; // the place of its words among the bytes,
    private readonly int wordsLength;
    private readonly int rest; // and the place of the part after it.

    private RowBytes(ReadOnlyMemory<byte> bytes, int head = 0, int words = 0, int wordsLength = 0, int rest = 0, byte[]? shared = null) =>
        (this.bytes, this.head, this.words, this.wordsLength, this.rest, Shared) = (bytes, head, words, wordsLength, rest, shared);

    /// <summary>The approximate memory size in bytes, without shared parts.</summary>
    public int Size => bytes.Length + 112;

    /// <summary>The end of the row if other rows of its author share it; null when it has its own.</summary>
    public byte[]? Shared { get; }

    private bool IsFramed => rest > 0;

    private static ReadOnlySpan<byte> Start => "{\"seq\":"u8;

    private static ReadOnlySpan<byte> FenceStart => "\",\"fence\":\""u8;

    private static ReadOnlySpan<byte> Opening => "{\"body\":\""u8;

    private static ReadOnlySpan<byte> Closing => "\"}"u8;

    /// <summary>A row in full.</summary>
    /// <param name="row">The row.</param>
    /// <param name="memory">The memory of its bytes; null for memory of its own.</param>
    public static RowBytes Of(TimelineRow row, PooledBytes? memory) => row is { Author: { } author, Redaction: null }
        ? Of(new(row.EventID, row.Type, row.At, row.Addressing, author.ParticipantID, author.Alias, Subject: null,
            Encoding.UTF8.GetBytes(row.Content ?? "{}")), AuthorBytes.Of(author), memory)
        : new(Format(RowRendering.Render(row with { Seq = 0 }, "")).AsMemory(Start.Length + 1));

    /// <summary>A row with a participant's text.</summary>
    /// <param name="row">The row, with its content.</param>
    /// <param name="author">Its author, under the alias of that time.</param>
    /// <param name="memory">The memory of its bytes; null for memory of its own.</param>
    public static RowBytes Of(in StoredRow row, AuthorBytes author, PooledBytes? memory)
    {
        var spelt = scratch ??= new(InitialScratch);
        spelt.ResetWrittenCount();
        spelt.Write(",\"event_id\":\""u8);
        Add(spelt, row.EventID);
        spelt.Write("\",\"event_type\":\""u8);
        Encoding.UTF8.GetBytes(row.Type, spelt);
        spelt.Write("\",\"payload\":"u8);
        var safety = noFacts;
        byte[]? escaped = null;
        int words = spelt.WrittenCount + Opening.Length, length = row.Content!.Length - Opening.Length - Closing.Length;
        if (IsPlain(row.Content))
        {
            spelt.Write(row.Content); // Written as it is stored, and its words are among it.
        }
        else
        {
            var payload = JsonElement.Parse(row.Content);
            var body = payload.TryGetProperty("body", out var text) ? text.GetString()! : "";
            spelt.Write(Format(payload));
            (escaped, safety) = (Escape(body), Format(SafetyFacts.Of(body)));
        }

        spelt.Write(",\"created_at\":\""u8);
        Add(spelt, row.At);
        spelt.Write("\",\"content\":\""u8);
        var head = spelt.WrittenCount;
        if (escaped is not null)
        {
            (words, length) = (head, escaped.Length);
            spelt.Write(escaped);
        }

        var rest = spelt.WrittenCount;
        var shared = safety == noFacts && row.Addressing is null ? author.Rest : null; // Most rows end so, and it is half of them.
        if (shared is null)
        {
            var audience = RowAudience.Read(row.Addressing);
            author.WriteRest(
                spelt, safety, audience is null ? nobody : Format(RowRendering.Format(audience)),
                audience?.Ask is { } ask ? Format(ask) : null);
        }

        var bytes = memory?.Keep(spelt.WrittenSpan) ?? spelt.WrittenSpan.ToArray();
        if (spelt.Capacity > MaxScratch)
        {
            scratch = null; // For one such row.
        }

        return new(bytes, head, words, length, rest, shared);
    }

    /// <summary>The length in bytes at a position, for a reader whose preamble has so many bytes.</summary>
    public int Length(long seq, int preamble) => Start.Length + Digits(seq)
        + (IsFramed ? head + preamble + around + wordsLength + bytes.Length - rest + (Shared?.Length ?? 0) : bytes.Length);

    /// <summary>Writes the row at its position. Its text is framed by the reader's preamble and a nonce of this delivery.</summary>
    /// <param name="to">The output.</param>
    /// <param name="seq">The row's position in the reader's view.</param>
    /// <param name="preamble">The reader's preamble, escaped for JSON.</param>
    /// <param name="random">The bytes of the nonce: <see cref="RandomBytes"/> unpredictable ones.</param>
    public void Write(ref BlockWriter to, long seq, scoped ReadOnlySpan<byte> preamble, scoped ReadOnlySpan<byte> random)
    {
        to.Write(Start);
        to.Write(seq);
        if (!IsFramed)
        {
            to.Write(bytes.Span);
            return;
        }

        var row = bytes.Span;

        Span<byte> fence = stackalloc byte[2 * RandomBytes];
        Convert.TryToHexStringLower(random, fence, out _);
        while (row.Slice(words, wordsLength).IndexOf(fence) >= 0)
        {
            Convert.TryToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes), fence, out _);
        }

        to.Write(row[..head]);
        to.Write(preamble);
        to.Write(framing[0]);
        to.Write(fence);
        to.Write(framing[1]);
        to.Write(row.Slice(words, wordsLength));
        to.Write(framing[2]);
        to.Write(fence);
        to.Write(framing[3]);
        to.Write(FenceStart);
        to.Write(fence);
        to.Write("\""u8);
        to.Write(row[rest..]);
        to.Write(Shared);
    }

    /// <summary>A text, escaped for a JSON string.</summary>
    public static byte[] Escape(string text) => JsonEncodedText.Encode(text, WireJson.Options.Encoder).EncodedUtf8Bytes.ToArray();

    // {"body":"..."} of nothing that is escaped anywhere or looked at twice.
    private static bool IsPlain(ReadOnlySpan<byte> content) =>
        content.StartsWith(Opening) && content.EndsWith(Closing) && content.Length >= Opening.Length + Closing.Length
        && !content[Opening.Length..^Closing.Length].ContainsAnyExcept(plain);

    /// <summary>A value as JSON of the wire.</summary>
    public static byte[] Format<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, WireJson.Options);

    /// <summary>The number of digits of a position.</summary>
    public static int Digits(long seq)
    {
        var digits = 1;
        for (; seq >= 10; seq /= 10)
        {
            digits++;
        }

        return digits;
    }

    private static void Add(ArrayBufferWriter<byte> to, Guid id)
    {
        id.TryFormat(to.GetSpan(36), out var written);
        to.Advance(written);
    }

    // As the wire spells it: to the microsecond, in UTC. See WireJson.Format.
    private static void Add(ArrayBufferWriter<byte> to, DateTimeOffset time)
    {
        Utf8Formatter.TryFormat(time.UtcDateTime, to.GetSpan(32), out var written, 'O');
        to.Advance(written - "0Z".Length);
        to.Write("Z"u8);
    }

    /// <summary>An author as bytes: the members of a row that name it.</summary>
    public sealed class AuthorBytes
    {
        private readonly byte[] provenance;
        private readonly byte[] author;

        private AuthorBytes(byte[] provenance, byte[] author)
        {
            (this.provenance, this.author) = (provenance, author);
            var rest = new ArrayBufferWriter<byte>(1024);
            WriteRest(rest, noFacts, nobody, ask: null);
            Rest = rest.WrittenSpan.ToArray();
        }

        /// <summary>The end of the author's rows without addressees and safety facts.</summary>
        public byte[] Rest { get; }

        /// <summary>Formats an author.</summary>
        public static AuthorBytes Of(TimelineAuthor author)
        {
            var named = RowRendering.AuthorOf(author);
            return new(
                Format(new Provenance(named.Address!, "participant")),
                [.. ",\"participant_id\":"u8, .. Format(named.ParticipantID), .. ",\"author\":"u8, .. Format(named)]);
        }

        /// <summary>Writes the end of a row of this author.</summary>
        public void WriteRest(ArrayBufferWriter<byte> to, byte[] safety, byte[] addressing, byte[]? ask)
        {
            to.Write(",\"provenance\":"u8);
            to.Write(provenance);
            to.Write(",\"safety_facts\":"u8);
            to.Write(safety);
            to.Write(author);
            to.Write(",\"actor\":null,\"addressing\":"u8);
            to.Write(addressing);
            to.Write(",\"moderation\":"u8);
            to.Write(noModeration);
            if (ask is not null)
            {
                to.Write(",\"ask\":"u8);
                to.Write(ask);
            }

            to.Write("}"u8);
        }
    }
}
