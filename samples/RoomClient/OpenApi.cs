using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Parle.Samples;

/// <summary>
/// From the name of an operation to a request. All that an agent knows of addresses comes from here or from an affordance.
/// </summary>
public sealed partial class OpenApi(JsonNode document)
{
    /// <summary>The header that carries a session's credential.</summary>
    public string CredentialHeader { get; } =
        document["components"]!["securitySchemes"]!.AsObject()
            .Single(scheme => scheme.Value!.Text("type") == "apiKey" && scheme.Value!.Text("in") == "header").Value!.Text("name");

    /// <summary>Finds the document where the guide for agents says it is.</summary>
    public static async Task<OpenApi> Find(HttpClient http, string service)
    {
        var guide = await http.GetStringAsync(service + "/llms.txt");
        return new(JsonNode.Parse(await http.GetStringAsync(service + OpenApiLink().Match(guide).Groups["path"].Value))!);
    }

    /// <summary>A call of an operation, with the example as its body and a fresh idempotency key if it takes one.</summary>
    /// <param name="operationID">Its name.</param>
    /// <param name="values">What stands in braces in its path, and what to send as its query. What it does not take is left out.</param>
    public Call Prepare(string operationID, params IEnumerable<(string Name, string Value)> values)
    {
        var (path, method, operation) = (
            from at in document["paths"]!.AsObject()
            from with in at.Value!.AsObject()
            where with.Value!["operationId"]?.GetValue<string>() == operationID
            select (at.Key, with.Key, with.Value!)).Single();
        var parameters = operation["parameters"]?.AsArray().Select(parameter => Resolved(parameter!))
            .ToLookup(parameter => parameter.Text("in"))
            ?? Enumerable.Empty<JsonNode>().ToLookup(_ => "");
        var given = values.ToDictionary(value => value.Name, value => value.Value);
        var href = parameters["path"].Select(parameter => parameter.Text("name"))
            .Aggregate(path, (href, name) => href.Replace($"{{{name}}}", Uri.EscapeDataString(given[name])));
        var query = string.Join('&', parameters["query"].Select(parameter => parameter.Text("name")).Where(given.ContainsKey)
            .Select(name => $"{name}={Uri.EscapeDataString(given[name])}"));
        return new(
            operationID, method.ToUpperInvariant(), query.Length == 0 ? href : $"{href}?{query}",
            parameters["header"].ToDictionary(parameter => parameter.Text("name"),
                parameter => Resolved(parameter["schema"]!)["enum"]?[0]!.GetValue<string>() ?? Guid.NewGuid().ToString()),
            operation["requestBody"]?["content"]!["application/json"]!["example"]?.AsObject(), given.GetValueOrDefault("ask"));
    }

    // What occurs more than once in the document stands once among its components (OpenAPI 3.0.3, reference objects).
    private JsonNode Resolved(JsonNode node) => node["$ref"]?.GetValue<string>() is not { } pointer ? node
        : pointer.Split('/')[1..].Aggregate(document, (at, name) => at[name]!);

    [GeneratedRegex(@"\[OpenAPI\]\((?<path>[^)]+)\)")]
    private static partial Regex OpenApiLink();
}
