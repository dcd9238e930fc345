using System.Net;
using System.Net.Http.Headers;
using Parle.Api.Bounds;
using Parle.Api.Callers;
using Parle.Domain.Rooms;
using Parle.Tests.Service;
using Parle.Tests.Tokens;

namespace Parle.Tests.Contract;

/// Five wrong ones in a minute, then those that are wrong wait.
public class WrongCredentialsOfANetwork(TestCluster cluster)
{
    private const string Here = "192.0.2.1", Elsewhere = "192.0.2.2";

    [Theory]
    [InlineData("/v/agent/self", "parle_agt_", "invalid_agent_token")]
    [InlineData("/v/agents", "parle_sess_", "unauthenticated")]
    [InlineData("/v/record", "parle_opr_", "invalid_operator_token")]
    [InlineData("/v/rooms/018f0000-0000-7000-8000-000000000000/record", "parle_aud_", "invalid_auditor_token")]
    public async Task are_told_to_wait_whatever_they_are(string path, string prefix, string refusal)
    {
        await using var service = await Guarded();
        for (var i = 0; i < 5; i++)
        {
            await (await Send(service, path, Secret.Mint(prefix).Reveal(), Here)).Refuses(refusal);
        }

        foreach (var answer in await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Send(service, path, Secret.Mint(prefix).Reveal(), Here))))
        {
            var error = await answer.IsRefused("rate_limited", "cap", "limit", "recovery");
            Assert.Equal(("wrong_credentials_per_minute", 5), (error.Text("cap"), error.GetProperty("limit").GetInt32()));
            Assert.InRange(error.GetProperty("retry_after_ms").GetInt32(), 1, 60_000);
        }

        await (await Send(service, path, Secret.Mint(prefix).Reveal(), Elsewhere)).Refuses(refusal);
    }

    /// The owner of a /48 has 65,536 networks, but not 65,536 times the bound.
    [Fact]
    public async Task are_counted_for_its_site_too()
    {
        await using var service = await Guarded();
        for (var network = 0; network < Network.OfSite; network++)
        {
            for (var i = 0; i < 5; i++)
            {
                await (await Send(service, "/v/agent/self", CredentialKind.AgentToken.Mint().Reveal(), $"2001:db8:7:{network:x}::1"))
                    .Refuses("invalid_agent_token");
            }
        }

        await (await Send(service, "/v/agent/self", CredentialKind.AgentToken.Mint().Reveal(), "2001:db8:7:ffff::1"))
            .IsRefused("rate_limited", "cap", "limit", "recovery");
        await (await Send(service, "/v/agent/self", CredentialKind.AgentToken.Mint().Reveal(), "2001:db8:8::1"))
            .Refuses("invalid_agent_token");
        await (await Send(service, "/v/agent/self", (await TokenOwner.At(service)).Agent.Token, "2001:db8:7:ffff::1"))
            .Json(HttpStatusCode.OK);
    }

    [Theory, InlineData(0, 0), InlineData(5, 80), InlineData(int.MaxValue, int.MaxValue)]
    public void have_a_bound_for_the_site_whatever_that_of_a_network_is(int ofNetwork, int ofSite) =>
        Assert.Equal(ofSite, Network.SitesShare(ofNetwork));

    [Fact]
    public async Task hold_up_nobody_whose_credential_is_right()
    {
        await using var service = await Guarded();
        var owner = await TokenOwner.At(service);
        await Flood(service);
        await (await Send(service, "/v/agent/self", owner.Agent.Token, Here)).Json(HttpStatusCode.OK); // Known here.
        await (await Send(service, "/v/agents", owner.Cookie.Split('=')[^1], Here)).Json(HttpStatusCode.OK);

        // Minted since, and seen by nobody: also while others try wrong ones without end.
        var minted = await owner.Agent.Narrows(new { });
        var flood = Task.WhenAll(
            Enumerable.Range(0, 40).Select(_ => Send(service, "/v/agent/self", CredentialKind.AgentToken.Mint().Reveal(), Here)));
        await (await Send(service, "/v/agent/self", minted.Text("token"), Here)).Json(HttpStatusCode.OK);
        Assert.All(await flood, answer => Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode));
    }

    /// A token that was looked for before it was there is found as soon as it is.
    [Fact]
    public async Task are_not_remembered_to_be_wrong()
    {
        await using var service = await Guarded();
        var owner = await TokenOwner.At(service);
        var minted = await owner.Agent.Narrows(new { });
        await (await owner.Agent.TryRevoke(minted)).IsEmptyWith(HttpStatusCode.NoContent);
        await (await Send(service, "/v/agent/self", minted.Text("token"), Elsewhere)).IsRefused("invalid_agent_token");
        for (var i = 0; i < 3; i++)
        {
            await (await Send(service, "/v/agent/self", (await owner.Agent.Narrows(new { })).Text("token"), Elsewhere))
                .Json(HttpStatusCode.OK);
        }
    }

    /// Neither a wrong session nor a foreign room with a good token is a way around the token's rate.
    [Fact]
    public async Task with_a_good_token_are_counted_for_the_token()
    {
        await using var service = await ParleService.Start(
            await cluster.NewDatabase(), ("Parle:Limits:TokenRequestsPerSecond", "1"), ("Parle:Limits:TokenBurst", "5"));
        var agents = (await service.NewRoom(History.FromAdmission, History.FromAdmission)).Agents;
        var requests = 0;
        HttpResponseMessage answer;
        do
        {
            // A slow machine gives the token room for another request meanwhile, so the number is a bound, not the count.
            agents[0].Credential = CredentialKind.AgentSession.Mint().Reveal();
            answer = await agents[0].Send(HttpMethod.Get, agents[0].Projection);
            requests++;
        } while (requests < 40 && answer.StatusCode == HttpStatusCode.Unauthorized);

        await answer.IsRefused("rate_limited", "cap", "limit");
        Assert.True(requests > 5, $"The rate was refused at request {requests}, before the burst was used up.");
        await (await agents[1].Send(HttpMethod.Get, agents[1].Projection)).IsRefused("invalid_agent_session");
    }

    private static async Task Flood(ParleService service)
    {
        for (var i = 0; i < 8; i++)
        {
            await Send(service, "/v/agent/self", CredentialKind.AgentToken.Mint().Reveal(), Here);
        }
    }

    private static Task<HttpResponseMessage> Send(ParleService service, string path, string secret, string place)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Forwarded-For", place);
        if (secret.StartsWith(CredentialKind.PersonSession.Prefix, StringComparison.Ordinal))
        {
            request.Headers.Add("Cookie", $"__Host-parle_session={secret}");
        }
        else
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }

        return service.Client().SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task<ParleService> Guarded() => await ParleService.Start(
        await cluster.NewDatabase(), ("Parle:Limits:WrongCredentialsPerMinute", "5"), ("FORWARDEDHEADERS_ENABLED", "true"));
}
