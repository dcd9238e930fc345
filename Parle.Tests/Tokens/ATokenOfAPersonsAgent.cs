using System.Net;
using System.Text.Json;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Tokens;

/// Contract §15: what people do about tokens.
public class ATokenOfAPersonsAgent(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private static readonly string[] minted = ["agent_token_id", "agent_id", "room_id", "token", "invite_id", "parent_token_id", "scopes",
        "actions", "asks", "expires_at", "uses"];

    private static readonly string[] listed =
    [
        "agent_token_id", "agent_id", "room_id", "room_handle", "invite_id", "parent_token_id", "scopes", "actions", "asks", "uses", "used",
        "created_at", "expires_at", "last_used_at", "revoked_at",
    ];

    [Fact]
    public async Task is_shown_once_and_opens_the_room()
    {
        var ana = await TokenOwner.At(nodes.A);
        var token = await ana.Mints();

        token.HasExactly(minted);
        token.IsUuid("agent_token_id", "agent_id", "room_id");
        Assert.Equal((ana.AgentID, ana.RoomID), (token.GetProperty("agent_id").GetGuid(), token.GetProperty("room_id").GetGuid()));
        Assert.Matches("^parle_agt_[A-Za-z0-9_-]{43}$", token.Text("token"));
        Assert.Equal("participate", Assert.Single(token.GetProperty("scopes").EnumerateArray()).GetString());
        await (await ana.Agent.With(token, nodes.B.Client()).Say("hello")).Json(HttpStatusCode.Created);
        Assert.Equal(0, await Stored(token.Text("token")));
    }

    [Fact]
    public async Task minted_again_with_the_same_key_is_the_same_and_is_kept_nowhere()
    {
        var ana = await TokenOwner.At(nodes.A);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => ana.AtNode(i % 2 == 0 ? nodes.A : nodes.B).Mints(key: "mint")));

        Assert.Single(answers.Select(answer => answer.GetRawText()).Distinct());
        Assert.Equal(2, (await ana.Lists()).Count); // The provisioned one, and this.
        Assert.Equal(0, await Stored(answers[0].Text("token")));
        await (await ana.Send(HttpMethod.Post, ana.Tokens, new { room_id = ana.RoomID, uses = 1 }, "mint"))
            .IsRefused("idempotency_conflict");
        Assert.NotEqual(answers[0].Text("token"), (await ana.Mints(key: "another")).Text("token"));
        Assert.NotEqual((await ana.Mints()).Text("token"), (await ana.Mints()).Text("token"));
    }

    [Fact]
    public async Task can_be_for_less()
    {
        var (ana, ask, end) = (await TokenOwner.At(nodes.A), Guid.NewGuid(), DateTimeOffset.UtcNow.AddDays(1));
        var token = await ana.Mints(new
        {
            room_id = ana.RoomID,
            scopes = (string[])["participate", "invite_mint"],
            actions = (string[])["claim_ask"],
            asks = (Guid[])[ask],
            expires_at = end,
            uses = 7
        });
        var row = Assert.Single(await ana.Lists(), row => row.Text("agent_token_id") == token.Text("agent_token_id"));

        Assert.Equal("""["participate","invite_mint"] ["claim_ask"] 7""",
            $"{row.GetProperty("scopes").GetRawText()} {row.GetProperty("actions").GetRawText()} {row.GetProperty("uses")}");
        Assert.Equal((ask, 0), (row.GetProperty("asks")[0].GetGuid(), row.GetProperty("used").GetInt32()));
        Assert.Equal(end, row.Timestamp("expires_at"), TimeSpan.FromMilliseconds(1));
        Assert.True((await ana.Mints(new { room_id = ana.RoomID, ttl_seconds = 60 })).Timestamp("expires_at") > DateTimeOffset.UtcNow);
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "room_id", "{}" },
        { "room_id", """{"room_id":"$","invite_id":"$"}""" },
        { "scopes", """{"room_id":"$","scopes":["everything"]}""" },
        { "scopes", """{"room_id":"$","scopes":[]}""" },
        { "claim_invite", """{"invite_id":"$","scopes":["participate"]}""" },
        { "actions", """{"room_id":"$","actions":["fly"]}""" },
        { "expires_at", """{"room_id":"$","expires_at":"2020-01-01T00:00:00Z"}""" },
        { "expires_at", """{"room_id":"$","expires_at":"2099-01-01T00:00:00Z","ttl_seconds":1}""" },
        { "ttl_seconds", """{"room_id":"$","ttl_seconds":0}""" },
        { "uses", """{"room_id":"$","uses":101}""" },
        { "asks", """{"room_id":"$","asks":[]}""" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task that_says_too_much_or_too_little_is_refused_by_name(string member, string body)
    {
        var ana = await TokenOwner.At(nodes.A, present: false);
        var answer = await ana.Send(
            HttpMethod.Post, ana.Tokens, JsonElement.Parse(body.Replace("$", $"{ana.RoomID}", StringComparison.Ordinal)));

        Assert.Contains(member, (await answer.IsRefused("validation_failed")).Text("message"), StringComparison.Ordinal);
        Assert.Single(await ana.Lists());
    }

    [Fact]
    public async Task needs_a_seat_of_the_agent()
    {
        var ana = await TokenOwner.At(nodes.A, present: false);
        var idle = await nodes.A.Scalar<Guid>(
            "select a.agent_id from parle.agents a join parle.agents b using (principal_id) where b.agent_id = $1 and a.handle = 'idle'",
            ana.AgentID);
        var answer = await ana.Send(HttpMethod.Post, $"/v/agents/{idle}/tokens", new { room_id = ana.RoomID });
        Assert.Contains("seat", (await answer.IsRefused("validation_failed")).Text("message"), StringComparison.Ordinal);
    }

    /// Law 9.
    [Fact]
    public async Task of_somebody_else_is_no_token_and_looks_like_none()
    {
        var (ana, eve) = (await TokenOwner.At(nodes.A, present: false), await TokenOwner.At(nodes.A, present: false));
        var anas = Assert.Single(await ana.Lists());
        var nobody = Guid.NewGuid();
        HttpResponseMessage[] answers =
        [
            .. await Task.WhenAll(new object[] { ana.AgentID, nobody, "x", Guid.Empty }.SelectMany(agent => (Task<HttpResponseMessage>[])[
                eve.Send(HttpMethod.Get, $"/v/agents/{agent}/tokens"),
                eve.Send(HttpMethod.Post, $"/v/agents/{agent}/tokens", new { room_id = eve.RoomID })])),
            .. await Task.WhenAll(
                new[] { ana.RoomID, nobody }.Select(room => eve.Send(HttpMethod.Post, eve.Tokens, new { room_id = room }))),
            .. await Task.WhenAll(new object[] { anas.Text("agent_token_id"), nobody, "x" }
                .Select(token => eve.Send(HttpMethod.Post, $"/v/agent-tokens/{token}/revoke"))),
        ];

        var denials = new HashSet<string>();
        foreach (var answer in answers)
        {
            denials.Add($"{(int)answer.StatusCode} {answer.Content.Headers} "
                + $"{await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        }

        Assert.StartsWith("404 ", Assert.Single(denials), StringComparison.Ordinal);
        Assert.Equal("account", (await answers[0].Refuses("not_found")).Text("scope"));
        Assert.Equal(JsonValueKind.Null, Assert.Single(await ana.Lists()).GetProperty("revoked_at").ValueKind);
    }

    [Fact]
    public async Task is_listed_with_all_that_it_is_but_itself()
    {
        var ana = await TokenOwner.At(nodes.A);
        var (token, answer) = (await ana.Mints(), await ana.Send(HttpMethod.Get, ana.Tokens));
        var rows = await ana.Lists();

        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.DoesNotContain(
            token.Text("token"), await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(token.Text("agent_token_id"), rows[0].Text("agent_token_id"));
        Assert.All(rows, row =>
        {
            row.HasExactly(listed);
            row.IsNull("invite_id", "parent_token_id", "actions", "asks", "uses", "used", "expires_at", "revoked_at");
            Assert.Equal("build", row.Text("room_handle"));
            row.Timestamp("created_at");
        });
        rows[0].IsNull("last_used_at");
        rows[1].Timestamp("last_used_at");
    }

    [Fact]
    public async Task is_listed_with_those_of_all_the_persons_agents()
    {
        var ana = await TokenOwner.At(nodes.A, present: false);
        var all = await ana.Lists("/v/agent-tokens");
        all[0].HasExactly([.. listed, "display_name"]);
        Assert.Equal("helper", Assert.Single(all).Text("display_name"));
    }

    [Fact]
    public async Task is_found_on_one_page_or_the_next()
    {
        var ana = await TokenOwner.At(nodes.A, present: false);
        for (var i = 0; i < 60; i++)
        {
            await ana.Mints(new { room_id = ana.RoomID, asks = Enumerable.Range(0, 32).Select(_ => Guid.NewGuid()) });
        }

        var (seen, next, pages) = (new List<Guid>(), (string?)"", 0);
        for (; next is not null; pages++)
        {
            var answer = await (await ana.Send(HttpMethod.Get, ana.Tokens + (next is "" ? "" : $"?after={next}"))).Json(HttpStatusCode.OK);
            Assert.True(answer.GetRawText().Length <= 64 * 1024);
            seen.AddRange(answer.GetProperty("tokens").EnumerateArray().Select(row => row.GetProperty("agent_token_id").GetGuid()));
            next = answer.Text("next");
        }

        Assert.True(pages > 1);
        Assert.Equal((61, 61), (seen.Count, seen.Distinct().Count()));
        await (await ana.Send(HttpMethod.Get, ana.Tokens + "?after=x")).IsRefused("malformed_request");
    }

    [Fact]
    public async Task ends_at_once_on_every_node_when_it_is_taken_back()
    {
        await nodes.HearEachOther();
        var ana = await TokenOwner.At(nodes.A);
        var token = await ana.Mints();
        var atB = ana.Agent.With(token, nodes.B.Client());
        await atB.Read();
        using var rows = await Frames.OfRoom(atB, 100);
        using var hints = await Frames.OfWake(atB);
        var page = atB.Send(HttpMethod.Get, $"{atB.Projection}?since_seq=1000&wait=30");

        await (await ana.Revoke(token)).IsEmptyWith(HttpStatusCode.NoContent);

        await (await atB.Say("hello")).IsRefused("invalid_agent_token");
        await (await atB.Send(HttpMethod.Get, "/v/agent/self")).IsRefused("invalid_agent_token");
        await (await page).IsRefused("invalid_agent_token");
        await rows.ToEnd();
        await hints.ToEnd();
        await (await ana.Revoke(token)).Refuses("not_found");
        Assert.Equal(1, await nodes.A.Count(token.GetProperty("agent_token_id").GetGuid(), "agent_token_revoked"));
        (await ana.Lists())[0].Timestamp("revoked_at");
        await ana.Agent.Read(); // Its other token goes on.
    }

    [Fact]
    public async Task taken_back_again_with_the_same_key_is_answered_the_same()
    {
        var ana = await TokenOwner.At(nodes.A, present: false);
        var path = $"/v/agent-tokens/{(await ana.Mints()).Text("agent_token_id")}/revoke";
        await (await ana.Send(HttpMethod.Post, path, key: "k")).IsEmptyWith(HttpStatusCode.NoContent);
        await (await ana.Send(HttpMethod.Post, path, key: "k")).IsEmptyWith(HttpStatusCode.NoContent);
        await (await ana.Send(HttpMethod.Post, path, key: "other")).Refuses("not_found");
    }

    /// The token opens nothing any more, but can still be revoked for good.
    [Fact]
    public async Task can_be_taken_back_when_its_seat_is_gone()
    {
        var ana = await TokenOwner.At(nodes.A);
        var token = await ana.Mints();
        var seat = Assert.Single(await nodes.A.Rows("select seat_id from parle.agent_tokens where token_id = $1", row => row.GetGuid(0),
            token.GetProperty("agent_token_id").GetGuid()));
        await (await ana.Send(HttpMethod.Post, $"/v/rooms/{ana.RoomID}/seats/{seat}/remove")).IsEmptyWith(HttpStatusCode.NoContent);
        await (await ana.Agent.With(token, nodes.A.Client()).Say("hello")).IsRefused("room_not_found");

        await (await ana.Revoke(token)).IsEmptyWith(HttpStatusCode.NoContent);
        await (await ana.Revoke(token)).Refuses("not_found");
    }

    [Fact]
    public async Task that_many_take_back_at_once_ends_once()
    {
        var ana = await TokenOwner.At(nodes.A, present: false);
        var token = await ana.Mints();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => ana.AtNode(i % 2 == 0 ? nodes.A : nodes.B).Revoke(token)));
        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.NoContent);
        Assert.Equal(9, answers.Count(answer => answer.StatusCode is HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task is_one_of_so_many()
    {
        await using var service = await ParleService.Start(nodes.A.ConnectionString, ("Parle:Limits:TokensPerPrincipal", "3"));
        var ana = await TokenOwner.At(service);
        var first = await ana.Mints();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => ana.Send(HttpMethod.Post, ana.Tokens, new { room_id = ana.RoomID })));

        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Created);
        var error = await answers.First(answer => answer.StatusCode is not HttpStatusCode.Created)
            .IsRefused("token_quota_exceeded", "cap", "used", "limit", "recovery");
        Assert.Equal(("tokens_per_principal", 3, 3),
            (error.Text("cap"), error.GetProperty("used").GetInt32(), error.GetProperty("limit").GetInt32()));
        await (await ana.Agent.TryNarrow(new { })).Refuses("token_quota_exceeded");
        Assert.Contains(
            await Offer.All(ana.Agent), offer => offer is { Action.Id: "mint_token", Allowed: false, Reason: "token_quota_exceeded" });

        await (await ana.Revoke(first)).IsEmptyWith(HttpStatusCode.NoContent);
        await ana.Agent.Narrows(new { });
    }

    [Fact]
    public async Task for_an_invitation_opens_no_room()
    {
        var (ana, invitation) = (await TokenOwner.At(nodes.A), Guid.NewGuid());
        var waiting = await ana.Mints(new { invite_id = invitation });
        Assert.Equal(("""["participate","claim_invite"]""", invitation),
            (waiting.GetProperty("scopes").GetRawText(), waiting.GetProperty("invite_id").GetGuid()));
        waiting.IsNull("room_id");
        var agent = ana.Agent.With(waiting, nodes.B.Client());
        Assert.Empty(
            (await (await agent.Send(HttpMethod.Get, "/v/agent/self")).Json(HttpStatusCode.OK)).GetProperty("rooms").EnumerateArray());
        await (await agent.Say("hello")).IsRefused("room_not_found");
    }

    /// A caller that knows an invitation's id can have a token wait for it; only the guest learns the room that it leads to.
    [Theory, InlineData(true), InlineData(false)]
    public async Task for_somebody_elses_invitation_never_learns_of_the_room(bool forAgent)
    {
        var (host, guest, eve) = (await TokenOwner.At(nodes.A, present: false), await TokenOwner.At(nodes.A), await TokenOwner.At(nodes.A));
        var handle = guest.Agent.Address[1..].Split('.')[0];
        var wanted = forAgent
            ? (object)new { seat_type = "agent", agent_admission = "direct", target = new { kind = "agent", agent = $"@{handle}.helper" } }
            : new { seat_type = "principal", target = new { kind = "principal", handle } };
        var invited = await (await host.Send(HttpMethod.Post, $"/v/rooms/{host.RoomID}/invites", wanted, "invite"))
            .Json(HttpStatusCode.Created);
        var own = await guest.Mints(new { invite_id = invited.Text("invite_id") });
        var foreign = await eve.Mints(new { invite_id = invited.Text("invite_id") });

        var accept = $"/v/room-invitations/{invited.Text("invite_id")}/accept";
        await (forAgent ? await guest.Agent.With(own, nodes.A.Client()).Send(HttpMethod.Post, accept, "{}")
            : await guest.Send(HttpMethod.Post, accept, new { })).Json(HttpStatusCode.Created);

        Assert.Equal(foreign.Text("agent_token_id"), (await eve.Lists())[0].Text("agent_token_id"));
        (await eve.Lists())[0].IsNull("room_id", "room_handle");
        Assert.Equal(forAgent ? host.RoomID : null,
            (await guest.Lists())[0].GetProperty("room_id") is { ValueKind: JsonValueKind.String } room ? room.GetGuid() : (Guid?)null);
    }

    [Fact]
    public async Task is_named_in_the_record_with_who_minted_it()
    {
        var ana = await TokenOwner.At(nodes.A, present: false);
        var token = await ana.Mints();
        var (actor, authority) = Assert.Single(await nodes.A.Rows(
            "select headers->>'actor', headers->>'authority' from parle.mt_events where stream_id = $1",
            row => (row.GetString(0), row.GetString(1)), token.GetProperty("agent_token_id").GetGuid()));
        Assert.Matches("^person:[0-9a-f-]{36}/session:[0-9a-f-]{36}$", actor);
        Assert.Contains("person_session:", authority, StringComparison.Ordinal);
    }

    /// In how many rows of the whole database a text lies.
    private async Task<long> Stored(string text)
    {
        var found = 0L;
        foreach (var table in await nodes.A.Rows("select tablename from pg_tables where schemaname = 'parle'", row => row.GetString(0)))
        {
            found += await nodes.A.Scalar<long>($"select count(*) from parle.{table} t where t::text like $1", $"%{text}%");
        }

        return found;
    }
}
