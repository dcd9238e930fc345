using JasperFx.Events;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Parle.Api.Callers;
using Parle.Domain.Sessions;
using Parle.Domain.Tokens;
using Parle.Projections;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

/// Credentials in states that no route brings about yet.
public static class CraftedCredentials
{
    /// The same agent with another token for the same room.
    public static async Task<TestAgent> WithToken(
        this ParleService service, TestAgent agent, DateTimeOffset? expiresAt = null, params string[] scopes)
    {
        var (tokenID, secret) = (Guid.CreateVersion7(), CredentialKind.AgentToken.Mint());
        var minted = new AgentTokenMinted(await service.AgentOf(agent), agent.RoomID, scopes is [] ? ["participate"] : scopes, expiresAt);
        await service.Start(tokenID, minted, secret);
        return new(service.Client(), agent.RoomID, secret.Reveal());
    }

    /// Gives the agent a session whose life is over.
    public static async Task StartExpiredSession(this ParleService service, TestAgent agent)
    {
        var secret = CredentialKind.AgentSession.Mint();
        await service.Start(Guid.CreateVersion7(),
            new SessionStarted(await service.AgentOf(agent), "aaaaaaaaaaaaaaaa", DateTimeOffset.UtcNow.AddSeconds(-1)), secret);
        agent.Credential = secret.Reveal();
    }

    /// A session as it was recorded before it named its token.
    public static async Task<(string Credential, Guid SessionID)> StartSessionOfBefore(this ParleService service, TestAgent agent)
    {
        var (sessionID, secret) = (Guid.CreateVersion7(), CredentialKind.AgentSession.Mint());
        await service.Start(
            sessionID, new SessionStarted(await service.AgentOf(agent), "bbbbbbbbbbbbbbbb", DateTimeOffset.UtcNow.AddHours(12)), secret);
        return (secret.Reveal(), sessionID);
    }

    public static async Task Revoke(this ParleService service, TestAgent agent)
    {
        await using var session = service.Host.Services.GetRequiredService<IDocumentStore>().LightweightSession();
        session.Events.Append(await service.Find(agent, "t.token_id"), session.Crafted(new AgentTokenRevoked()));
        await session.SaveChangesAsync();
    }

    /// A fact as the service would write it, on a test's behalf.
    public static IEvent Crafted(this IDocumentSession session, object fact) =>
        session.BuildFact(fact, Guid.CreateVersion7(), DateTimeOffset.UtcNow, new("test", Operator.ServiceID, ["test"], "test"));

    private static Task<Guid> AgentOf(this ParleService service, TestAgent agent) => service.Find(agent, "t.agent_id");

    private static async Task Start(this ParleService service, Guid streamID, object fact, Secret secret)
    {
        await using var session = service.Host.Services.GetRequiredService<IDocumentStore>().LightweightSession();
        session.Events.StartStream(streamID, session.Crafted(fact));
        session.QueueOperation(Credentials.Keep(service.Host.Services.GetRequiredService<ServerKey>(), secret, streamID));
        await session.SaveChangesAsync();
    }

    private static async Task<Guid> Find(this ParleService service, TestAgent agent, string column)
    {
        var hash = service.Host.Services.GetRequiredService<ServerKey>().HashOf(CredentialKind.AgentToken.Read(agent.Token)!.Value);
        await using var command = service.Host.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            $"select {column} from parle.credentials c join parle.agent_tokens t on t.token_id = c.subject_id where c.hash = $1");
        command.Parameters.Add(new() { Value = hash });
        return (Guid)(await command.ExecuteScalarAsync())!;
    }
}
