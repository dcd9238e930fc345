using System.Net;
using System.Text;
using System.Text.Json;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Accounts;

/// A person with a mailbox, who keeps the cookie of its session.
public sealed class PersonWithMail(HttpClient client, Mailbox mailbox)
{
    public string Handle { get; } = $"p{Guid.NewGuid():N}"[..16];

    public string Email { get; init; } = $"{Guid.NewGuid():N}@example.org";

    /// Name and value.
    public string? Cookie { get; set; }

    /// The same person with the same cookie, talking to another node.
    public PersonWithMail At(ParleService node) => new(node.Client(), mailbox) { Email = Email, Cookie = Cookie };

    /// Asks for a code, and waits for it.
    public async Task<string> AsksForACode(string path = "/v/auth/email/start")
    {
        await (await Send(HttpMethod.Post, path, new { email = Email })).Json(HttpStatusCode.Accepted);
        return await mailbox.Code(Email);
    }

    public Task<HttpResponseMessage> Onboards(string code, string? handle = null, string? key = null) =>
        Send(HttpMethod.Post, "/v/onboarding/complete", new { email = Email, code, handle = handle ?? Handle }, key);

    public Task<HttpResponseMessage> SignsIn(string code, string? key = null) =>
        Send(HttpMethod.Post, "/v/auth/email/complete", new { email = Email, code }, key);

    /// Becomes known and keeps the cookie.
    public async Task BecomesKnown()
    {
        var answer = await Onboards(await AsksForACode("/v/onboarding/start"));
        await answer.Json(HttpStatusCode.Created);
        Cookie = CookieOf(answer);
    }

    public Task<HttpResponseMessage> AsksWhoItIs() => Send(HttpMethod.Get, "/v/auth/whoami");

    public async Task IsKnownAs(string handle)
    {
        var answer = await (await AsksWhoItIs()).Json(HttpStatusCode.OK);
        Assert.Equal((true, "unhardened", handle),
            (answer.GetProperty("authenticated").GetBoolean(), answer.Text("assurance"), answer.Text("principal_handle")));
    }

    public Task<HttpResponseMessage> SignsOut() => Send(HttpMethod.Post, "/v/auth/logout");

    public async Task<HttpResponseMessage> Send(
        HttpMethod method, string path, object? body = null, string? key = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (Cookie is not null)
        {
            request.Headers.Add("Cookie", Cookie);
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        if (body is not null)
        {
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// The cookie that an answer hands over, in the contract's spelling.
    public static string CookieOf(HttpResponseMessage answer)
    {
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Matches("^__Host-parle_session=parle_sess_[A-Za-z0-9_-]{43}; Path=/; Secure; HttpOnly; SameSite=Lax$", cookie);
        return cookie.Split(';')[0];
    }

    /// Another code than this one.
    public static string OtherThan(string code) => $"{(code[0] - '0' + 1) % 10}{code[1..]}";
}
