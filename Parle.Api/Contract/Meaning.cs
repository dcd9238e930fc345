using System.Collections;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Parle.Api.Writing;
using Parle.Domain.Contents;

namespace Parle.Api.Contract;

/// <summary>What a request's member means when it is not sent. Said or left out, the request is the same.</summary>
/// <param name="json">The value, as JSON.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AbsentAttribute(string json) : Attribute
{
    /// <summary>The value, as JSON.</summary>
    public string Json => json;
}

/// <summary>A body with defaults that depend on its other members.</summary>
internal interface IFilled
{
    /// <summary>The same, with such defaults filled in.</summary>
    object Filled { get; }
}

/// <summary>
/// What a named write says (law 3): its members with their defaults, in canonical JSON. So the order of members, the spelling of texts and numbers, and
/// whether a default was said make no difference. Only a keyed digest is kept, which needs the salts of the contents that the write brought.
/// </summary>
public sealed class Meaning
{
    private const int FormerLength = 32; // Bytes of a fingerprint of versions that neither named the key nor used salts.

    private readonly ServerKey server;
    private readonly string text;
    private readonly string former;

    static Meaning() => WireJson.Options.MakeReadOnly(populateMissingResolver: true); // So that shapes can be asked for.

    private Meaning(ServerKey server, string text, string former) => (this.server, this.text, this.former) = (server, text, former);

    /// <summary>What <paramref name="said"/> means.</summary>
    /// <param name="server">Keeps it from being guessed.</param>
    /// <param name="said">The request, with whatever of its address belongs to it.</param>
    /// <param name="former">The same as versions of before put it together; absent: as <paramref name="said"/>.</param>
    public static Meaning Of(ServerKey server, object said, object? former = null) => new(server, Canonical(said), JsonSerializer.Serialize(former ?? said, WireJson.Options));

    /// <summary>A meaning that is put together already, in canonical JSON.</summary>
    public static Meaning OfText(ServerKey server, string canonical, string? former = null) => new(server, canonical, former ?? canonical);

    /// <summary>What is kept of it.</summary>
    /// <param name="salts">Those of the contents that the write brought.</param>
    public byte[] Fingerprint(params IReadOnlyList<byte[]> salts) => [.. server.ID, .. server.FingerprintOf(text, salts)];

    /// <summary>
    /// Whether a kept answer is the answer to this. Once words that it brought are erased nobody can tell any more: then every repetition is answered
    /// alike, as the first one was, and no guess at the words is confirmed or refuted.
    /// </summary>
    public bool IsOf(KeptAnswer kept) => kept.WordsAreGone || (kept.Fingerprint.Length == FormerLength
        ? server.All.Any(key => CryptographicOperations.FixedTimeEquals(kept.Fingerprint, key.FingerprintOf(former)))
        : server.All.FirstOrDefault(key => kept.Fingerprint.AsSpan().StartsWith(key.ID)) is { } known
            && CryptographicOperations.FixedTimeEquals(kept.Fingerprint.AsSpan(ServerKey.IDLength), known.FingerprintOf(text, kept.Salts!)));

    /// <summary>The canonical text of a request and its parts.</summary>
    public static string Canonical(object said)
    {
        var filled = JsonSerializer.SerializeToElement(Fill(said) ?? new JsonObject(), WireJson.Options);
        try
        {
            return CanonicalJson.Of(filled);
        }
        catch (FormatException)
        {
            return filled.GetRawText(); // It will be refused, or says something that nothing is committed to.
        }
    }

    private static JsonNode? Fill(object? value) => value switch
    {
        null or JsonElement { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => null,
        JsonElement element => JsonSerializer.SerializeToNode(element, WireJson.Options),
        string or JsonNode or IDictionary => JsonSerializer.SerializeToNode(value, WireJson.Options),
        IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(Fill)]),
        _ when WireJson.Options.GetTypeInfo(value.GetType()) is { Kind: JsonTypeInfoKind.Object } shape => Members(value is IFilled open ? open.Filled : value, shape),
        _ => JsonSerializer.SerializeToNode(value, value.GetType(), WireJson.Options),
    };

    private static JsonObject Members(object value, JsonTypeInfo shape)
    {
        var members = new JsonObject();
        foreach (var property in shape.Properties.Where(property => property.Get is not null))
        {
            var member = Fill(property.Get!(value));
            if (member is not null && !(property.AttributeProvider?.GetCustomAttributes(typeof(AbsentAttribute), true) is [AbsentAttribute absent] && JsonNode.DeepEquals(member, JsonNode.Parse(absent.Json))))
            {
                members[property.Name] = member;
            }
        }

        return members;
    }
}

/// <summary>What a request says with its address and its body.</summary>
internal static class RequestMeaning
{
    /// <summary>What <paramref name="context"/> says, with <paramref name="body"/>.</summary>
    public static Meaning Of(HttpContext context, object? body)
    {
        var values = context.Request.RouteValues.OrderBy(value => value.Key, StringComparer.Ordinal).ToList();
        return Meaning.Of(
            context.RequestServices.GetRequiredService<ServerKey>(),
            new { Path = values.Select(value => $"{value.Key}={IDOr(value.Value)}"), Meaning = body },
            new { Path = values.Select(value => $"{value.Key}={value.Value}"), Meaning = body });
    }

    // An id is the same in capitals.
    private static object? IDOr(object? value) => Guid.TryParseExact(value as string, "D", out var id) ? id : value;
}
