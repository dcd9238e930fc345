using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;
using Parle.Domain.Names;

namespace Parle.Api.Contract;

/// <summary>
/// Compares a body with the members of its type, before it is deserialised. An unknown member is refused with the nearest known one, since
/// to ignore it could do more than was meant. A value of a wrong type is refused with its place.
/// </summary>
public static class BodyShape
{
    /// <summary>Machine-readable reason: an unknown member, parameter or setting.</summary>
    public const string Unknown = "unknown_member";

    // Words for an addressee.
    private static readonly HashSet<string> addressees =
    [
        "recipient", "recipients", "receiver", "receivers", "addressee", "addressees", "target", "targets", "cc", "bcc", "toagent",
        "toagents", "toaddress", "toaddresses", "sendto", "sentto", "deliverto", "visibleto", "onlyto", "onlyfor", "for", "whom", "mention",
        "mentions", "dm", "assignee", "assignees", "destination",
    ];

    private static readonly HashSet<string> audiences =
        ["visibility", "private", "direct", "confidential", "secret", "restricted", "broadcast", "public", "mode"];

    // Words in names of members that include or exclude readers, in the singular.
    private static readonly HashSet<string> addresseeWords =
    [
        "to", "address", "addresse", "addressing", "addressed", "addressee", "recipient", "receiver", "target", "targeted", "participant",
        "agent", "session", "principal", "seat", "member", "user", "person", "people", "group", "team", "reader", "viewer", "for", "whom",
        "cc", "bcc", "dm", "pm", "mention", "assignee", "destination", "deliver", "only", "except", "exclude", "excluding", "excluded",
    ];

    private static readonly HashSet<string> audienceWords =
    [
        "audience", "visible", "visibility", "private", "privately", "privacy", "direct", "directed", "directly", "confidential", "secret",
        "restrict", "restricted", "hide", "hidden", "whisper", "broadcast", "public", "acl",
    ];

    // Words that are joined to these in names written as one word.
    private static readonly HashSet<string> besides =
        ["send", "sent", "reply", "is", "by", "from", "with", "all", "the", "my", "id", "ids"];

    // Words of many names, without a meaning of their own.
    private static readonly HashSet<string> common = ["id", "ids", "at", "in", "seconds", "event"];

    private static readonly ConcurrentDictionary<(Type, JsonSerializerOptions), IReadOnlyList<KnownMember>> everywhere = [];
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<string>> words = [];

    /// <summary>Returns the reason to refuse <paramref name="body"/>; null for none.</summary>
    /// <param name="body">The body.</param>
    /// <param name="type">The type that it is read as.</param>
    /// <param name="json">The options that it is read with.</param>
    /// <param name="narrowing">Null when no unknown member is allowed. Otherwise unknown members at the top are ignored, except members
    /// that resemble a known one or one of these words, or have such a word in their names. If these words are about addressing, members
    /// whose names or values address somebody are refused too.</param>
    /// <exception cref="InvalidOperationException">A text is not valid Unicode.</exception>
    public static Refusal? Obstacle(JsonElement body, Type type, JsonSerializerOptions json, IReadOnlyList<string>? narrowing = null) =>
        body.ValueKind is JsonValueKind.Object ? Members(body, json.GetTypeInfo(type), "", new(type, json), narrowing)
            : Refusals.MalformedRequest.Because("The body must be a JSON object.");

    /// <summary>
    /// The parts of a body that take no member which they do not know: all of its objects, but for itself where it leaves unknown ones
    /// alone.
    /// </summary>
    /// <param name="type">The type that the body is read as.</param>
    /// <param name="json">The options that it is read with.</param>
    /// <param name="narrowing">As in <see cref="Obstacle"/>.</param>
    public static IReadOnlySet<Type> Closed(Type type, JsonSerializerOptions json, IReadOnlyList<string>? narrowing)
    {
        var found = new HashSet<Type>();
        Collect(type);
        if (narrowing is not null)
        {
            found.Remove(type);
        }

        return found;

        void Collect(Type part)
        {
            var info = json.GetTypeInfo(Nullable.GetUnderlyingType(part) ?? part);
            if (info.Kind is JsonTypeInfoKind.Enumerable)
            {
                Collect(info.ElementType!);
            }
            else if (info.Kind is JsonTypeInfoKind.Object && found.Add(info.Type))
            {
                foreach (var property in info.Properties)
                {
                    Collect(property.PropertyType);
                }
            }
        }
    }

