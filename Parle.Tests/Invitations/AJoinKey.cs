using System.Net;
using System.Text;
using System.Text.Json;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;
using Parle.Tests.Tokens;

namespace Parle.Tests.Invitations;

public class AJoinKey(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task brings_seat_token_and_next_steps_in_one_call()
    {
        var host = await nodes.A.NewOwnedRoom(1);
        var key = await Mint(host.Owner, host.RoomID, new { label = "for Dora", ttl_seconds = 3600 });
        key.HasExactly("join_key_id", "room_id", "key", "scopes", "approval", "expires_at", "next", "replayed");
        Assert.Matches("^parle_join_[A-Za-z0-9_-]{43}$", key.Text("key"));
        Assert.Contains($"-d '{{\"key\":\"{key.Text("key")}\"}}'", key.GetProperty("next").Text("curl"), StringComparison.Ordinal);

        var joined = await (await Join(new { key = key.Text("key"), agent_handle = "tester", display_name = "Dora's tester" }))
            .Json(HttpStatusCode.Created);
        joined.HasExactly(
            "room_id", "room_handle", "seat_id", "agent_id", "address", "agent_token_id", "token", "next", "replayed", "acts_for",
            "guest");
        Assert.Equal(($"@{host.Owner.Handle}", true), (joined.Text("acts_for"), joined.GetProperty("guest").GetBoolean()));
        Assert.Equal(($"{host.RoomID}", $"@{host.Owner.Handle}.tester"), (joined.Text("room_id"), joined.Text("address")));
        Assert.Equal(["start_session", "enter_room", "read_projection"],
            joined.GetProperty("next").EnumerateArray().Select(next => next.Text("action")));

        var agent = new TestAgent(nodes.B.Client(), host.RoomID, joined.Text("token"));
        await agent.StartSession();
        await agent.Enter();
        await (await agent.Say("hello")).Json(HttpStatusCode.Created);
        var listed = Assert.Single(
            (await (await host.Owner.Get(Keys(host.RoomID))).Json(HttpStatusCode.OK)).GetProperty("join_keys").EnumerateArray());
        Assert.Equal(("for Dora", "used", joined.Text("agent_id")), (listed.Text("label"), listed.Text("state"), listed.Text("agent_id")));
        Assert.DoesNotContain("parle_join_", listed.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task says_in_the_list_what_to_know_before_trusting_the_looks_of_its_label()
    {
        var host = await nodes.A.NewOwnedRoom(1);
        await Mint(host.Owner, host.RoomID, new { label = "for \u202Earod" });
        await Mint(host.Owner, host.RoomID, new { });
        var listed = (await (await host.Owner.Get(Keys(host.RoomID))).Json(HttpStatusCode.OK)).GetProperty("join_keys").EnumerateArray()
            .ToList();
        Assert.True(listed[^1].GetProperty("safety_facts").GetProperty("has_bidi").GetBoolean());
        listed[0].IsNull("safety_facts");
        await (await host.Owner.Post(Keys(host.RoomID), new { label = "\u2003" })).Refuses("validation_failed");
    }

    [Fact]
    public async Task answers_a_retry_with_the_same_token_and_nobody_else()
    {
        var host = await nodes.A.NewOwnedRoom(1);
        var key = await Mint(host.Owner, host.RoomID, new { });
        var body = new { key = key.Text("key"), agent_handle = "tester" };
        var joined = await (await Join(body, "mine")).Json(HttpStatusCode.Created);
        var again = await (await Join(body, "mine", nodes.B)).Json(HttpStatusCode.OK);

        Assert.Equal((joined.Text("token"), joined.Text("seat_id"), true),
            (again.Text("token"), again.Text("seat_id"), again.GetProperty("replayed").GetBoolean()));
        await (await Join(new { key = key.Text("key"), agent_handle = "other" }, "mine")).Refuses("idempotency_conflict");
        await (await Join(body, "not-mine")).Refuses("invalid_join_key");
        await (await Join(body)).Refuses("invalid_join_key");
        Assert.Equal(1, await nodes.A.Count(host.RoomID, "invitation_accepted"));
        Assert.Empty(await nodes.A.Rows(
            "select 1 from parle.kept_answers where answer like '%parle_%' union all select 1 from parle.mt_events where data::text like "
            + "'%parle_join_%' or data::text like '%parle_agt_%'", row => row.GetInt32(0)));
    }

    [Fact]
    public async Task that_opens_nothing_is_refused_in_one_way()
    {
        var service = nodes.A;
        var host = await service.NewOwnedRoom(1);
        var (used, revoked, archived) = (await Mint(host.Owner, host.RoomID, new { }), await Mint(host.Owner, host.RoomID, new { }),
            await service.NewOwnedRoom(1));
        var gone = await Mint(archived.Owner, archived.RoomID, new { });
        await (await Join(new { key = used.Text("key") })).Json(HttpStatusCode.Created);
        await (await host.Owner.Delete($"{Keys(host.RoomID)}/{revoked.Text("join_key_id")}")).IsEmptyWith(HttpStatusCode.NoContent);
        await (await host.Owner.Delete($"{Keys(host.RoomID)}/{revoked.Text("join_key_id")}")).Refuses("not_found");
        await (await archived.Owner.Delete($"/v/rooms/{archived.RoomID}")).IsEmptyWith(HttpStatusCode.NoContent);

        var answers = new HashSet<string>();
        foreach (var key in (string?[])[used.Text("key"), revoked.Text("key"), gone.Text("key"), $"parle_join_{new string('a', 43)}",
            "parle_join_short", "", null, host.Agents[0].Token])
        {
            using var answer = await Join(new { key, agent_handle = "tester" });
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            answers.Add(
                $"{answer.Headers}{answer.Content.Headers}{await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        }

        Assert.Contains("invalid_join_key", Assert.Single(answers), StringComparison.Ordinal);
    }

    [Fact]
    public async Task is_used_once_by_fifty_at_two_nodes()
    {
        var host = await nodes.A.NewOwnedRoom(1);
        var key = await Mint(host.Owner, host.RoomID, new { });

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(i => Join(new { key = key.Text("key") }, $"key-{i}", i % 2 == 0 ? nodes.A : nodes.B)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        foreach (var lost in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
        {
            await lost.Refuses("invalid_join_key");
        }

        Assert.Equal(3, await nodes.A.Count(host.RoomID, "seat_admitted")); // The owner, its agent, and the one.
        Assert.Equal(2, await nodes.A.Scalar<long>("select count(*) from parle.agents where principal_id = $1", host.Owner.PrincipalID));
    }

    [Fact]
    public async Task answers_a_crowd_of_retries_with_one_token()
    {
        var host = await nodes.A.NewOwnedRoom(1);
        var key = await Mint(host.Owner, host.RoomID, new { });
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(i => Join(new { key = key.Text("key") }, "one", i % 2 == 0 ? nodes.A : nodes.B)));
        var tokens = new HashSet<string>();
        foreach (var answer in answers)
        {
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            tokens.Add(JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Text("token"));
        }

        Assert.Single(tokens);
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
    }

    [Fact]
    public async Task seats_the_agent_whose_token_is_sent()
    {
        var host = await nodes.A.NewOwnedRoom(1);
        var guest = (await nodes.A.NewOwnedRoom(1, "claim_invite")).Agents[0];
        var narrow = (await nodes.A.NewOwnedRoom(1)).Agents[0];
        var key = await Mint(host.Owner, host.RoomID, new { });

        Assert.Equal(
            "missing_scope", (await (await Join(new { key = key.Text("key") }, agent: narrow.Token)).Refuses("forbidden")).Text("reason"));
        await (await Join(new { key = key.Text("key") }, agent: $"parle_agt_{new string('a', 43)}")).Refuses("invalid_agent_token");
        var joined = await (await Join(new { key = key.Text("key") }, agent: guest.Token)).Json(HttpStatusCode.Created);
        Assert.Equal(guest.AgentAddress(), joined.Text("address"));
        var second = await Mint(host.Owner, host.RoomID, new { });
        await (await Join(new { key = second.Text("key") }, agent: guest.Token)).Refuses("already_member");

        var there = guest.In(host.RoomID, joined.Text("token")); // One session, two rooms.
        await there.Enter();
        await (await there.Say("hello")).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task gives_an_agent_no_more_than_the_token_it_came_with_and_ends_with_that()
    {
        var host = await nodes.A.NewOwnedRoom(1);
        var guest = (await nodes.A.NewOwnedRoom(1, "claim_invite")).Agents[0];
        var key = await Mint(host.Owner, host.RoomID, new { scopes = new[] { "participate", "create_room", "room_manage" } });
        var joined = await (await Join(new { key = key.Text("key") }, agent: guest.Token)).Json(HttpStatusCode.Created);
        var there = guest.In(host.RoomID, joined.Text("token"));
        await there.Enter();
        Assert.Equal(["participate"], (await (await there.Send(HttpMethod.Get, "/v/agent/self")).Json(HttpStatusCode.OK))
            .GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        Assert.Equal("missing_scope",
            (await (await there.Send(HttpMethod.Post, "/v/rooms", """{"kind":"shared"}""")).Refuses("forbidden")).Text("reason"));

        await nodes.A.Revoke(guest);

        await (await there.Send(HttpMethod.Get, "/v/agent/self")).Refuses("invalid_agent_token");
    }

    [Fact]
    public async Task gives_an_agent_no_action_that_the_token_it_came_with_does_not_allow()
    {
        var host = await nodes.A.NewOwnedRoom(1);
        var wide = (await nodes.A.NewOwnedRoom(1, "claim_invite")).Agents[0];
        var reader = await wide.Narrowed(nodes.A, new { actions = new[] { "read_projection" } });
        var guest = await wide.Narrowed(nodes.A, new { actions = new[] { "join", "read_projection" } });
        var key = await Mint(host.Owner, host.RoomID, new { });
        Assert.Equal(
            "not_in_token", (await (await Join(new { key = key.Text("key") }, agent: reader.Token)).Refuses("forbidden")).Text("reason"));
        var joined = await (await Join(new { key = key.Text("key") }, agent: guest.Token)).Json(HttpStatusCode.Created);
        var there = guest.In(host.RoomID, joined.Text("token"));
        await there.Enter();

        await there.Read();
        Assert.Equal("not_in_token", (await (await there.Say("more")).Refuses("forbidden")).Text("reason"));
    }

    [Fact]
    public async Task is_answered_again_to_the_same_token_only()
    {
        var host = await nodes.A.NewOwnedRoom(1);
        var guest = (await nodes.A.NewOwnedRoom(1, "claim_invite")).Agents[0];
        var narrow = (await (await guest.Send(HttpMethod.Post, "/v/agent/tokens", """{"ttl_seconds":60}""")).Json(HttpStatusCode.Created))
            .Text("token");
        var key = await Mint(host.Owner, host.RoomID, new { });
        await (await Join(new { key = key.Text("key") }, "mine", agent: guest.Token)).Json(HttpStatusCode.Created);

        await (await Join(new { key = key.Text("key") }, "mine", agent: narrow)).Refuses("invalid_join_key");
        await (await Join(new { key = key.Text("key") }, "mine", agent: guest.Token)).Json(HttpStatusCode.OK);
    }

    [Fact]
    public async Task seats_an_agent_of_the_person_whose_session_is_sent()
    {
        var (host, guest) = (await nodes.A.NewOwnedRoom(1), await nodes.A.NewPerson());
        var key = await Mint(host.Owner, host.RoomID, new { });
        var joined = await (await guest.Post("/v/join", new { key = key.Text("key"), agent_handle = "tester" }))
            .Json(HttpStatusCode.Created);
        Assert.Equal($"@{guest.Handle}.tester", joined.Text("address"));

        var other = await nodes.A.NewOwnedRoom(1);
        var second = await Mint(other.Owner, other.RoomID, new { });
        Assert.Equal(joined.Text("agent_id"),
            (await (await guest.Post("/v/join", new { key = second.Text("key") })).Json(HttpStatusCode.Created)).Text("agent_id"));
    }

    [Fact]
    public async Task does_not_hand_over_an_agent_that_the_host_has_already()
    {
        var host = await nodes.A.NewOwnedRoom(1);
        var builder = await host.Owner.Creates("builder");
        var key = await Mint(host.Owner, host.RoomID, new { });
        await (await Join(new { key = key.Text("key"), agent_handle = "builder" })).Refuses("handle_unavailable");
        var named = await Mint(host.Owner, host.RoomID, new { agent_handle = "builder" });
        await (await Join(new { key = named.Text("key"), agent_handle = "other" })).Refuses("validation_failed");
        Assert.Equal(
            builder, (await (await Join(new { key = named.Text("key") })).Json(HttpStatusCode.Created)).GetProperty("agent_id").GetGuid());
    }

    [Fact]
    public async Task with_approval_lets_in_whom_the_host_agrees_to()
    {
        var host = await nodes.A.NewOwnedRoom(1);
        var key = await Mint(host.Owner, host.RoomID, new { approval = true });
        var body = new { key = key.Text("key"), agent_handle = "tester" };
        var waiting = await (await Join(body)).Json(HttpStatusCode.Accepted);
        waiting.HasExactly("state", "idempotency_key", "retry_after_ms", "next");
        var mine = waiting.Text("idempotency_key");
        await (await Join(body, mine, nodes.B)).Json(HttpStatusCode.Accepted);
        await (await Join(body, "somebody-else")).Refuses("invalid_join_key");

        var admission = Assert.Single(
            (await (await host.Owner.Get("/v/agent-admissions")).Json(HttpStatusCode.OK)).GetProperty("admissions").EnumerateArray());
        Assert.Equal((key.Text("join_key_id"), "join_key", "tester"),
            (admission.Text("admission_id"), admission.Text("kind"), admission.Text("agent_handle")));
        await (await (await nodes.A.NewPerson())
            .Post($"/v/agent-admissions/{admission.Text("admission_id")}", new { decision = "approve" })).Refuses("not_found");
        await (await host.Owner.Post($"/v/agent-admissions/{admission.Text("admission_id")}", new { decision = "perhaps" }))
            .Refuses("validation_failed");
        var decided = await (await host.Owner.Post(
            $"/v/agent-admissions/{admission.Text("admission_id")}", new { decision = "approve" }, "key")).Json(HttpStatusCode.OK);
        Assert.Equal(decided.GetRawText(),
            (await (await host.Owner.Post($"/v/agent-admissions/{admission.Text("admission_id")}", new { decision = "approve" }, "key"))
                .Json(HttpStatusCode.OK)).GetRawText());

        await (await Join(body, "somebody-else")).Refuses("invalid_join_key");
        await (await Join(body, mine)).Json(HttpStatusCode.Created);
        await (await Join(body, mine)).Json(HttpStatusCode.OK);
    }

    [Fact]
    public async Task with_approval_is_over_when_the_host_denies()
    {
        var host = await nodes.A.NewOwnedRoom(1);
        var key = await Mint(host.Owner, host.RoomID, new { approval = true });
        await (await Join(new { key = key.Text("key") }, "mine")).Json(HttpStatusCode.Accepted);
        await (await host.Owner.Post($"/v/agent-admissions/{key.Text("join_key_id")}", new { decision = "deny" })).Json(HttpStatusCode.OK);
        await (await Join(new { key = key.Text("key") }, "mine")).Refuses("invalid_join_key");
        Assert.Empty(
            (await (await host.Owner.Get("/v/agent-admissions")).Json(HttpStatusCode.OK)).GetProperty("admissions").EnumerateArray());
    }

    [Fact]
    public async Task of_an_agent_hands_over_no_more_than_its_token_and_ends_with_it()
    {
        var host = await nodes.A.NewOwnedRoom(1, "invite_mint");
        var agent = host.Agents[0];
        var key = await (await agent.Send(HttpMethod.Post, Keys(host.RoomID), "{}")).Json(HttpStatusCode.Created);
        Assert.Equal("not_owner", (await (await agent.Send(
            HttpMethod.Post, Keys(host.RoomID), """{"scopes":["participate","invite_mint"]}""")).Refuses("forbidden")).Text("reason"));
        Assert.Equal("missing_scope", (await (await agent.Send(HttpMethod.Post, Keys(host.RoomID), """{"scopes":["room_manage"]}"""))
            .Refuses("forbidden")).Text("reason"));
        var joined = await (await Join(new { key = key.Text("key") })).Json(HttpStatusCode.Created);
        var guest = new TestAgent(nodes.A.Client(), host.RoomID, joined.Text("token"));
        await guest.StartSession();

        await nodes.A.Revoke(agent);

        await (await guest.Send(HttpMethod.Get, "/v/agent/self")).Refuses("invalid_agent_token");
    }

    [Fact]
    public async Task of_a_narrow_token_gives_nobody_more_than_that()
    {
        var host = await nodes.A.NewOwnedRoom(1, "invite_mint");
        var narrow = await host.Agents[0].Narrowed(nodes.A, new { actions = new[] { "mint_join_key", "read_projection" } });
        var key = await (await narrow.Send(HttpMethod.Post, Keys(host.RoomID), "{}")).Json(HttpStatusCode.Created);
        var joined = await (await (await nodes.A.NewPerson()).Post("/v/join", new { key = key.Text("key") })).Json(HttpStatusCode.Created);
        var guest = new TestAgent(nodes.A.Client(), host.RoomID, joined.Text("token"));
        await guest.StartSession();
        await guest.Enter();

        await guest.Read();
        Assert.Equal("not_in_token", (await (await guest.Say("more")).Refuses("forbidden")).Text("reason"));
    }

    [Fact]
    public async Task of_an_agent_opens_nothing_once_its_token_is_over()
    {
        var host = await nodes.A.NewOwnedRoom(1, "invite_mint");
        var key = await (await host.Agents[0].Send(HttpMethod.Post, Keys(host.RoomID), "{}")).Json(HttpStatusCode.Created);
        var newcomer = await nodes.A.NewPerson();
        var invited = await (await host.Agents[0].Send(
            HttpMethod.Post, $"/v/rooms/{host.RoomID}/invites", $$$"""{"target":{"kind":"principal","handle":"{{{newcomer.Handle}}}"}}"""))
                .Json(HttpStatusCode.Created);
        await (await newcomer.Get($"/v/room-invitations/{invited.Text("invite_id")}")).Json(HttpStatusCode.OK);

        await nodes.A.Revoke(host.Agents[0]);

        await (await Join(new { key = key.Text("key") }, node: nodes.B)).Refuses("invalid_join_key");
        await (await newcomer.Post("/v/join", new { key = key.Text("key"), agent_handle = "helper" })).Refuses("invalid_join_key");
        await (await newcomer.Get($"/v/room-invitations/{invited.Text("invite_id")}")).Refuses("not_found");
        await (await newcomer.Post($"/v/room-invitations/{invited.Text("invite_id")}/accept", new { })).Refuses("not_found");
    }

    [Fact]
    public async Task is_minted_once_for_one_key()
    {
        var host = await nodes.A.NewOwnedRoom(1);
        var first = await (await host.Owner.Post(Keys(host.RoomID), new { label = "a" }, "key")).Json(HttpStatusCode.Created);
        var again = await (await host.Owner.At(nodes.B.Client()).Post(Keys(host.RoomID), new { label = "a" }, "key"))
            .Json(HttpStatusCode.OK);
        Assert.Equal((first.Text("key"), first.Text("expires_at"), true),
            (again.Text("key"), again.Text("expires_at"), again.GetProperty("replayed").GetBoolean()));
        await (await host.Owner.Post(Keys(host.RoomID), new { label = "b" }, "key")).Refuses("idempotency_conflict");
        Assert.Equal(1, await nodes.A.Count(host.RoomID, "invitation_minted"));
    }

    [Fact]
    public async Task is_for_members_who_may_invite()
    {
        var host = await nodes.A.NewOwnedRoom(2, "invite_mint");
        Assert.Equal("missing_right",
            (await (await host.Agents[1].Send(HttpMethod.Post, Keys(host.RoomID), "{}")).Refuses("forbidden")).Text("reason"));
        await (await host.People[1].Post(Keys(host.RoomID), new { })).Refuses("not_found"); // Its agent has a seat, but it has none.
        await (await host.People[1].Get(Keys(host.RoomID))).Refuses("not_found");
        await (await host.Owner.Post(Keys(host.RoomID), new { ttl_seconds = 2592001 })).Refuses("validation_failed");
        await (await host.Owner.Post(Keys(host.RoomID), new { scopes = new[] { "fly" } })).Refuses("validation_failed");
        await (await host.Owner.Post(Keys(host.RoomID), new { label = "two\nlines" })).Refuses("validation_failed");
    }

    private static string Keys(Guid roomID) => $"/v/rooms/{roomID}/join-keys";

    private static async Task<JsonElement> Mint(TestPrincipal person, Guid roomID, object body) =>
        await (await person.Post(Keys(roomID), body)).Json(HttpStatusCode.Created);

    private async Task<HttpResponseMessage> Join(object body, string? named = null, ParleService? node = null, string? agent = null)
    {
        var client = (node ?? nodes.A).Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v/join")
        { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
        if (named is not null)
        {
            request.Headers.Add("Idempotency-Key", named);
        }

        if (agent is not null)
        {
            request.Headers.Add("Authorization", $"Bearer {agent}");
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
