using System.Net;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class ClaimingAnAlias(TestCluster cluster)
{
    [Fact]
    public async Task names_the_session_that_claims()
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        var started = await ana.StartSession();

        var claimed = await ana.Claim("night-shift", 0);

        claimed.HasExactly("agent_session_id", "alias", "generation", "address", "created_at", "expires_at");
        Assert.Equal((started.Text("agent_session_id"), "night-shift", 1),
            (claimed.Text("agent_session_id"), claimed.Text("alias"), claimed.GetProperty("generation").GetInt64()));
        Assert.Equal($"@{started.GetProperty("principal").Text("handle")}.helper.night-shift", claimed.Text("address"));
        Assert.Equal((started.Text("created_at"), started.Text("expires_at")), (claimed.Text("created_at"), claimed.Text("expires_at")));
    }

    [Fact]
    public async Task keeps_the_session_in_its_room()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var (participant, handle) = (ana.ParticipantID, ana.Address);

        await ana.Claim("night-shift", 0);

        await (await ana.Say("still here")).Json(HttpStatusCode.Created);
        Assert.Equal(participant, (await ana.Enter()).GetProperty("participant_id").GetGuid());
        await ben.Tell(handle, "by its handle");
        await ben.Tell(ana.Address, "by its alias");
        await ben.Tell(ana.AgentAddress(), "by its agent");
        Assert.Equal(["by its handle", "by its alias", "by its agent"], await ana.Waiting());
    }

    [Fact]
    public async Task is_seen_at_once_where_sessions_are_listed()
    {
        var service = await cluster.Service;
        var ana = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var anonymous = await service.SessionOutsideOf(ana);
        await ana.Claim("night-shift", 0);

        var listed = (await ListingSessions.List(ana)).GetProperty("sessions").EnumerateArray()
            .ToDictionary(session => session.GetProperty("agent_session_id").GetGuid());

        Assert.Equal(
            ("night-shift", 1, ana.Address),
            (listed[ana.SessionID].Text("alias"), listed[ana.SessionID].GetProperty("generation").GetInt64(),
                listed[ana.SessionID].Text("address")));
        listed[anonymous.SessionID].IsNull("alias");
        Assert.Equal((0, anonymous.Address),
            (listed[anonymous.SessionID].GetProperty("generation").GetInt64(), listed[anonymous.SessionID].Text("address")));
    }

    [Fact]
    public async Task is_shown_with_what_the_session_says_from_then_on()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var handle = ana.Address;
        await ana.Say("before");
        await ana.Claim("night-shift", 0);
        await ana.Say("after");

        var authors = (await ben.Read()).Messages().Select(row => row.GetProperty("author").Text("address"));

        Assert.Equal([handle, ana.Address], authors);
    }

    [Theory, InlineData(1), InlineData(99), InlineData(long.MaxValue)]
    public async Task with_another_generation_than_its_last_is_a_conflict(long expected)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await (await ana.TryClaim("night-shift", expected)).IsRefused("agent_session_alias_conflict");
        Assert.Equal(0, (await ana.LookUp("night-shift")).GetProperty("generation").GetInt64());
        await ana.Claim("night-shift", 0);
    }

    [Fact]
    public async Task that_another_session_claimed_first_is_a_conflict_and_costs_nobody_its_session()
    {
        var service = await cluster.Service;
        var first = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var second = await service.AnotherSessionOf(first);
        await first.Claim("night-shift", 0);

        await (await second.TryClaim("night-shift", 0)).IsRefused("agent_session_alias_conflict");

        await first.Read();
        await second.Read();
        await second.Claim("day-shift", 0);
    }

    [Theory, InlineData("night-shift", 0), InlineData("night-shift", 1), InlineData("day-shift", 0)]
    public async Task again_is_a_conflict_and_changes_nothing(string alias, long expected)
    {
        var service = await cluster.Service;
        var ana = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await ana.Claim("night-shift", 0);

        await (await ana.TryClaim(alias, expected)).IsRefused("agent_session_alias_conflict");

        var owned = await ana.LookUp("night-shift");
        Assert.Equal(
            (1, ana.SessionID), (owned.GetProperty("generation").GetInt64(), owned.GetProperty("current_agent_session_id").GetGuid()));
        Assert.Equal(0, (await ana.LookUp("day-shift")).GetProperty("generation").GetInt64());
    }

    [Fact]
    public async Task is_each_agents_own_affair()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await ana.Claim("night-shift", 0);

        Assert.Equal(0, (await ben.LookUp("night-shift")).GetProperty("generation").GetInt64());
        await ben.Claim("night-shift", 0);

        await ana.Tell(ben.Address, "to Ben's");
        await ben.Tell(ana.Address, "to Ana's");
        Assert.Equal(["to Ben's"], await ben.Waiting());
        Assert.Equal(["to Ana's"], await ana.Waiting());
    }

    [Theory]
    [InlineData("admin"), InlineData("agent"), InlineData("agents"), InlineData("api"), InlineData("me"), InlineData("null"),
        InlineData("parle")]
    [InlineData("room"), InlineData("rooms"), InlineData("root"), InlineData("support"), InlineData("system"), InlineData("www")]
    public async Task that_is_reserved_is_refused(string word)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await (await ana.TryClaim(word, 0)).IsRefused("session_alias_reserved");
    }

    [Theory]
    [InlineData(""), InlineData("a"), InlineData("Night"), InlineData("night_shift"), InlineData("-night"), InlineData("night-"),
        InlineData("night--shift"), InlineData("night.shift")]
    [InlineData("abcdefghij-abcdefghij-0123456789x"), InlineData("c7w2k5n4q3zx6m7a"), InlineData("n\\u00efght"), InlineData("\\u0000")]
    public async Task that_is_none_is_invalid(string alias)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await (await ana.TryClaim(alias, 0)).IsRefused("validation_failed");
    }

    [Theory]
    [InlineData("{}"), InlineData("""{"alias":null,"expected_generation":0}"""), InlineData("""{"expected_generation":0}"""),
        InlineData("""{"alias":"night-shift"}""")]
    [InlineData("""{"alias":"night-shift","expected_generation":null}"""),
        InlineData("""{"alias":"night-shift","expected_generation":-1}""")]
    public Task that_says_too_little_is_invalid(string json) => IsRefused(json, "validation_failed");

    [Theory]
    [InlineData("null"), InlineData("[]"), InlineData("{"), InlineData("""{"alias":1,"expected_generation":0}"""),
        InlineData("""{"alias":"night-shift","expected_generation":"0"}""")]
    [InlineData("""{"alias":"night-shift","expected_generation":0.5}"""),
        InlineData("""{"alias":"night-shift","alias":"night-shift","expected_generation":0}""")]
    public Task that_cannot_be_read_is_malformed(string json) => IsRefused(json, "malformed_request");

    [Fact]
    public async Task for_another_session_is_a_mismatch()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var other = await service.AnotherSessionOf(ana);
        foreach (var session in (string[])[$"{ben.SessionID}", $"{other.SessionID}", $"{Guid.CreateVersion7()}", "nonsense"])
        {
            await (await ana.Send(HttpMethod.Post, $"/v/agent/sessions/{session}/claim-alias",
                """{"alias":"night-shift","expected_generation":0}""")).IsRefused("agent_session_mismatch");
        }

        Assert.Equal(0, (await ana.LookUp("night-shift")).GetProperty("generation").GetInt64());
    }

    [Fact]
    public async Task needs_a_live_session()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await ana.End();
        await (await ana.TryClaim("night-shift", 0)).IsRefused("agent_session_ended");
        ana.Credential = null;
        await (await ana.TryClaim("night-shift", 0)).IsRefused("invalid_agent_session");
    }

    private async Task IsRefused(string json, string code)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await (await ana.Send(HttpMethod.Post, $"/v/agent/sessions/{ana.SessionID}/claim-alias", json)).IsRefused(code);
        Assert.Equal(0, (await ana.LookUp("night-shift")).GetProperty("generation").GetInt64());
    }
}
