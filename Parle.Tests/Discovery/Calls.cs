using System.Text;
using System.Text.Json;
using Parle.Api;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Tests.Service;

namespace Parle.Tests.Discovery;

/// Calls of an action as its row of the registry describes them.
internal static class Calls
{
    public static ParleAction Named(string id) => Actions.All.Single(action => action.Id == id);

    /// The path with <paramref name="value"/> in all braces.
    public static string PathWith(this ParleAction action, string value) =>
        Actions.PathParametersOf(action)
            .Aggregate(action.Path, (path, parameter) => path.Replace($"{{{parameter.Name}}}", value, StringComparison.Ordinal));

    /// A call without version and credentials.
    public static HttpRequestMessage Call(this ParleAction action)
    {
        var request = new HttpRequestMessage(new(action.Method), action.PathWith(Guid.NewGuid().ToString()));
        if (action.Idempotent)
        {
            request.Headers.Add(IdempotencyKey.Header, "key");
        }

        if (action.Body is not null)
        {
            request.Content = new StringContent(BodyOf(action)!, Encoding.UTF8, "application/json");
        }

        return request;
    }

    /// A call of <paramref name="action"/> with <paramref name="value"/> in all braces of its path.
    public static Task<HttpResponseMessage> Call(this TestAgent agent, ParleAction action, string value) =>
        agent.Send(new(action.Method), action.PathWith(value), BodyOf(action), action.Idempotent ? "key" : null);

    private static string? BodyOf(ParleAction action) =>
        action.Body is null ? null : JsonSerializer.Serialize(action.BodyExample, WireJson.Options);
}
