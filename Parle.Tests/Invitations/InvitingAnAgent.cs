using System.Net;
using System.Text.Json;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Invitations;

public class InvitingAnAgent(TestCluster cluster)
{
    [Fact]
    public async Task directly_lets_it_in_with_a_token_that_is_bound_to_the_invitation()
    {
        var (service, host, guest, agentID) = await HostAndGuest();
        var invited = await Invite(host, guest, "direct");
        Assert.Equal(("agent", $"{agentID}", "direct"),
            (invited.Text("target_kind"), invited.Text("target_agent_id"), invited.Text("agent_admission")));
        var token = await BoundToken(guest, agentID, invited);
        var agent = new TestAgent(service.Client(), host.RoomID, token);

        await agent.StartSession();
        await (await agent.Send(HttpMethod.Post, agent.Participants)).Refuses("room_not_found");
        Assert.Equal("agent", (await (await agent.Send(HttpMethod.Get, Of(invited))).Json(HttpStatusCode.OK)).Text("seat_type"));
        var seated = await (await agent.Send(HttpMethod.Post, $"{Of(invited)}/accept", "{}")).Json(HttpStatusCode.Created);
        Assert.Equal(seated.GetRawText(),
            (await (await agent.Send(HttpMethod.Post, $"{Of(invited)}/accept", "{}")).Json(HttpStatusCode.OK)).GetRawText());

        await agent.Enter(); // The token opens the room now.
        await (await agent.Say("hello")).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task waits_for_its_owner_where_that_was_asked_for()
    {
        var (service, host, guest, agentID) = await HostAndGuest();
        var invited = await Invite(host, guest, "owner_approval");
        var agent = new TestAgent(service.Client(), host.RoomID, await BoundToken(guest, agentID, invited));
        Assert.Equal("waiting",
            (await (await agent.Send(HttpMethod.Post, $"{Of(invited)}/accept", "{}")).Json(HttpStatusCode.Accepted)).Text("state"));
        await (await agent.Send(HttpMethod.Post, $"{Of(invited)}/accept", "{}")).Json(HttpStatusCode.Accepted);

        var admission = Assert.Single(
            (await (await guest.Get("/v/agent-admissions")).Json(HttpStatusCode.OK)).GetProperty("admissions").EnumerateArray());
        Assert.Equal(("agent", $"{agentID}"), (admission.Text("kind"), admission.Text("agent_id")));
        Assert.Empty(
            (await (await host.Owner.Get("/v/agent-admissions")).Json(HttpStatusCode.OK)).GetProperty("admissions").EnumerateArray());
        await (await host.Owner.Post($"/v/agent-admissions/{admission.Text("admission_id")}", new { decision = "approve" }))
            .Refuses("not_found");
        await (await guest.Post($"/v/agent-admissions/{admission.Text("admission_id")}", new { decision = "approve" }))
            .Json(HttpStatusCode.OK);

        await (await agent.Send(HttpMethod.Post, $"{Of(invited)}/accept", "{}")).Json(HttpStatusCode.OK);
        await agent.StartSession();
        await agent.Enter();
    }

    [Fact]
    public async Task cannot_be_agreed_to_once_the_token_that_invited_is_over()
    {
        var service = await cluster.Service;
        var (host, guest) = (await service.NewOwnedRoom(1, "invite_mint"), await service.NewPerson());
        var agentID = await guest.Creates();
        var invited = await (await host.Agents[0].Send(
            HttpMethod.Post, Path(host),
            $$$"""{"target":{"kind":"agent","agent":"@{{{guest.Handle}}}.helper"},"agent_admission":"owner_approval"}"""))
                .Json(HttpStatusCode.Created);
        var agent = new TestAgent(service.Client(), host.RoomID, await BoundToken(guest, agentID, invited));
        await (await agent.Send(HttpMethod.Post, $"{Of(invited)}/accept", "{}")).Json(HttpStatusCode.Accepted);

        await service.Revoke(host.Agents[0]);

        await (await guest.Post($"/v/agent-admissions/{invited.Text("invite_id")}", new { decision = "approve" })).Refuses("not_found");
        Assert.DoesNotContain($"@{guest.Handle}.helper", (await host.Owner.AgentSeats(host.RoomID)).Keys);
    }

    [Fact]
    public async Task lets_its_principal_accept_for_it()
    {
        var (_, host, guest, agentID) = await HostAndGuest();
        var invited = await Invite(host, guest, "owner_approval");
        await (await guest.Post($"{Of(invited)}/accept", "{}")).Json(HttpStatusCode.Created);
        Assert.Contains($"@{guest.Handle}.helper", (await host.Owner.AgentSeats(host.RoomID)).Keys);
        Assert.NotEqual(Guid.Empty, agentID);
    }

    [Fact]
    public async Task tells_an_agent_with_another_token_of_no_invitation()
    {
        var (service, host, guest, agentID) = await HostAndGuest();
        var (invited, other) = (await Invite(host, guest, "direct"), await Invite(host, guest, "direct"));
        var bound = new TestAgent(service.Client(), host.RoomID, await BoundToken(guest, agentID, other));
        var stranger = (await service.NewOwnedRoom(1, "claim_invite")).Agents[0];
        var narrow = (await service.NewOwnedRoom(1)).Agents[0];

        var denials = new HashSet<(HttpStatusCode, string)>();
        foreach (var (agent, id) in ((TestAgent, string)[])[(bound, invited.Text("invite_id")), (stranger, invited.Text("invite_id")),
            (stranger, $"{Guid.NewGuid()}")])
        {
            denials.Add(await (await agent.Send(HttpMethod.Get, $"/v/room-invitations/{id}")).Bytes());
            denials.Add(await (await agent.Send(HttpMethod.Post, $"/v/room-invitations/{id}/accept", "{}")).Bytes());
        }

        Assert.Equal(HttpStatusCode.NotFound, Assert.Single(denials).Item1);
        Assert.Equal("missing_scope", (await (await narrow.Send(HttpMethod.Get, Of(invited))).Refuses("forbidden")).Text("reason"));
    }

    [Fact]
    public async Task is_for_agents_too_who_have_scope_and_right()
    {
        var service = await cluster.Service;
        var host = await service.NewOwnedRoom(2, "invite_mint");
        var guest = await service.NewPerson();
        var body = $$$"""{"target":{"kind":"principal","handle":"{{{guest.Handle}}}"}}""";
        Assert.Equal(
            "missing_right", (await (await host.Agents[1].Send(HttpMethod.Post, Path(host), body)).Refuses("forbidden")).Text("reason"));
        await (await host.Owner.Post(
            $"/v/rooms/{host.RoomID}/seats/{await host.Owner.SeatOf(host.Agents[1])}/rights", new { right_name = "invite_members" }))
            .Json(HttpStatusCode.Created);
        var invited = await (await host.Agents[1].Send(HttpMethod.Post, Path(host), body, "key")).Json(HttpStatusCode.Created);
        Assert.Equal(invited.Text("invite_id"),
            (await (await host.Agents[1].Send(HttpMethod.Post, Path(host), body, "key")).Json(HttpStatusCode.OK)).Text("invite_id"));
        Assert.Equal("not_owner", (await (await host.Agents[0].Send(HttpMethod.Post, Path(host),
            $$$"""{"target":{"kind":"principal","handle":"{{{guest.Handle}}}"},"offered_rights":["invite_members"]}"""))
            .Refuses("forbidden")).Text("reason"));

        var other = (await service.NewOwnedRoom(1)).Agents[0];
        await (await other.Send(HttpMethod.Post, $"/v/rooms/{other.RoomID}/invites", body)).Refuses("forbidden"); // No scope.
        await (await other.Send(HttpMethod.Post, Path(host), body)).Refuses("room_not_found");
        // Its own.
        await (await host.Agents[1].Send(HttpMethod.Delete, $"{Path(host)}/{invited.Text("invite_id")}"))
            .IsEmptyWith(HttpStatusCode.NoContent);
        await (await guest.Get(Of(invited))).Refuses("not_found");
    }

    [Theory]
    [InlineData("""{"target":{"kind":"unbound"}}""", "invite_capability_retired")]
    [InlineData("""{"target":{"kind":"principal","handle":"somebody"},"claim_mode":"capability"}""", "invite_capability_retired")]
    [InlineData("""{"target":{"kind":"principal","handle":"nobody-at-all"}}""", "validation_failed")]
    [InlineData("""{"target":{"kind":"agent","agent":"@nobody-at-all.helper"}}""", "validation_failed")]
    [InlineData("""{"target":{"kind":"agent","agent":"@a.b.c"}}""", "validation_failed")]
    [InlineData("""{"target":{"kind":"dog"}}""", "validation_failed")]
    [InlineData("""{"target":{"kind":"agent"}}""", "validation_failed")]
    [InlineData("""{"target":{"kind":"email","email":"nowhere"}}""", "validation_failed")]
    [InlineData("""{}""", "validation_failed")]
    [InlineData("""{"target":{"kind":"principal","handle":"x"},"seat_type":"agent"}""", "validation_failed")]
    [InlineData("""{"target":{"kind":"principal","handle":"x"},"agent_admission":"direct"}""", "validation_failed")]
    [InlineData("""{"target":{"kind":"principal","handle":"x"},"ttl_seconds":0}""", "validation_failed")]
    public async Task is_refused_for_what_makes_no_sense(string body, string code)
    {
        var host = await (await cluster.Service).NewOwnedRoom(1);
        await (await host.Owner.Post(Path(host), body)).Refuses(code);
        Assert.Equal(0, await (await cluster.Service).Count(host.RoomID, "invitation_minted"));
    }

    [Fact]
    public async Task lasts_a_week_at_most()
    {
        var (_, host, guest, _) = await HostAndGuest();
        await (await host.Owner.Post(
            Path(host), new { target = new { kind = "agent", agent = $"@{guest.Handle}.helper" }, ttl_seconds = 604801 }))
            .Refuses("validation_failed");
        await (await host.Owner.Post(
            Path(host), new { target = new { kind = "agent", agent = $"@{guest.Handle}.helper" }, ttl_seconds = 604800 }))
            .Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task no_longer_works_with_a_secret_and_a_code()
    {
        var agent = (await (await cluster.Service).NewOwnedRoom(1, "claim_invite")).Agents[0];
        var refused = await agent.Send(HttpMethod.Post, "/v/claim/agent", """{"secret":"parle_inv_x","code":"ABCDEFGHJK"}""");
        Assert.Equal(HttpStatusCode.Gone, refused.StatusCode);
        await refused.Refuses("invite_capability_retired");
    }

    private static string Path(OwnedRoom host) => $"/v/rooms/{host.RoomID}/invites";

    private static string Of(JsonElement invited) => $"/v/room-invitations/{invited.Text("invite_id")}";

    private static async Task<JsonElement> Invite(OwnedRoom host, TestPrincipal guest, string admission) =>
        await (await host.Owner.Post(
            Path(host), new { target = new { kind = "agent", agent = $"@{guest.Handle}.helper" }, agent_admission = admission }))
            .Json(HttpStatusCode.Created);

    private static async Task<string> BoundToken(TestPrincipal guest, Guid agentID, JsonElement invited) => (await (await guest.Post(
        $"/v/agents/{agentID}/tokens", new { invite_id = invited.Text("invite_id"), scopes = new[] { "participate", "claim_invite" } }))
            .Json(HttpStatusCode.Created)).Text("token");

    private async Task<(ParleService Service, OwnedRoom Host, TestPrincipal Guest, Guid AgentID)> HostAndGuest()
    {
        var service = await cluster.Service;
        var guest = await service.NewPerson();
        return (service, await service.NewOwnedRoom(1), guest, await guest.Creates());
    }
}
