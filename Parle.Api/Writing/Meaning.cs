using System.Collections;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain.Contents;

namespace Parle.Api.Writing;

/// <summary>
/// The meaning of a named write (law 3): its members with their defaults, in canonical JSON. So the order of members and of sets, the
/// spelling of texts and numbers, and an explicit default make no difference. Only a keyed digest is stored. Computing it takes the salts
/// of the contents that the write brought.
/// </summary>
public sealed class Meaning
{
    private const int FormerLength = 32; // The bytes of older fingerprints, which neither named the server key nor used salts.

    private readonly ServerKey server;
    private readonly string text;
    private readonly string former;
    private readonly Func<IEnumerable<string>> before; // The forms in which earlier versions, which already named the key, built it.

    static Meaning() => WireJson.Options.MakeReadOnly(populateMissingResolver: true); // Allows the types' shapes to be queried.

    private Meaning(ServerKey server, string text, string former, Func<IEnumerable<string>> before) =>
        (this.server, this.text, this.former, this.before) = (server, text, former, before);

    /// <summary>The meaning of <paramref name="said"/>.</summary>
    /// <param name="server">The server key, which keeps the digest from being guessed.</param>
    /// <param name="said">The request, with the relevant parts of its path.</param>
    /// <param name="former">The same as earlier versions built it; absent: as <paramref name="said"/>.</param>
    public static Meaning Of(ServerKey server, object said, object? former = null) => new(
        server, Canonical(said), JsonSerializer.Serialize(former ?? said, WireJson.Options),
        () => [Canonical(said, new(Sets: false, Defaults: true)), Canonical(said, new(Sets: false, Defaults: false))]);

    /// <summary>A meaning that is canonical JSON already.</summary>
    /// <param name="server">The server key, which keeps the digest from being guessed.</param>
    /// <param name="canonical">The request.</param>
    /// <param name="former">The same as earlier versions built it; absent: the same.</param>
    public static Meaning OfText(ServerKey server, string canonical, string? former = null) =>
        new(server, canonical, former ?? canonical, () => former is null ? [] : [former]);

    /// <summary>The digest to store.</summary>
    /// <param name="salts">The salts of the contents that the write brought.</param>
    public byte[] Fingerprint(params IReadOnlyList<byte[]> salts) => [.. server.ID, .. server.FingerprintOf(text, salts)];

    /// <summary>
    /// Whether a stored record belongs to this write. Once its content is erased nothing can be compared. Then every repetition gets the
    /// first answer, so that no guess at the content is confirmed or refuted.
    /// </summary>
    public bool IsOf(IdempotencyRecord kept) => kept.IsContentErased || (kept.Fingerprint.Length == FormerLength
        ? server.All.Any(key => CryptographicOperations.FixedTimeEquals(kept.Fingerprint, key.FingerprintOf(former)))
        : server.All.FirstOrDefault(key => kept.Fingerprint.AsSpan().StartsWith(key.ID)) is { } known
            && before().Prepend(text).Any(one => CryptographicOperations.FixedTimeEquals(
                kept.Fingerprint.AsSpan(ServerKey.IDLength), known.FingerprintOf(one, kept.Salts!))));

    /// <summary>The canonical text of a request.</summary>
    public static string Canonical(object said) => Canonical(said, new(Sets: true, Defaults: true));

    private static string Canonical(object said, Rules rules) => Canonical(Fill(said, rules) ?? new JsonObject());

    private static string Canonical(JsonNode filled)
    {
        var element = JsonSerializer.SerializeToElement(filled, WireJson.Options);
        try
        {
            return CanonicalJson.Of(element);
        }
        catch (FormatException)
        {
            return element.GetRawText(); // Such a request will be refused, or this part has no commitment.
        }
    }

    private static JsonNode? Fill(object? value, Rules rules) => value switch
    {
        null or JsonElement { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => null,
        JsonElement element => JsonSerializer.SerializeToNode(element, WireJson.Options),
        string or JsonNode or IDictionary => JsonSerializer.SerializeToNode(value, WireJson.Options),
        IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(item => Fill(item, rules))]),
        _ when WireJson.Options.GetTypeInfo(value.GetType()) is { Kind: JsonTypeInfoKind.Object } shape =>
            Members(rules.Defaults && value is IFilled open ? open.Filled : value, shape, rules),
        _ => JsonSerializer.SerializeToNode(value, value.GetType(), WireJson.Options),
    };

    private static JsonObject Members(object value, JsonTypeInfo shape, Rules rules)
    {
        var members = new JsonObject();
        foreach (var property in shape.Properties.Where(property => property.Get is not null))
        {
            var member = Fill(property.Get!(value), rules);
            if (rules.Sets && member is not null && Mark<UnorderedAttribute>(property) is { } unordered)
            {
                member = InOrder(member, unordered.Names);
            }

            if (member is not null && !(rules.Defaults && Mark<AbsentAttribute>(property) is { } absent
                && JsonNode.DeepEquals(member, JsonNode.Parse(absent.Json))))
            {
                members[property.Name] = member;
            }
        }

        return members;
    }

    private static T? Mark<T>(JsonPropertyInfo property)
        where T : Attribute => property.AttributeProvider?.GetCustomAttributes(typeof(T), true) is [T mark] ? mark : null;

    private static JsonArray InOrder(JsonNode said, IReadOnlyList<string> names)
    {
        var items = said is JsonArray list ? list.Select(item => item?.DeepClone() ?? JsonValue.Create("")) : [said.DeepClone()];
        return names.Count == 0
            ? [.. items.DistinctBy(Canonical).OrderBy(Canonical, StringComparer.Ordinal)]
            : [.. items.OrderBy(item => string.Join(
                '\n', names.Select(name => item is JsonObject thing && thing[name] is { } value ? Canonical(value) : "")),
                StringComparer.Ordinal)];
    }

    // The rules that build a meaning; earlier versions had fewer.
    private readonly record struct Rules(bool Sets, bool Defaults);
}

/// <summary>The meaning of a request: its path and its body.</summary>
internal static class RequestMeaning
{
    /// <summary>The meaning of <paramref name="context"/> with <paramref name="body"/>.</summary>
    public static Meaning Of(HttpContext context, object? body)
    {
        var values = context.Request.RouteValues.OrderBy(value => value.Key, StringComparer.Ordinal).ToList();
        return Meaning.Of(
            context.RequestServices.GetRequiredService<ServerKey>(),
            new { Path = values.Select(value => $"{value.Key}={IDOr(value.Value)}"), Meaning = body },
            new { Path = values.Select(value => $"{value.Key}={value.Value}"), Meaning = body });
    }

    // An id in capitals is the same id.
    private static object? IDOr(object? value) => Guid.TryParseExact(value as string, "D", out var id) ? id : value;
}
