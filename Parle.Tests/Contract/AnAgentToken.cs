using System.Net;
using Parle.Api;
using Parle.Api.Callers;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class AnAgentToken(TestCluster cluster)
{
    [Fact]
    public async Task that_opens_nothing_gets_one_answer_everywhere()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var expired = await service.WithToken(ana, expiresAt: DateTimeOffset.UtcNow.AddSeconds(-1));
        await service.Revoke(ben);
        string?[] headers =
        [
            null, "", "Bearer", "Bearer ", "Basic YTpi", ana.Token, $"Basic {ana.Token}", "Bearer parle_agt_short", $"Bearer {ana.Token}x",
            $"Bearer {ana.Token[..^1]}é", $"Bearer {ana.Credential}", $"Bearer {CredentialKind.AgentToken.Mint().Reveal()}",
            $"Bearer {ana.Token} {ana.Token}", $"Bearer {ben.Token}", $"Bearer {expired.Token}",
        ];

        var answers = new HashSet<string>();
        foreach (var action in Actions.All.Where(action => action.NeedsAgent && !action.IsForPeople))
        {
            foreach (var header in headers)
            {
                using var request = ana.Request(
                    new(action.Method), action.Path.Replace("{room}", $"{room.RoomID}").Replace("{session}", $"{ana.SessionID}"));
                request.Headers.Authorization = null;
                _ = header is null || request.Headers.TryAddWithoutValidation("Authorization", header);
                var answer = await ana.Send(request);
                await answer.IsRefused("invalid_agent_token");
                answers.Add($"{answer.Headers}{answer.Content.Headers}{await answer.Content.ReadAsStringAsync()}");
            }
        }

        Assert.Single(answers);
    }

    [Fact]
    public async Task must_come_alone()
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        using var request = ana.Request(HttpMethod.Get, "/v/agent/self");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {ana.Token}");
        await (await ana.Send(request)).IsRefused("invalid_agent_token");
    }

    [Fact]
    public async Task stops_working_the_moment_it_is_revoked()
    {
        var service = await cluster.Service;
        var ana = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await ana.Read();

        await service.Revoke(ana);

        await (await ana.Send(HttpMethod.Get, ana.Projection)).IsRefused("invalid_agent_token");
        await (await ana.Send(HttpMethod.Post, ana.Participants)).IsRefused("invalid_agent_token");
        await (await ana.Say("hello")).IsRefused("invalid_agent_token");
        await (await ana.Send(HttpMethod.Post, "/v/agent/sessions", "{}")).IsRefused("invalid_agent_token");
    }

    [Fact]
    public async Task of_the_same_agent_serves_the_same_session()
    {
        var service = await cluster.Service;
        var ana = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var again = await service.WithToken(ana);
        again.Credential = ana.Credential;

        await service.Revoke(ana);

        Assert.Empty((await again.Read()).Messages());
    }

    [Fact]
    public async Task has_the_contracts_form()
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        Assert.Matches("^parle_agt_[A-Za-z0-9_-]{43}$", ana.Token);
    }

    [Fact]
    public async Task tells_its_holder_who_it_is()
    {
        var room = await (await cluster.Service).NewRoom(History.FromAdmission);
        var self = await (await room.Agents[0].Send(HttpMethod.Get, "/v/agent/self")).Json(HttpStatusCode.OK);

        self.HasExactly("agent_id", "address", "principal", "scopes", "rooms", "next");
        self.IsUuid("agent_id");
        Assert.Matches("^@[a-z0-9-]+[.]helper$", self.Text("address"));
        Assert.Equal("participate", Assert.Single(self.GetProperty("scopes").EnumerateArray()).GetString());
        Assert.Equal($"{room.RoomID}", Assert.Single(self.GetProperty("rooms").EnumerateArray()).Text("room_id"));
        Assert.Equal(("start_session", "POST", "/v/agent/sessions"),
            (self.GetProperty("next").Text("action"), self.GetProperty("next").Text("method"), self.GetProperty("next").Text("path")));
    }
}
