using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class Secrets(TestCluster cluster)
{
    [Fact]
    public async Task and_contents_stay_out_of_the_logs_also_in_an_outage()
    {
        var log = new Memory();
        await using var service = await ParleService.Start(await cluster.NewDatabase(),
            services => services.AddSingleton<ILoggerProvider>(log), ("Logging:LogLevel:Default", "Debug"), Memory.AndNoConsole);
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        List<string?> secrets =
            ["words nobody logs", "key-nobody-logs", ana.Token, ben.Token, ana.Credential, ben.Credential, ParleService.ServerKey];

        await (await ana.Say(secrets[0]!, secrets[1])).Json(HttpStatusCode.Created);
        await (await ana.Say(secrets[0]!, secrets[1])).Json(HttpStatusCode.OK);
        await (await ana.Say($"{secrets[0]}!", secrets[1])).IsRefused("idempotency_conflict");
        await (await ana.Say(secrets[0]!, secrets[1] + "-direct", ben.Address)).Json(HttpStatusCode.Created);
        await (await ana.Post($$"""{"type":"{{secrets[0]}}","payload":"{{secrets[0]}}"}""", secrets[1])).IsRefused("validation_failed");
        await (await ana.Post($"{secrets[0]}", secrets[1])).IsRefused("malformed_request");
        await (await ana.Send(HttpMethod.Get, $"{ana.Projection}?since_seq={ana.Token}")).IsRefused("malformed_request");
        await ben.Read();

        // The connections die, and there is no database to connect to again.
        NpgsqlConnection.ClearAllPools();
        await cluster.Drop(service.ConnectionString);
        var error = await (await ana.Say(secrets[0]!, "key-nobody-logs-2")).IsRefused("service_unavailable");
        Assert.True(error.GetProperty("retry_after_ms").GetInt32() > 0);
        await (await ben.Send(HttpMethod.Get, ben.Projection)).IsRefused("service_unavailable");

        Assert.NotEmpty(log.Lines);
        foreach (var line in log.Lines)
        {
            Assert.All(secrets, secret => Assert.DoesNotContain(secret!, line));
        }
    }
}
