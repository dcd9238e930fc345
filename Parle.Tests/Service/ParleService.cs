using Alba;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Parle.Api.Provisioning;
using Parle.Api.Wire;
using Parle.Domain.Rooms;

namespace Parle.Tests.Service;

/// The service as it is, in the test's own process, on a real database.
public sealed class ParleService : IAsyncDisposable
{
    /// All test services of one run share a key, so that several can be nodes of one database.
    public const string ServerKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    /// Tests hurry, and their agents answer each other without end: only tests of limits have some.
    public static IReadOnlyList<(string Name, string Value)> Unlimited { get; } =
        [.. new[] { "TokenRequestsPerSecond", "RoomRequestsPerSecond", "TurnsPerPair", "JoinGuessesPerMinute", "WrongCredentialsPerMinute" }
            .Select(name => ($"Parle:Limits:{name}", "0"))];

    private ParleService(IAlbaHost host, string connectionString) => (Host, ConnectionString) = (host, connectionString);

    public IAlbaHost Host { get; }

    public string ConnectionString { get; }

    public static Task<ParleService> Start(string connectionString, params (string Name, string Value)[] settings) =>
        Start(connectionString, _ => { }, settings);

    /// Starts it with something of the test's own among its parts.
    public static async Task<ParleService> Start(
        string connectionString, Action<IServiceCollection> with, params (string Name, string Value)[] settings) => new(
            await AlbaHost.For<Program>(builder =>
            {
                builder.UseEnvironment("Testing");
                builder.UseSetting("ConnectionStrings:Parle", connectionString);
                builder.UseSetting("PARLE_SERVER_KEY", ServerKey);
                builder.UseSetting("PARLE_MIGRATE", "1");
                builder.UseSetting("Logging:LogLevel:Default", "Warning");
                foreach (var (name, value) in (IEnumerable<(string, string)>)[.. Unlimited, .. settings])
                {
                    builder.UseSetting(name, value);
                }

                builder.ConfigureServices(with);
            }),
            connectionString);

    /// A client that says its version, and nothing else about itself.
    public HttpClient Client()
    {
        var client = Host.Server.CreateClient();
        client.DefaultRequestHeaders.Add(VersionHeader.Name, VersionHeader.Current);
        return client;
    }

    /// Creates what is missing, as an operator would.
    public Task<Provisioned> Provision(Provision wanted, bool newTokens = false) =>
        Host.Services.GetRequiredService<Provisioner>().Run(wanted, newTokens);

    /// A fresh room of a fresh principal, with a seat and a token for one agent of each of <paramref name="histories"/> principals.
    public async Task<TestRoom> NewRoom(params History[] histories)
    {
        var handles = histories.Select(_ => $"p{Guid.NewGuid():N}"[..16]).ToList();
        var provisioned = await Provision(new(
            [.. handles.Select(handle => new ProvisionPrincipal(handle))],
            [.. handles.Select(handle => new ProvisionAgent(handle, "helper"))],
            [new("build", handles[0], RoomKind.Shared,
                [.. handles.Select((handle, i) => new ProvisionSeat($"@{handle}.helper", histories[i]))],
                [.. handles.Select(handle => new ProvisionToken($"@{handle}.helper"))])]));
        var room = provisioned.Rooms[0];
        return new(room.RoomID, [.. room.Tokens.Select(token => new TestAgent(Client(), room.RoomID, token.Token!))]);
    }

    /// A room whose agents have all started a session and entered.
    public async Task<TestRoom> NewRoomWithPresent(params History[] histories)
    {
        var room = await NewRoom(histories);
        foreach (var agent in room.Agents)
        {
            await agent.StartSession();
            await agent.Enter();
        }

        return room;
    }

    public async ValueTask DisposeAsync() => await Host.DisposeAsync();
}

/// A room and those who have a token for it.
public sealed record TestRoom(Guid RoomID, IReadOnlyList<TestAgent> Agents);
