using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Parle.Domain.Contents;

namespace Parle.Domain.Record;

/// <summary>
/// The canonical text of a fact (RFC 8785), computed from the stored event; all digests are taken over it. Readers of a view get the fact.
/// The room's own log holds its <em>entry</em>, which adds the request that caused it and its places in all views.
/// </summary>
public static class CanonicalFact
{
    /// <summary>The fact as its readers have it.</summary>
    /// <param name="roomID">The room, or the other stream the fact belongs to.</param>
    /// <param name="eventID">The fact's id.</param>
    /// <param name="type">Its stored name.</param>
    /// <param name="at">The time of the fact, to the microsecond, as it is stored.</param>
    /// <param name="data">The fact's data.</param>
    /// <param name="headers">The attribution: <c>actor</c>, <c>principal</c> and <c>authority</c>.</param>
    public static string Of(Guid roomID, Guid eventID, string type, DateTimeOffset at, JsonElement data, JsonElement headers)
    {
        var text = new ArrayBufferWriter<byte>();
        Write(text, Parts(roomID, eventID, type, at, data, headers));
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>The fact as the room's own log has it.</summary>
    /// <param name="roomID">The room.</param>
    /// <param name="eventID">The fact's id.</param>
    /// <param name="type">Its stored name.</param>
    /// <param name="at">The time of the fact.</param>
    /// <param name="data">The fact's data.</param>
    /// <param name="headers">As for <see cref="Of"/>, with <c>placement</c>.</param>
    /// <param name="correlation">The request that caused it.</param>
    public static string EntryOf(
        Guid roomID, Guid eventID, string type, DateTimeOffset at, JsonElement data, JsonElement headers, string? correlation)
    {
        var text = new ArrayBufferWriter<byte>();
        WriteEntry(text, Parts(roomID, eventID, type, at, data, headers), Header(headers, "placement"), correlation);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>Writes the fact, as UTF-8.</summary>
    public static void Write(IBufferWriter<byte> text, FactParts fact)
    {
        WriteBegin(text, fact);
        WriteEnd(text, fact, entry: false, placement: default);
    }

    /// <summary>Writes the fact's entry in the room's own log, as UTF-8.</summary>
    /// <param name="text">The output.</param>
    /// <param name="fact">The fact.</param>
    /// <param name="placement">The fact's placement as canonical JSON; empty for none.</param>
    /// <param name="correlation">The request that caused it.</param>
    public static void WriteEntry(IBufferWriter<byte> text, FactParts fact, ReadOnlySpan<byte> placement, string? correlation)
    {
        WriteBegin(text, fact);
        text.Write("\"correlation\":"u8);
        if (correlation is null)
        {
            text.Write("null"u8);
        }
        else
        {
            CanonicalJson.WriteString(text, correlation);
        }

        text.Write(","u8);
        WriteEnd(text, fact, entry: true, placement);
    }

    // Members in the order of RFC 8785 §3.2.3.
    private static void WriteBegin(IBufferWriter<byte> text, FactParts fact)
    {
        text.Write("{\"actor\":"u8);
        WriteOrNull(text, fact.Actor);
        text.Write(",\"at\":\""u8);
        WriteTime(text, fact.At);
        text.Write("\",\"authority\":"u8);
        WriteOrNull(text, fact.Authority);
        text.Write(","u8);
    }

    private static void WriteEnd(IBufferWriter<byte> text, FactParts fact, bool entry, ReadOnlySpan<byte> placement)
    {
        text.Write("\"data\":"u8);
        text.Write(fact.Data);
        text.Write(",\"event_id\":\""u8);
        WriteID(text, fact.EventID);
        text.Write("\","u8);
        if (entry)
        {
            text.Write("\"placement\":"u8);
            WriteOrNull(text, placement);
            text.Write(","u8);
        }

        text.Write("\"principal\":"u8);
        WriteOrNull(text, fact.Principal);
        text.Write(",\"room_id\":\""u8);
        WriteID(text, fact.StreamID);
        text.Write("\",\"type\":"u8);
        CanonicalJson.WriteString(text, fact.Type);
        text.Write("}"u8);
    }

    private static void WriteOrNull(IBufferWriter<byte> text, ReadOnlySpan<byte> json) => text.Write(json.IsEmpty ? "null"u8 : json);

    private static void WriteID(IBufferWriter<byte> text, Guid id)
    {
        id.TryFormat(text.GetSpan(36), out var written);
        text.Advance(written);
    }

    private static void WriteTime(IBufferWriter<byte> text, DateTimeOffset at)
    {
        at.UtcDateTime.TryFormat(text.GetSpan(27), out var written, "yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        text.Advance(written);
        text.Write("Z"u8);
    }

    private static FactParts Parts(Guid streamID, Guid eventID, string type, DateTimeOffset at, JsonElement data, JsonElement headers) =>
        new(streamID, eventID, type, at)
        {
            Data = Canonical(data),
            Actor = Header(headers, "actor"),
            Principal = Header(headers, "principal"),
            Authority = Header(headers, "authority"),
        };

    private static ReadOnlySpan<byte> Header(JsonElement headers, string name) =>
        headers.TryGetProperty(name, out var value) ? Canonical(value) : default;

    private static ReadOnlySpan<byte> Canonical(JsonElement value)
    {
        var text = new ArrayBufferWriter<byte>();
        CanonicalJson.Write(text, value);
        return text.WrittenSpan;
    }
}

/// <summary>The parts of a fact's canonical text. Each is canonical JSON (RFC 8785) in UTF-8; an absent one is null.</summary>
/// <param name="streamID">The room, or the other stream the fact belongs to.</param>
/// <param name="eventID">The fact's id.</param>
/// <param name="type">Its stored name.</param>
/// <param name="at">The time of the fact.</param>
public readonly ref struct FactParts(Guid streamID, Guid eventID, string type, DateTimeOffset at)
{
    /// <summary>The room, or the other stream the fact belongs to.</summary>
    public Guid StreamID { get; } = streamID;

    /// <summary>The fact's id.</summary>
    public Guid EventID { get; } = eventID;

    /// <summary>Its stored name.</summary>
    public string Type { get; } = type;

    /// <summary>The time of the fact.</summary>
    public DateTimeOffset At { get; } = at;

    /// <summary>The fact's data.</summary>
    public required ReadOnlySpan<byte> Data { get; init; }

    /// <summary>The actor.</summary>
    public required ReadOnlySpan<byte> Actor { get; init; }

    /// <summary>The principal it acted for.</summary>
    public required ReadOnlySpan<byte> Principal { get; init; }

    /// <summary>Its authority chain.</summary>
    public required ReadOnlySpan<byte> Authority { get; init; }
}
