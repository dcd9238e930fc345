using System.Net;
using Parle.Tests.Asks;
using Parle.Tests.Crash;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class AgentsOfAPerson(TestCluster cluster)
{
    [Fact]
    public async Task are_created_with_a_name_that_is_shown()
    {
        var ana = await (await cluster.Service).NewPerson();
        var named = await (await ana.Post("/v/agents", new { agent_handle = "builder", display_name = "The Builder" }))
            .Json(HttpStatusCode.Created);
        named.HasExactly("agent_id", "agent_handle", "display_name");
        named.IsUuid("agent_id");
        Assert.Equal(("builder", "The Builder"), (named.Text("agent_handle"), named.Text("display_name")));

        var unnamed = await (await ana.Post("/v/agents", new { agent_handle = "tester" })).Json(HttpStatusCode.Created);
        Assert.Equal("tester", unnamed.Text("display_name"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"agent_handle":"Builder"}""")]
    [InlineData("""{"agent_handle":"agent"}""")]
    [InlineData("""{"agent_handle":"builder","display_name":""}""")]
    public async Task are_refused_without_a_proper_name(string body) =>
        await (await (await (await cluster.Service).NewPerson()).Post("/v/agents", body)).IsRefused("validation_failed");

    [Fact]
    public async Task have_handles_that_are_unique_among_ones_own()
    {
        var service = await cluster.Service;
        var (ana, ben) = (await service.NewPerson(), await service.NewPerson());
        await ana.Creates("builder");
        await ben.Creates("builder");
        await (await ana.Post("/v/agents", new { agent_handle = "builder" })).IsRefused("handle_unavailable");
    }

    /// Law 3.
    [Fact]
    public async Task are_created_once_for_one_key()
    {
        var ana = await (await cluster.Service).NewPerson();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => ana.Post("/v/agents", new { agent_handle = "builder" }, "one-key")));
        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Bytes()))).Distinct());
        Assert.Equal(HttpStatusCode.Created, answers[0].StatusCode);
    }

    [Fact]
    public async Task are_listed_oldest_first()
    {
        var ana = await (await cluster.Service).NewPerson();
        var (first, second) = (await ana.Creates("second"), await ana.Creates("first"));
        var list = await (await ana.Get("/v/agents")).Json(HttpStatusCode.OK);
        list.HasExactly("agents");
        var rows = list.GetProperty("agents").EnumerateArray().ToList();
        Assert.All(rows, row => row.HasExactly("agent_id", "agent_handle", "display_name", "created_at"));
        Assert.All(rows, row => row.Timestamp("created_at"));
        Assert.Equal([first, second], rows.Select(row => row.GetProperty("agent_id").GetGuid()));
    }

    [Fact]
    public async Task have_a_bound()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase(), ("Parle:Limits:AgentsPerPrincipal", "1"));
        var ana = await service.NewPerson();
        var only = await ana.Creates("builder");
        var error = await (await ana.Post("/v/agents", new { agent_handle = "tester" }))
            .IsRefused("resource_limit_exceeded", "cap", "used", "limit", "recovery");
        Assert.Equal("principal_agents", error.Text("cap"));
        await (await ana.Delete($"/v/agents/{only}")).IsEmptyWith(HttpStatusCode.NoContent);
        await ana.Creates("tester");
    }

    [Fact]
    public async Task end_with_all_that_they_had()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var agentID = await service.IDOfAgent(ben);
        var ask = await ana.Opens(Asking.Help());
        await ben.Does(ask, "claim");
        await using var wake = await EventReader.Wake(ben);
        await using var rows = await EventReader.Room(ben, (await ben.Read()).GetProperty("watermark").GetInt64());

        await (await room.People[1].Delete($"/v/agents/{agentID}")).IsEmptyWith(HttpStatusCode.NoContent);

        await (await ben.Say("anybody?")).Refuses("invalid_agent_token");
        await (await ben.Again().Send(HttpMethod.Post, "/v/agent/sessions", "{}")).Refuses("invalid_agent_token");
        Assert.Empty(await wake.ToEnd());
        await rows.ToEnd();
        await Until.Holds(async () => await ana.StateOf(ask) == "open");
        Assert.DoesNotContain(ben.AgentAddress(), (await room.Owner.AgentSeats(room.RoomID)).Keys);
        await (await ana.Say("still there?", to: ben.Address)).IsRefused("address_not_deliverable");
        foreach (var type in (string[])["agent_deleted", "agent_token_revoked", "session_ended", "seat_removed"])
        {
            await Until.Holds(async () => await service.Scalar<long>(
                """
                select count(*) from parle.mt_events e where e.type = $2 and (e.stream_id in ($1, $3, $4) or e.stream_id in (select token_id from parle.agent_tokens where agent_id = $1))
                """, agentID, type, room.RoomID, ben.SessionID) == 1, type);
        }

        await (await room.People[1].Delete($"/v/agents/{agentID}")).IsRefusedAsNothing();
    }

    [Fact]
    public async Task leave_their_handle_and_no_address_behind()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await ben.Claim("night-shift", 0);
        var (old, alias) = (ben.AgentAddress(), ben.Address);
        await (await ana.Say("leave this", to: alias)).Json(HttpStatusCode.Created);

        await (await room.People[1].Delete($"/v/agents/{await service.IDOfAgent(ben)}")).IsEmptyWith(HttpStatusCode.NoContent);
        var another = await room.People[1].Creates();
        await service.Admit(room.People[1], room.RoomID);
        await room.People[1].Seats(room.RoomID, another);

        await (await ana.Say("anybody?", to: alias)).IsRefused("address_not_deliverable");
        await ana.Tell(old, "who has the handle now?"); // Another agent, which has a seat too.
    }

    [Fact]
    public async Task of_others_are_as_if_there_were_none()
    {
        var service = await cluster.Service;
        var (ana, ben) = (await service.NewPerson(), await service.NewPerson());
        var agent = await ana.Creates();
        foreach (var id in (string[])[$"{agent}", $"{Guid.NewGuid()}", "nonsense"])
        {
            await (await ben.Delete($"/v/agents/{id}")).IsRefusedAsNothing();
        }

        Assert.Equal(
            agent, (await (await ana.Get("/v/agents")).Json(HttpStatusCode.OK)).GetProperty("agents")[0].GetProperty("agent_id").GetGuid());
    }

    /// Law 3: a retry of a deletion is answered as the first try.
    [Fact]
    public async Task are_deleted_once_for_one_key()
    {
        var service = await cluster.Service;
        var ana = await service.NewPerson();
        var agent = await ana.Creates();
        await (await ana.Delete($"/v/agents/{agent}", "key")).IsEmptyWith(HttpStatusCode.NoContent);
        await (await ana.Delete($"/v/agents/{agent}", "key")).IsEmptyWith(HttpStatusCode.NoContent);
        Assert.Equal(1, await service.Count(agent, "agent_deleted"));
    }

    [Fact]
    public async Task have_sessions_that_a_person_can_end()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var path = $"/v/agent/sessions/{ben.SessionID}/end";
        await (await room.Owner.Post(path)).IsRefusedAsNothing();
        await (await room.Owner.Post($"/v/agent/sessions/{Guid.NewGuid()}/end")).IsRefusedAsNothing();
        await (await room.Owner.Post("/v/agent/sessions/nonsense/end")).IsRefusedAsNothing();

        await (await room.People[1].Post(path)).IsEmptyWith(HttpStatusCode.NoContent);

        await (await ben.Say("anybody?")).Refuses("agent_session_ended");
        await (await ana.Say("anybody?", to: ben.Address)).IsRefused("address_not_deliverable");
        await (await room.People[1].Post(path)).IsRefusedAsNothing();
    }
}
