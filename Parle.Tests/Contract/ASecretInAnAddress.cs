using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parle.Api.Callers;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class ASecretInAnAddress(TestCluster cluster)
{
    public static TheoryData<string> Prefixes => [.. CredentialKind.All.Select(kind => kind.Prefix), "parle_inv_"];

    [Theory, MemberData(nameof(Prefixes))]
    public async Task is_refused_and_never_repeated(string prefix)
    {
        using var client = (await cluster.Service).Client();
        var secret = Secret.Mint(prefix).Reveal();
        string[] addresses =
        [
            $"/v/rooms/{secret}/projection", $"/v/agent/self?token={secret}", $"/{secret}", $"/v/agent/self?{secret}",
            $"/health/live?x=1&y={secret}&z=2", $"/docs/{secret}", $"/v/agent/self?token={secret[..(prefix.Length + 20)]}",
            $"/v/agent/self?token=Bearer%20{secret.Replace("_", "%5f", StringComparison.Ordinal)}",
            $"/v/rooms/{secret.Replace("_", "%5F", StringComparison.Ordinal)}",
        ];
        foreach (var address in addresses)
        {
            var answer = await client.GetAsync(address, TestContext.Current.CancellationToken);
            var error = await answer.IsRefused("malformed_request");
            Assert.Contains("revoke it", error.Text("message"), StringComparison.Ordinal);
            Assert.DoesNotContain(
                secret[prefix.Length..][..20], $"{answer}{await answer.Content.ReadAsStringAsync()}", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task is_noticed_where_it_is_an_organisations_token()
    {
        using var client = (await cluster.Service).Client();
        var token = $"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbmEifQ.{new string('x', 86)}";
        foreach (var address in new[]
        { $"/v/auth/whoami?token={token}", $"/{token}", $"/health/live?{token.Replace(".", "%2E", StringComparison.Ordinal)}" })
        {
            await (await client.GetAsync(address, TestContext.Current.CancellationToken)).IsRefused("malformed_request");
        }
    }

    [Theory]
    [InlineData("/health/live?x=parle_agt_short")]
    [InlineData("/health/live?x=parle_demo_nineteen-characters")]
    [InlineData("/health/live?x=a-parle-of-twenty-and-more-characters")]
    public async Task is_nothing_else(string address)
    {
        using var client = (await cluster.Service).Client();
        Assert.True((await client.GetAsync(address, TestContext.Current.CancellationToken)).IsSuccessStatusCode);
    }

    [Fact]
    public async Task is_not_logged_by_what_logs_every_address()
    {
        var log = new Memory();
        await using var service = await ParleService.Start(
            await cluster.NewDatabase(), services => services.AddSingleton<ILoggerProvider>(log), ("Logging:LogLevel:Default", "Trace"),
            ("Logging:LogLevel:Microsoft.AspNetCore", "Trace"), Memory.AndNoConsole);
        var ana = (await service.NewRoom(History.FromAdmission)).Agents[0];

        await (await ana.Send(HttpMethod.Get, $"{ana.Projection}?since_seq={ana.Token}")).IsRefused("malformed_request");
        await (await ana.Send(HttpMethod.Get, "/v/agent/sessions?logged=yes")).Json(System.Net.HttpStatusCode.OK);

        Assert.Contains(log.Lines, line => line.Contains("logged=yes", StringComparison.Ordinal));
        Assert.All(log.Lines, line => Assert.DoesNotContain(ana.Token, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task is_not_logged_by_a_process_of_its_own_either()
    {
        var service = await cluster.Service;
        var ana = (await service.NewRoom(History.FromAdmission)).Agents[0];
        await using var process = await ParleProcess.Start(service.ConnectionString, ("Logging__LogLevel__Microsoft.AspNetCore", "Trace"));
        using var client = process.Client();

        await (await client.GetAsync($"/v/agent/self?token={ana.Token}", TestContext.Current.CancellationToken))
            .IsRefused("malformed_request");
        await client.GetAsync("/health/live?logged=yes", TestContext.Current.CancellationToken);

        await process.Says("logged=yes");
        Assert.DoesNotContain(ana.Token, process.Errors + process.Output, StringComparison.Ordinal);
    }
}
