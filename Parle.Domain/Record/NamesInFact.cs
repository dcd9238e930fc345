using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Parle.Domain.Contents;

namespace Parle.Domain.Record;

/// <summary>
/// The ids in a fact that stand for somebody with a name: principals, agents, seats and participants. Those that an address stands beside
/// (whom a message or an ask is for) are left out. Peers choose none of these ids, so none can be made to name a stranger.
/// </summary>
public static class NamesInFact
{
    private static readonly string[] endings = ["principal_id", "agent_id", "seat_id", "author_id", "participant_id", "owner_id"];
    private static readonly string[] lists = ["denied_by"];
    private static readonly string[] addressed = ["addressing", "work", "audience"];
    private static readonly string[] steps = ["agent", "person", "seat", "principal"];

    /// <summary>The ids, each once, in the order of their appearance.</summary>
    /// <param name="fact">The fact as its readers have it, see <see cref="CanonicalFact.Of"/>.</param>
    public static IReadOnlyList<Guid> Of(JsonElement fact) =>
    [
        .. InStep(Member(fact, "actor")).Concat(Parse(Member(fact, "principal")))
            .Concat(Items(Member(fact, "authority")).SelectMany(step => InStep(step)))
            .Concat(In(Member(fact, "data"))).Distinct(),
    ];

    /// <summary>The digest of names, over their canonical JSON (RFC 8785).</summary>
    public static byte[] Digest(JsonElement names) => SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalJson.Of(names)));

    private static IEnumerable<Guid> In(JsonElement? value) => value?.ValueKind switch
    {
        JsonValueKind.Object => value.Value.EnumerateObject().Where(member => !addressed.Contains(member.Name)).SelectMany(member =>
            lists.Contains(member.Name) ? Items(member.Value).SelectMany(item => Parse(item))
            : Array.Exists(endings, ending => member.Name.EndsWith(ending, StringComparison.Ordinal)) ? Parse(member.Value)
            : In(member.Value)),
        JsonValueKind.Array => value.Value.EnumerateArray().SelectMany(item => In(item)),
        _ => [],
    };

    // "agent:…/session:…", "seat:…".
    private static IEnumerable<Guid> InStep(JsonElement? step) => step is { ValueKind: JsonValueKind.String }
        ? step.Value.GetString()!.Split('/').Select(part => part.Split(':')).Where(part => part.Length == 2 && steps.Contains(part[0]))
            .SelectMany(part => Guid.TryParseExact(part[1], "D", out var id) ? [id] : Array.Empty<Guid>())
        : [];

    private static IEnumerable<Guid> Parse(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.String } && Guid.TryParseExact(value.Value.GetString(), "D", out var id) ? [id] : [];

    private static IEnumerable<JsonElement?> Items(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Array } ? value.Value.EnumerateArray().Select(item => (JsonElement?)item) : [];

    private static JsonElement? Member(JsonElement value, string name) => value.TryGetProperty(name, out var member) ? member : null;
}
