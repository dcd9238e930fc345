using System.Net;
using System.Text;
using System.Text.Json;
using Parle.Tests.Asks;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Invitations;

/// A right lets nobody exercise another's authority.
public class WhoDecides(TestCluster cluster)
{
    [Fact]
    public async Task about_a_join_key_is_its_maker_or_the_owner_and_nobody_who_may_invite()
    {
        var (service, host, inviter) = await RoomWithAnInviter();
        var key = await Mint(host.Owner, host.RoomID,
            new { approval = true, scopes = new[] { "participate", "room_manage" }, history = "all", agent_handle = "deputy" });
        await Join(service, key, HttpStatusCode.Accepted, "mine");

        var admission = $"/v/agent-admissions/{key.Text("join_key_id")}";
        Assert.Empty((await (await inviter.Get("/v/agent-admissions")).Json(HttpStatusCode.OK)).GetProperty("admissions").EnumerateArray());
        await (await inviter.Post(admission, new { decision = "approve" })).Refuses("not_found");
        await (await inviter.Post(admission, new { decision = "deny" })).Refuses("not_found");
        await (await inviter.Delete($"/v/rooms/{host.RoomID}/join-keys/{key.Text("join_key_id")}")).Refuses("not_found");
        Assert.Empty((await (await inviter.Get($"/v/rooms/{host.RoomID}/join-keys")).Json(HttpStatusCode.OK)).GetProperty("join_keys")
            .EnumerateArray());
        await Join(service, key, HttpStatusCode.Accepted, "mine");

        await (await host.Owner.Post(admission, new { decision = "approve" })).Json(HttpStatusCode.OK);
        await Join(service, key, HttpStatusCode.Created, "mine");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task about_a_key_of_somebody_who_may_invite_is_that_one_or_the_owner(bool byMaker)
    {
        var (service, host, inviter) = await RoomWithAnInviter();
        var other = await Seated(host, [.. Domain.Rooms.Rights.All]);
        var key = await Mint(inviter, host.RoomID, new { approval = true });
        await Join(service, key, HttpStatusCode.Accepted, "mine");
        var admission = $"/v/agent-admissions/{key.Text("join_key_id")}";

        await (await other.Post(admission, new { decision = "approve" })).Refuses("not_found");
        var decides = byMaker ? inviter : host.Owner;
        Assert.Equal(key.Text("join_key_id"), Assert.Single((await (await decides.Get("/v/agent-admissions")).Json(HttpStatusCode.OK))
            .GetProperty("admissions").EnumerateArray()).Text("admission_id"));
        await (await decides.Post(admission, new { decision = "approve" })).Json(HttpStatusCode.OK);
        var joined = await Join(service, key, HttpStatusCode.Created, "mine");
        Assert.Equal($"@{inviter.Handle}.{joined.Text("address").Split('.')[1]}", joined.Text("address"));
    }

    [Fact]
    public async Task for_whoever_may_take_back_invitations_is_revoking()
    {
        var (service, host, _) = await RoomWithAnInviter();
        var warden = await Seated(host, "revoke_invites");
        var key = await Mint(host.Owner, host.RoomID, new { approval = true });
        await Join(service, key, HttpStatusCode.Accepted, "mine");

        Assert.Single((await (await warden.Get($"/v/rooms/{host.RoomID}/join-keys")).Json(HttpStatusCode.OK)).GetProperty("join_keys")
            .EnumerateArray());
        await (await warden.Post($"/v/agent-admissions/{key.Text("join_key_id")}", new { decision = "deny" })).Refuses("not_found");
        await (await warden.Delete($"/v/rooms/{host.RoomID}/join-keys/{key.Text("join_key_id")}")).IsEmptyWith(HttpStatusCode.NoContent);
        await Join(service, key, HttpStatusCode.Unauthorized, "mine");
    }

    [Fact]
    public async Task an_approval_is_no_guest_and_its_hosts_decision_stays_the_hosts()
    {
        var service = await cluster.Service;
        var host = await service.NewOwnedRoom(2);
        var (ana, ben) = (host.Agents[0], host.Agents[1]);
        await Seat(host, host.People[1], "invite_members");
        var guest = await AGuestOf(service, host.People[1], host.RoomID, null);
        var ask = await ana.Opens(Asking.Approval());

        var decision = new { decision = "approve", sha256 = Asking.Digest };
        Assert.Equal("guest", (await (await guest.Try(ask, "decide", decision)).Refuses("act_not_possible")).Text("reason"));
        Assert.Equal("guest", (await (await guest.Try(ask, "decide", new { decision = "deny", sha256 = Asking.Digest }))
            .Refuses("act_not_possible")).Text("reason"));
        Assert.DoesNotContain(await Offer.All(guest), offer => offer.Action.Id == "decide_approval" && offer.Allowed);
        Assert.Equal("open", await ana.StateOf(ask));
        Assert.Equal("approved", await ben.Does(ask, "decide", decision));

        // A guest can neither use nor withdraw its host's ask.
        var bens = await ben.Opens(Asking.Approval());
        await ana.Does(bens, "decide", decision);
        Assert.Equal("not_the_asker",
            (await (await guest.Try(bens, "consume", new { sha256 = Asking.Digest })).Refuses("act_not_possible")).Text("reason"));
        Assert.Equal("not_the_asker", (await (await guest.Try(bens, "withdraw")).Refuses("act_not_possible")).Text("reason"));
        var said = (await (await ben.Say("mine")).Json(HttpStatusCode.Created)).Text("event_id");
        await (await guest.Send(
            HttpMethod.Post, $"/v/rooms/{host.RoomID}/redactions", $$"""{"event_id":"{{said}}","reason":"mistake"}""", "redact"))
            .Refuses("forbidden");
    }

    [Fact]
    public async Task is_no_guest_whatever_its_key_hands_over()
    {
        var service = await cluster.Service;
        var host = await service.NewOwnedRoom(2);
        await host.Owner.Creates("deputy");
        foreach (var named in (string?[])[null, "deputy"])
        {
            var guest = await AGuestOf(service, host.Owner, host.RoomID, named, [.. Domain.Tokens.Scopes.All]);
            var cells = (IEnumerable<(HttpMethod, string, string?)>)
            [
                (HttpMethod.Post, "/v/rooms", """{"kind":"shared"}"""), (HttpMethod.Post, $"/v/rooms/{host.RoomID}/join-keys", "{}"),
                (HttpMethod.Get, $"/v/rooms/{host.RoomID}/join-keys", null),
                (HttpMethod.Post, $"/v/rooms/{host.RoomID}/invites",
                    $$$"""{"target":{"kind":"principal","handle":"{{{(await service.NewPerson()).Handle}}}"}}"""),
                (HttpMethod.Post, $"/v/rooms/{host.RoomID}/seats/{await host.Owner.SeatOf(host.Agents[1])}/remove", null),
                (HttpMethod.Post, $"/v/rooms/{host.RoomID}/participants/{host.Agents[1].ParticipantID}/remove", null),
                (HttpMethod.Post, $"/v/rooms/{host.RoomID}/seats",
                    $$"""{"agent_id":"{{await host.Owner.Creates($"n{Guid.NewGuid():N}"[..12])}}"}"""),
            ];
            foreach (var (method, path, body) in cells)
            {
                Assert.True((await (await guest.Send(method, path, body)).Refuses("forbidden")).Text("reason") == "guest", path);
            }

            var details = await (await guest.Send(HttpMethod.Get, $"/v/rooms/{host.RoomID}")).Json(HttpStatusCode.OK);
            Assert.Equal((false, "ordinary"),
                (details.GetProperty("caller").GetProperty("is_owner").GetBoolean(), details.GetProperty("caller").Text("seat_class")));
            Assert.Single(details.GetProperty("roster").GetProperty("agent_seats").EnumerateArray(),
                seat => seat.TryGetProperty("guest", out _) && seat.Text("seat_id") == details.GetProperty("caller").Text("seat_id"));
            Assert.Equal(named is null ? null : "guest", (await guest.TryClaim("main", 0)) is { IsSuccessStatusCode: false } refused
                ? (await refused.Refuses("forbidden")).Text("reason") : null);
        }
    }

    /// A guest that brings its token along to another room brings its host along nowhere.
    [Fact]
    public async Task is_no_guest_of_another_rooms_host()
    {
        var service = await cluster.Service;
        var (host, elsewhere) = (await service.NewOwnedRoom(1), await service.NewOwnedRoom(2)); // There is somebody who could decide.
        var guest = await AGuestOf(service, host.Owner, host.RoomID, null, "participate", "claim_invite");
        var key = await Mint(elsewhere.Owner, elsewhere.RoomID, new { });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v/join")
        { Content = new StringContent($$"""{"key":"{{key.Text("key")}}"}""", Encoding.UTF8, "application/json") };
        request.Headers.Add("Authorization", $"Bearer {guest.Token}");
        var joined = await (await service.Client().SendAsync(request, TestContext.Current.CancellationToken)).Json(HttpStatusCode.Created);
        var there = guest.In(elsewhere.RoomID, joined.Text("token"));
        await there.Enter();

        var ask = await elsewhere.Agents[0].Opens(Asking.Approval());
        Assert.Equal("guest", (await (await there.Try(ask, "decide", new { decision = "approve", sha256 = Asking.Digest }))
            .Refuses("act_not_possible")).Text("reason"));
    }

    /// With credentials of one's own one is nobody's guest, also with one's own key.
    [Fact]
    public async Task is_whoever_brings_its_own_credentials()
    {
        var service = await cluster.Service;
        var host = await service.NewOwnedRoom(1);
        foreach (var person in (TestPrincipal[])[await service.NewPerson(), host.Owner])
        {
            var key = await Mint(host.Owner, host.RoomID, new { });
            var joined = await (await person.Post("/v/join", new { key = key.Text("key"), agent_handle = "tester" }))
                .Json(HttpStatusCode.Created);
            var agent = new TestAgent(service.Client(), host.RoomID, joined.Text("token"));
            await agent.StartSession();
            await agent.Enter();
            Assert.False((await (await agent.Send(HttpMethod.Get, $"/v/rooms/{host.RoomID}")).Json(HttpStatusCode.OK)).GetProperty("roster")
                .GetProperty("agent_seats").EnumerateArray()
                .Single(seat => seat.Text("seat_id") == joined.Text("seat_id")).TryGetProperty("guest", out _));
        }
    }

    private async Task<(ParleService Service, OwnedRoom Host, TestPrincipal Inviter)> RoomWithAnInviter()
    {
        var service = await cluster.Service;
        var host = await service.NewOwnedRoom(1);
        return (service, host, await Seated(host, "invite_members"));
    }

    // Somebody new with a seat of its own, and these rights.
    private async Task<TestPrincipal> Seated(OwnedRoom host, params string[] rights) =>
        await Seat(host, await (await cluster.Service).NewPerson(), rights);

    private static async Task<TestPrincipal> Seat(OwnedRoom host, TestPrincipal person, params string[] rights)
    {
        var invited = await (await host.Owner.Post($"/v/rooms/{host.RoomID}/invites/person",
            new { target = "@" + person.Handle, offered_rights = rights }, $"{Guid.NewGuid()}")).Json(HttpStatusCode.Created);
        await (await person.Post($"/v/room-invitations/{invited.Text("invite_id")}/accept", new { })).Json(HttpStatusCode.Created);
        return person;
    }

    // Somebody who comes without credentials, in the room.
    private static async Task<TestAgent> AGuestOf(
        ParleService service, TestPrincipal host, Guid roomID, string? named, params string[] scopes)
    {
        var key = await Mint(host, roomID, scopes.Length == 0 ? new { } : new { scopes, agent_handle = named });
        var guest = new TestAgent(
            service.Client(), roomID, (await Join(service, key, HttpStatusCode.Created, $"{Guid.NewGuid()}")).Text("token"));
        await guest.StartSession();
        await guest.Enter();
        return guest;
    }

    private static async Task<JsonElement> Mint(TestPrincipal person, Guid roomID, object body) =>
        await (await person.Post($"/v/rooms/{roomID}/join-keys", body)).Json(HttpStatusCode.Created);

    private static async Task<JsonElement> Join(ParleService service, JsonElement key, HttpStatusCode expected, string named)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v/join")
        { Content = new StringContent($$"""{"key":"{{key.Text("key")}}"}""", Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", named);
        return await (await service.Client().SendAsync(request, TestContext.Current.CancellationToken)).Json(expected);
    }
}