    private static Refusal? Members(JsonElement value, JsonTypeInfo info, string path, BodyType whole, IReadOnlyList<string>? narrowing)
    {
        foreach (var member in value.EnumerateObject())
        {
            var place = Join(path, member.Name);
            if (info.Properties.FirstOrDefault(property => property.Name == member.Name) is not { } known)
            {
                if (narrowing is null || Narrows(member.Name, whole, narrowing)
                    || (narrowing.Contains("to") && IsAddressed(member.Value, narrowing)))
                {
                    return NotKnown(path, member.Name, [.. info.Properties.Select(property => property.Name)], whole,
                        narrowing?.Contains("to") is true);
                }

                continue;
            }

            var wrong = member.Value.ValueKind is JsonValueKind.Null
                ? known.AttributeProvider?.IsDefined(typeof(NeverNullAttribute), inherit: false) is true
                    ? Must(place, "not be null: leave it out where nothing is meant by it")
                    : TakesNull(known, whole.Json) ? null : Must(place, "not be null")
                : Wrong(member.Value, known.PropertyType, place, whole,
                    known.AttributeProvider?.IsDefined(typeof(AnyTextAttribute), inherit: false) is true);
            if (wrong is not null)
            {
                return wrong;
            }
        }

        return info.Properties.FirstOrDefault(property => property.IsRequired && !value.TryGetProperty(property.Name, out _)) is { } missing
            ? Refusals.MalformedRequest.Because($"`{Join(path, missing.Name)}` is missing.")
            : null;
    }

