using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Provisioning;

/// Law 3 of what an operator provisions over HTTP.
public class ProvisioningUnderAName(TestCluster cluster)
{
    private readonly string handle = $"p{Guid.NewGuid():N}"[..16];

    private object Wanted => new
    {
        principals = new[] { new { handle, person_session = true } },
        agents = new[] { new { principal = handle, handle = "helper" } },
        rooms = new[]
        {
            new
            {
                handle = "build",
                owner = handle,
                seats = new[] { new { agent = $"@{handle}.helper" } },
                tokens = new[] { new { agent = $"@{handle}.helper" } },
                auditors = new[] { new { label = "a" } }
            },
        },
        operators = new[] { new { label = handle } },
    };

    [Fact]
    public async Task is_answered_the_same_with_the_same_secrets()
    {
        var (service, send) = await Operator();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => send(Wanted, "key")));

        var said = Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Bytes()))).Distinct());
        Assert.Equal(HttpStatusCode.OK, said.Status);
        var made = JsonElement.Parse(said.Body);
        var room = made.GetProperty("rooms")[0];
        var agent = new TestAgent(service.Client(), room.GetProperty("room_id").GetGuid(), room.GetProperty("tokens")[0].Text("token"));
        await agent.StartSession();
        Assert.StartsWith("__Host-parle_session=parle_sess_", made.GetProperty("principals")[0].Text("person_session"));
        Assert.StartsWith("parle_aud_", room.GetProperty("auditors")[0].Text("token"));
        Assert.StartsWith("parle_opr_", made.GetProperty("operators")[0].Text("token"));
        Assert.Equal(1, await service.Scalar<long>("select count(*) from parle.agent_tokens where room_id = $1", agent.RoomID));
        await (await send(new { principals = new[] { new { handle, display_name = "Another" } } }, "key"))
            .IsRefused("idempotency_conflict");
        Assert.False((await (await send(Wanted, "another")).Json(HttpStatusCode.OK)).GetProperty("rooms")[0].GetProperty("tokens")[0]
            .TryGetProperty("token", out _));
    }

    [Fact]
    public async Task does_not_depend_on_how_it_is_said()
    {
        var (_, send) = await Operator();
        var first = await (await send(Wanted, "said")).Bytes();
        Assert.Equal(HttpStatusCode.OK, first.Status);
        object spelt = new
        {
            operators = new[] { new { label = handle, ttl_seconds = 90L * 24 * 60 * 60 } },
            rooms = new[]
            {
                new
                {
                    owner = handle, kind = "shared", handle = "build", auditors = new[] { new { contents = false, label = "a" } },
                    tokens = new[] { new { scopes = new[] { "participate" }, agent = $"@{handle}.helper" } },
                    seats = new[] { new { rights = Array.Empty<string>(), history = "from_admission", agent = $"@{handle}.helper" } },
                },
            },
            agents = new[] { new { handle = "helper", principal = handle, display_name = "helper" } },
            principals = new[] { new { person_session = true, display_name = handle, handle } },
        };
        Assert.Equal(first.Body, (await (await send(spelt, "said")).Bytes()).Body);
        await (await send(new { principals = new[] { new { person_session = true, display_name = "Somebody", handle } } }, "said"))
            .IsRefused("idempotency_conflict");
    }

    private async Task<(ParleService Service, Func<object, string, Task<HttpResponseMessage>> Send)> Operator()
    {
        var service = await cluster.Service;
        var token = (await service.Provision(new(Operators: [new($"o{Guid.NewGuid():N}"[..16])]))).Operators![0].Token!;
        var client = service.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return (service, async (body, key) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v/operator/provision")
            { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
            request.Headers.Add("Idempotency-Key", key);
            return await client.SendAsync(request, TestContext.Current.CancellationToken);
        }
        );
    }
}
