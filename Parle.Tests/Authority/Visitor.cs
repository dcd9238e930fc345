using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Parle.Api.Callers;
using Parle.Api.Wire;
using Parle.Tests.Service;

namespace Parle.Tests.Authority;

/// Somebody with the credentials it has, good or bad.
public sealed record Visitor(HttpClient Client)
{
    public string? Token { get; init; }

    public string? Credential { get; init; }

    public string? Cookie { get; init; }

    /// An agent in its session.
    public static Visitor Of(HttpClient client, TestAgent agent) => new(client) { Token = agent.Token, Credential = agent.Credential };

    /// The answer when there is something to be done, of any status.
    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, string? body = null, string? key = null)
    {
        var request = new HttpRequestMessage(method, path)
        { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = Token is null ? null : new AuthenticationHeaderValue("Bearer", Token);
        request.Headers.Add(IdempotencyKey.Header, key ?? Guid.NewGuid().ToString());
        if (Credential is not null)
        {
            request.Headers.Add(CredentialKind.AgentSession.Name, Credential);
        }

        if (Cookie is not null)
        {
            request.Headers.Add("Cookie", Cookie);
        }

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// The answer when it must be done.
    public async Task<JsonElement> Ask(HttpMethod method, string path, object? body = null)
    {
        using var answer = await Send(method, path, body is null ? null : JsonSerializer.Serialize(body));
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path} was answered {answer.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }
}
