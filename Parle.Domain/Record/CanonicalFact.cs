using System.Globalization;
using System.Text;
using System.Text.Json;
using Parle.Domain.Contents;

namespace Parle.Domain.Record;

/// <summary>
/// The one text of a fact (RFC 8785), computed again from what is stored: over it go all digests. Readers of a view get the fact;
/// the room's own log holds more of it, its <em>entry</em>: the request that caused it and where it stands in all views.
/// </summary>
public static class CanonicalFact
{
    /// <summary>The fact, as whoever may see it has it.</summary>
    /// <param name="roomID">The room, or whatever stream the fact is of.</param>
    /// <param name="eventID">Which fact.</param>
    /// <param name="type">Its stored name.</param>
    /// <param name="at">When it happened; told to the microsecond, as it is stored.</param>
    /// <param name="data">What it says.</param>
    /// <param name="headers">Who acted, for whom and by what right: <c>actor</c>, <c>principal</c> and <c>authority</c>.</param>
    public static string Of(Guid roomID, Guid eventID, string type, DateTimeOffset at, JsonElement data, JsonElement headers) =>
        Text(roomID, eventID, type, at, data, headers, entry: "", placement: "");

    /// <summary>The fact as the room's own log has it.</summary>
    /// <param name="roomID">The room.</param>
    /// <param name="eventID">Which fact.</param>
    /// <param name="type">Its stored name.</param>
    /// <param name="at">When it happened.</param>
    /// <param name="data">What it says.</param>
    /// <param name="headers">As for <see cref="Of"/>, with <c>placement</c>.</param>
    /// <param name="correlation">The request that caused it.</param>
    public static string EntryOf(Guid roomID, Guid eventID, string type, DateTimeOffset at, JsonElement data, JsonElement headers, string? correlation) =>
        Text(
            roomID, eventID, type, at, data, headers,
            $"\"correlation\":{(correlation is null ? "null" : Canonical(correlation))},",
            $"\"placement\":{(headers.TryGetProperty("placement", out var placement) ? CanonicalJson.Of(placement) : "null")},");

    // Members in the order of RFC 8785 §3.2.3.
    private static string Text(Guid roomID, Guid eventID, string type, DateTimeOffset at, JsonElement data, JsonElement headers, string entry, string placement) =>
        new StringBuilder(512)
            .Append("{\"actor\":").Append(Header(headers, "actor"))
            .Append(",\"at\":\"").Append(at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture)).Append("Z\"")
            .Append(",\"authority\":").Append(Header(headers, "authority")).Append(',')
            .Append(entry)
            .Append("\"data\":").Append(CanonicalJson.Of(data))
            .Append(CultureInfo.InvariantCulture, $",\"event_id\":\"{eventID:D}\",")
            .Append(placement)
            .Append("\"principal\":").Append(Header(headers, "principal"))
            .Append(CultureInfo.InvariantCulture, $",\"room_id\":\"{roomID:D}\",\"type\":").Append(Canonical(type)).Append('}')
            .ToString();

    private static string Header(JsonElement headers, string name) => headers.TryGetProperty(name, out var value) ? CanonicalJson.Of(value) : "null";

    private static string Canonical(string text) => CanonicalJson.Of(JsonSerializer.SerializeToElement(text));
}