    private static Refusal? Wrong(JsonElement value, Type declared, string place, BodyType whole, bool anyText)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(JsonElement))
        {
            return null; // Any value is allowed, or another check follows.
        }

        if (type == typeof(string))
        {
            return value.ValueKind is not JsonValueKind.String ? Must(place, "be a text")
                : !anyText && value.GetString()!.Contains('\0', StringComparison.Ordinal) ? Must(place, "not contain U+0000")
                : null;
        }

        if (type == typeof(Guid))
        {
            return value.ValueKind is JsonValueKind.String && WireID.Read(value.GetString()) is not null
                ? null : Must(place, "be an id: 36 characters, as in 019a7c1d-33c2-7f0d-b1a9-4e6c8d0f2b02");
        }

        if (type == typeof(DateTimeOffset))
        {
            return value.ValueKind is JsonValueKind.String && Rfc3339.Parse(value.GetString()) is not null
                ? null : Must(place, $"be {Rfc3339.Example}");
        }

        if (type == typeof(bool))
        {
            return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : Must(place, "be true or false");
        }

        if (type == typeof(int) || type == typeof(long))
        {
            return value.ValueKind is JsonValueKind.Number && (type == typeof(int) ? value.TryGetInt32(out _) : value.TryGetInt64(out _))
                ? null
                : Must(place, $"be a whole number of at most {(type == typeof(int) ? int.MaxValue : long.MaxValue)}");
        }

        if (type.IsEnum)
        {
            var known = words.GetOrAdd(type, kind => [.. Enum.GetNames(kind).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)]);
            return value.ValueKind is JsonValueKind.String && known.Contains(value.GetString()!, StringComparer.Ordinal)
                ? null : Must(place, $"be one of {string.Join(", ", known)}");
        }

        var info = whole.Json.GetTypeInfo(type);
        return info.Kind switch
        {
            JsonTypeInfoKind.Enumerable when value.ValueKind is not JsonValueKind.Array => Must(place, "be a list"),
            JsonTypeInfoKind.Enumerable => value.EnumerateArray().Select((element, i) => element.ValueKind is JsonValueKind.Null
                && !info.ElementType!.IsValueType && !whole.Json.RespectNullableAnnotations
                ? null : Wrong(element, info.ElementType!, $"{place}[{i}]", whole, anyText)).FirstOrDefault(wrong => wrong is not null),
            JsonTypeInfoKind.Object when value.ValueKind is not JsonValueKind.Object => Must(place, "be an object"),
            JsonTypeInfoKind.Object => Members(value, info, place, whole, narrowing: null),
            _ => null,
        };
    }

    private static bool TakesNull(JsonPropertyInfo property, JsonSerializerOptions json) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null || property.PropertyType == typeof(JsonElement)
        || (!property.PropertyType.IsValueType && (!json.RespectNullableAnnotations || property.IsSetNullable));

    private static Refusal Must(string place, string what) => Refusals.MalformedRequest.Because($"`{place}` must {what}.");

    private static Refusal NotKnown(string path, string name, IReadOnlyList<string> here, BodyType whole, bool addresses)
    {
        IReadOnlyList<KnownMember> known = [.. here.Select(one => new KnownMember(one, one)), .. whole.Members];
        var meant = Nearest.Of(name, here.Where(one => Nearest.Resembles(name, one))) ?? Nearest.Of(name, known, one => one.Name)?.Path
            ?? ((Addresses(name) ?? (addresses ? "addressing" : null)) is { } member
                ? whole.Members.FirstOrDefault(one => one.Name == member)?.Path : null);
        return Refusals.MalformedRequest.Because($"{Show(path, name)} is not known here. {Hint(meant, here)}") with { Reason = Unknown };
    }

    /// <summary>The hint that follows an unknown name.</summary>
    internal static string Hint(string? meant, IReadOnlyList<string> known) =>
        meant is not null ? $"Did you mean `{meant}`?"
        : known.Count == 0 ? "None is taken here." : $"Known are {string.Join(", ", known.Select(one => $"`{one}`"))}.";

    /// <summary>
    /// A name as it was sent, where it can be repeated. A long one, or one that is no plain text, is left out: it might be a secret.
    /// </summary>
    internal static string Show(string path, string name) =>
        name.Length is > 0 and <= 40 && name.All(letter => letter is > ' ' and not '`' && (char.IsLetterOrDigit(letter) || letter < '\x7f'))
        && !Secret.IsIn(name)
            ? $"`{Join(path, name)}`"
        : path.Length > 0 ? $"A member of `{path}`" : "One of its names";

    private static bool Narrows(string name, BodyType whole, IReadOnlyList<string> narrowing) =>
        narrowing.Any(known => Nearest.Resembles(name, known)) || whole.Members.Any(one => Nearest.Plain(one.Name) == Nearest.Plain(name))
        || (narrowing.Contains("to") && Addresses(name) is not null)
        || Nearest.Words(name).Intersect(narrowing.SelectMany(Nearest.Words)).Except(common).Any();

    private static string? Addresses(string name) =>
        IsAddressee(Nearest.Plain(name)) ? "to" : audiences.Contains(Nearest.Plain(name)) ? "audience"
        : (IReadOnlyList<string>)[.. Nearest.Words(name)] is var said && said.Any(addresseeWords.Contains) ? "to"
        : said.Any(audienceWords.Contains) ? "audience"
        : IsOfTwo(Nearest.Plain(name)) ? "to" : null;

    private static bool IsAddressee(string plain) =>
        addressees.Contains(plain) || (plain.EndsWith('s') && addressees.Contains(plain[..^1]));

    // Such as "replyto" or "hiddenfrom".
    private static bool IsOfTwo(string plain)
    {
        for (var i = 2; i < plain.Length - 1 && plain.Length <= 40; i++)
        {
            var (first, last) = (plain[..i], plain[i..]);
            if ((IsWord(first) || IsWord(last)) && (IsWord(first) || besides.Contains(first)) && (IsWord(last) || besides.Contains(last)))
            {
                return true;
            }
        }

        return false;

        static bool IsWord(string part) => addresseeWords.Contains(part) || audienceWords.Contains(part) || IsAddressee(part);
    }

    // A value with an address in it, or with a member named like one, is not ignored: its sender meant to address somebody.
    private static bool IsAddressed(JsonElement value, IReadOnlyList<string> narrowing) => value.ValueKind switch
    {
        JsonValueKind.String => Address.Parse(value.GetString()!.Trim().ToLowerInvariant()) is not null,
        JsonValueKind.Array => value.EnumerateArray().Any(element => IsAddressed(element, narrowing)),
        JsonValueKind.Object => value.EnumerateObject().Any(member =>
            narrowing.Any(known => Nearest.Resembles(member.Name, known)) || IsAddressee(Nearest.Plain(member.Name))
            || audienceWords.Contains(Nearest.Plain(member.Name)) || IsAddressed(member.Value, narrowing)),
        _ => false,
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    // The members of the whole body, so that one at the wrong place can be told its own.
    private static IReadOnlyList<KnownMember> MembersOf(Type type, JsonSerializerOptions json) => everywhere.GetOrAdd((type, json), key =>
    {
        var found = new List<KnownMember>();
        Collect(key.Item1, "", []);
        return found;

        void Collect(Type part, string path, HashSet<Type> above)
        {
            var info = key.Item2.GetTypeInfo(Nullable.GetUnderlyingType(part) ?? part);
            if (info.Kind is JsonTypeInfoKind.Enumerable)
            {
                Collect(info.ElementType!, path + "[]", above);
            }
            else if (info.Kind is JsonTypeInfoKind.Object && above.Add(info.Type))
            {
                foreach (var property in info.Properties)
                {
                    found.Add(new(property.Name, Join(path, property.Name)));
                    Collect(property.PropertyType, Join(path, property.Name), above);
                }

                above.Remove(info.Type);
            }
        }
    });

    private sealed record KnownMember(string Name, string Path);

    private readonly record struct BodyType(Type Type, JsonSerializerOptions Json)
    {
        public IReadOnlyList<KnownMember> Members => MembersOf(Type, Json);
    }
}
