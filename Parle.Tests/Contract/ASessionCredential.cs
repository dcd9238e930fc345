using System.Net;
using Parle.Api;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class ASessionCredential(TestCluster cluster)
{
    private static readonly IReadOnlyList<ParleAction> InSession = [.. Actions.All.Where(
        action => action.NeedsAgent && action.NeedsSession)];

    [Fact]
    public async Task that_is_none_asks_for_a_new_session()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var handle = ana.Address.Split('.')[^1];
        foreach (var wrong in (string?[])[null, "", handle, ana.Credential + "x", ana.Credential![..^1], ben.Credential, ana.Token,
            CredentialKind.AgentSession.Mint().Reveal()])
        {
            ana.Credential = wrong;
            await IsRefusedEverywhere(ana, "invalid_agent_session");
        }
    }

    [Fact]
    public async Task that_expired_says_so()
    {
        var service = await cluster.Service;
        var ana = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await service.StartExpiredSession(ana);
        await IsRefusedEverywhere(ana, "agent_session_expired");
    }

    [Fact]
    public async Task that_was_ended_says_so()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await (await ana.Send(HttpMethod.Post, $"/v/agent/sessions/{ana.SessionID}/end")).IsEmptyWith(HttpStatusCode.NoContent);
        await IsRefusedEverywhere(ana, "agent_session_ended");
    }

    [Fact]
    public async Task that_was_superseded_says_so()
    {
        var service = await cluster.Service;
        var ana = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await ana.Claim("night-shift", 0);
        await service.Successor(ana, "night-shift");
        await IsRefusedEverywhere(ana, "agent_session_superseded");
    }

    [Fact]
    public async Task is_not_needed_where_the_token_is_enough()
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        ana.Credential = "nonsense";
        await (await ana.Send(HttpMethod.Get, "/v/agent/self")).Json(HttpStatusCode.OK);
        await (await ana.Send(HttpMethod.Get, "/v/agent/sessions")).Json(HttpStatusCode.OK);
        await (await ana.Send(HttpMethod.Post, "/v/agent/sessions")).Json(HttpStatusCode.Created);
    }

    private static async Task IsRefusedEverywhere(TestAgent agent, string code)
    {
        foreach (var action in InSession)
        {
            await (await agent.Send(new(action.Method),
                action.Path.Replace("{room}", $"{agent.RoomID}").Replace("{session}", $"{agent.SessionID}"), key: "key")).IsRefused(code);
        }
    }
}
