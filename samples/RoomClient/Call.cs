using System.Text;
using System.Text.Json.Nodes;

namespace Parle.Samples;

/// <summary>A request, ready to send: as an affordance offers it, or as the OpenAPI document describes it.</summary>
/// <param name="Action">What it does: OpenAPI's <c>operationId</c>.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Href">Where to, from the base URL on.</param>
/// <param name="Headers">What to send beside the credentials.</param>
/// <param name="Body">What to say; null for nothing.</param>
/// <param name="AskID">The ask it is about; null for none.</param>
public sealed record Call(
    string Action, string Method, string Href, IReadOnlyDictionary<string, string> Headers, JsonObject? Body, string? AskID = null)
{
    /// <summary>What is offered in an answer that lists affordances.</summary>
    public static IReadOnlyList<Call> OfferedIn(JsonNode answer) =>
        [.. answer["affordances"]!.AsArray().Where(row => row!["allowed"]!.GetValue<bool>()).Select(row => Of(row!))];

    /// <summary>The same with other words.</summary>
    public Call Saying(Action<JsonObject> words)
    {
        var body = Body!.DeepClone().AsObject();
        words(body);
        return this with { Body = body };
    }

    internal HttpRequestMessage Request(string service)
    {
        var request = new HttpRequestMessage(new(Method), service + Href);
        if (Body is not null)
        {
            request.Content = new StringContent(Body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in Headers.Where(header => header.Key != "Content-Type")) // The content has its own.
        {
            request.Headers.Add(name, value);
        }

        return request;
    }

    private static Call Of(JsonNode row) => new(
        row.Text("action"), row.Text("method"), row.Text("href"),
        row["headers"]!.AsObject().ToDictionary(header => header.Key, header => header.Value!.GetValue<string>()),
        row["body"]?.AsObject(), row["ask_id"]?.GetValue<string>());
}
