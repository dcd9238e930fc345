using System.Net;
using System.Text.Json;
using Parle.Domain.Tokens;
using Parle.Tests.Asks;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Tokens;

/// A token that its holder mints for a program that it does not fully trust.
public class ANarrowerToken(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task does_what_it_was_minted_for_and_nothing_else()
    {
        var ana = (await TokenOwner.At(nodes.A)).Agent;
        var reader = await ana.Narrowed(nodes.B, new { actions = (string[])["read_projection", "read_affordances"] });

        await reader.Read();
        var error = await (await reader.Say("hello")).IsRefused("forbidden", "reason", "unlock");
        Assert.Equal("not_in_token", error.Text("reason"));
        await (await reader.TryNarrow(new { })).IsRefused("forbidden", "reason", "unlock");
        await (await reader.Send(HttpMethod.Get, "/v/agent/self")).Json(HttpStatusCode.OK);
    }

    [Fact]
    public async Task is_offered_what_it_may_do_and_refused_all_else()
    {
        var owner = await TokenOwner.At(nodes.A);
        var ask = await owner.Ben.Opens(Asking.Help());
        var narrow = await owner.Agent.Narrowed(nodes.A, new { actions = (string[])["claim_ask", "mint_token", "read_projection"] });
        var offers = await Offer.All(narrow);

        Assert.Equal(
            ["claim_ask", "enter_room", "heartbeat", "list_tokens", "mint_token", "read_affordances", "read_guide", "read_projection",
                "read_self", "revoke_token", "start_session"],
            offers.Where(offer => offer.Allowed).Select(offer => offer.Action.Id).Order());
        Assert.All(offers,
            offer => Assert.True(offer.Allowed || offer.Reason is "not_in_token" or "missing_scope" or "not_your_session", $"{offer.Row}"));
        foreach (var withheld in offers.Where(offer => !offer.Allowed))
        {
            await withheld.IsRefused(narrow);
        }

        foreach (var offered in offers.Where(offer => offer.Allowed).OrderBy(offer => offer.Action.Id is "revoke_token"))
        {
            await offered.Succeeds(narrow);
        }
    }

    [Fact]
    public async Task for_one_ask_does_not_know_of_others()
    {
        var owner = await TokenOwner.At(nodes.A);
        var (mine, other) = (await owner.Ben.Opens(Asking.Help()), await owner.Ben.Opens(Asking.Help()));
        var narrow = await owner.Agent.Narrowed(nodes.A, new { asks = (Guid[])[mine] });

        var (hidden, missing) = (await narrow.Try(other, "claim"), await narrow.Try(Guid.NewGuid(), "claim"));
        await hidden.IsRefused("not_found");
        Assert.Equal(await missing.Bytes(), await hidden.Bytes());
        await narrow.Does(mine, "claim");
        Assert.Equal([mine], (await (await narrow.Send(HttpMethod.Get, $"{narrow.AsksOf()}/{mine}")).Json(HttpStatusCode.OK))
            .GetProperty("affordances").EnumerateArray().Select(row => row.GetProperty("ask_id").GetGuid()).Distinct());
        await (await narrow.Say("hello")).IsRefused("forbidden", "reason", "unlock");
    }

    public static TheoryData<string, string> TooMuch => new()
    {
        { "scopes", """{"scopes":["participate","room_manage"]}""" },
        { "actions", """{"actions":["claim_ask"]}""" },
        { "actions", """{"actions":["fly"]}""" },
        { "asks", """{"asks":["00000000-0000-7000-8000-000000000002"]}""" },
        { "expires_at", """{"expires_at":"2098-01-01T00:00:00Z"}""" },
        { "expires_at", """{"ttl_seconds":315360000}""" },
        { "uses", """{"uses":6}""" },
    };

    [Theory]
    [MemberData(nameof(TooMuch))]
    public async Task that_would_exceed_its_parent_is_refused_by_name(string member, string wish)
    {
        var owner = await TokenOwner.At(nodes.A, present: false);
        var parent = owner.Agent.With(await owner.Mints(new
        {
            room_id = owner.RoomID,
            actions = (string[])["mint_token", "post_message"],
            asks = (string[])["00000000-0000-7000-8000-000000000001"],
            ttl_seconds = 3600,
            uses = 5,
        }), nodes.A.Client());

        var error = await (await parent.TryNarrow(JsonElement.Parse(wish))).IsRefused("validation_failed");
        Assert.Contains(member, error.Text("message"), StringComparison.Ordinal);
        var child = await parent.Narrows(new { });
        Assert.Equal(("[\"mint_token\",\"post_message\"]", 5, 2),
            (child.GetProperty("actions").GetRawText(), child.GetProperty("uses").GetInt32(), (await parent.ListsTokens()).Count));
        Assert.NotEqual(JsonValueKind.Null, child.GetProperty("expires_at").ValueKind);
    }

    [Fact]
    public async Task is_on_each_fact_with_all_tokens_above_it()
    {
        var ana = (await TokenOwner.At(nodes.A)).Agent;
        var child = await ana.Narrowed(nodes.A, new { });
        var grandchild = await child.Narrowed(nodes.B, new { });
        var receipt = await (await grandchild.Say("hello")).Json(HttpStatusCode.Created);

        var authority = Assert.Single(await nodes.A.Rows("select headers->>'authority' from parle.mt_events where id = $1",
            row => row.GetString(0), receipt.GetProperty("event_id").GetGuid()));
        var chain = JsonSerializer.Deserialize<string[]>(authority)!;
        Assert.Equal(
            [$"token:{await ana.TokenID()}", $"token:{await child.TokenID()}", $"token:{await grandchild.TokenID()}"], chain[1..^1]);
        Assert.StartsWith("seat:", chain[0], StringComparison.Ordinal);
        Assert.Equal($"session:{ana.SessionID}", chain[^1]);
    }

    [Fact]
    public async Task ends_at_once_on_every_node_with_any_token_above_it()
    {
        await nodes.HearEachOther();
        var owner = await TokenOwner.At(nodes.A);
        var top = await owner.Mints();
        var parent = owner.Agent.With(top, nodes.A.Client());
        var child = await parent.Narrowed(nodes.A, new { });
        var grandchild = await child.Narrowed(nodes.B, new { });
        var beside = await owner.Agent.Narrowed(nodes.B, new { });
        using var rows = await Frames.OfRoom(grandchild, 100);

        await (await owner.Revoke(top)).IsEmptyWith(HttpStatusCode.NoContent);

        foreach (var ended in (TestAgent[])[parent, child, grandchild])
        {
            await (await ended.Send(HttpMethod.Get, "/v/agent/self")).IsRefused("invalid_agent_token");
        }

        await rows.ToEnd();
        await beside.Read();
        var listed = await owner.Lists();
        Assert.Equal(3, listed.Count(row => row.GetProperty("revoked_at").ValueKind is not JsonValueKind.Null));
        await (await owner.Revoke(listed.First(row => row.GetProperty("revoked_at").ValueKind is not JsonValueKind.Null)))
            .Refuses("not_found");
    }

    [Fact]
    public async Task can_take_back_itself_and_what_is_below_but_never_what_is_above_or_beside()
    {
        var ana = (await TokenOwner.At(nodes.A)).Agent;
        var (minted, besideMinted) = (await ana.Narrows(new { }), await ana.Narrows(new { }));
        var (child, beside) = (ana.With(minted, nodes.A.Client()), ana.With(besideMinted, nodes.A.Client()));
        var below = await child.Narrows(new { actions = (string[])["mint_token"] });
        var belowThat = await child.With(below, nodes.A.Client()).Narrows(new { });
        var root = (await ana.ListsTokens())[^1];

        Assert.Equal([belowThat.Text("agent_token_id"), below.Text("agent_token_id"), minted.Text("agent_token_id")],
            (await child.ListsTokens()).Select(row => row.Text("agent_token_id")));
        var unknown = await (await ana.Send(HttpMethod.Post, $"/v/agent/tokens/{Guid.NewGuid()}/revoke")).Bytes();
        Assert.Equal(unknown, await (await child.TryRevoke(root)).Bytes());
        Assert.Equal(unknown, await (await child.TryRevoke(besideMinted)).Bytes());
        await (await child.TryRevoke(besideMinted)).IsRefused("not_found");

        await (await child.TryRevoke(belowThat)).IsEmptyWith(HttpStatusCode.NoContent);
        await (await child.TryRevoke(belowThat)).IsRefused("not_found");
        await child.With(below, nodes.A.Client()).ListsTokens();
        await (await child.TryRevoke(minted)).IsEmptyWith(HttpStatusCode.NoContent);
        await (await child.With(below, nodes.A.Client()).Send(HttpMethod.Get, "/v/agent/self")).IsRefused("invalid_agent_token");
        await beside.Read();
        await ana.Read();
    }

    /// The secret that a retry is answered with belongs to the token that minted it, not to all tokens of the agent.
    [Fact]
    public async Task is_not_handed_to_another_token_that_knows_its_key()
    {
        var ana = (await TokenOwner.At(nodes.A, present: false)).Agent;
        var narrow = await ana.Narrowed(nodes.A, new { actions = (string[])["mint_token"] });
        var wide = await ana.Narrows(new { }, "key");

        var other = await narrow.Narrows(new { }, "key");

        Assert.NotEqual(wide.Text("token"), other.Text("token"));
        Assert.Equal("[\"mint_token\"]", other.GetProperty("actions").GetRawText());
        Assert.Equal(wide.GetRawText(), (await ana.At(nodes.B.Client()).Narrows(new { }, "key")).GetRawText());
        await (await ana.TryNarrow(new { uses = 1 }, "key")).IsRefused("idempotency_conflict");
    }

    [Fact]
    public async Task has_at_most_eight_above_it()
    {
        var holder = (await TokenOwner.At(nodes.A)).Agent;
        for (var depth = 1; depth <= NarrowToken.MaxDepth; depth++)
        {
            holder = await holder.Narrowed(nodes.A, new { });
        }

        Assert.Equal(
            "too_deep", (await (await holder.TryNarrow(new { })).IsRefused("validation_failed", "reason", "unlock")).Text("reason"));
        Assert.Contains(await Offer.All(holder), offer => offer is { Action.Id: "mint_token", Allowed: false, Reason: "too_deep" });
        await (await holder.Say("from far below")).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task does_not_outlive_its_parents_life()
    {
        var ana = (await TokenOwner.At(nodes.A)).Agent;
        var parent = await ana.Narrowed(nodes.A, new { ttl_seconds = 1 });
        var child = await parent.TryNarrow(new { });
        if (child.StatusCode is HttpStatusCode.Created)
        {
            var holder = ana.With(await child.Json(HttpStatusCode.Created), nodes.A.Client());
            await Crash.Until.Holds(
                async () => (await holder.Send(HttpMethod.Get, "/v/agent/self")).StatusCode is HttpStatusCode.Unauthorized);
        }

        await Crash.Until.Holds(async () => (await parent.Send(HttpMethod.Get, "/v/agent/self")).StatusCode is HttpStatusCode.Unauthorized);
    }

    /// The token may get the credential of the session above it and use it. The session is not its own.
    [Fact]
    public async Task cannot_end_rename_or_take_over_the_session_of_another()
    {
        var owner = await TokenOwner.At(nodes.A);
        await owner.Agent.Claim("main", 0);
        var child = await owner.Agent.Narrowed(nodes.B, new { });
        var own = await SessionsOfAToken.Run(child);
        var end = $"/v/agent/sessions/{owner.Agent.SessionID}/end";

        await child.Read();
        await IsNotItsOwn(await child.Send(HttpMethod.Post, end));
        await IsNotItsOwn(await own.TryClaim("main", 1));
        await IsNotItsOwn(await own.Send(HttpMethod.Post, "/v/agent/session-aliases/main/offline-delivery/disable"));
        await IsNotItsOwn(await own.Send(HttpMethod.Post, $"/v/rooms/{owner.RoomID}/my-session-aliases/main/offline-delivery/disable"));
        var unnamed = await SessionsOfAToken.Run(owner.Agent);
        await IsNotItsOwn(await child.As(unnamed).TryClaim("other", 0));
        await owner.Agent.Read();

        await own.Claim("mine", 0);
        await (await own.Send(HttpMethod.Post, "/v/agent/session-aliases/mine/offline-delivery/disable")).Json(HttpStatusCode.OK);
        await (await SessionsOfAToken.Run(owner.Agent)).Claim("mine", 1); // A token above takes over from those below.
        await (await own.Send(HttpMethod.Get, own.Projection)).IsRefused("agent_session_superseded");
    }

    [Fact]
    public async Task is_offered_nothing_about_sessions_that_it_may_not_do()
    {
        var owner = await TokenOwner.At(nodes.A);
        await owner.Agent.Claim("night-shift", 0);
        var child = await owner.Agent.Narrowed(nodes.A, new { });
        foreach (var holder in (TestAgent[])[child, await SessionsOfAToken.Run(child)])
        {
            var offers = (await Offer.All(holder)).Where(offer => offer.Action.Id is "end_session" or "claim_alias"
                or "disable_offline_delivery" or "disable_room_offline_delivery" or "start_session").ToList();
            Assert.Equal(5, offers.Count);
            foreach (var offer in offers.Where(offer => !offer.Allowed))
            {
                await offer.IsRefused(holder);
            }

            foreach (var offer in offers.Where(offer => offer.Allowed).OrderBy(offer => offer.Action.Id is "end_session"))
            {
                await offer.Succeeds(holder);
            }
        }
    }

    /// Contract §17: the session-level calls of one run may come with the token of any of its rooms.
    [Fact]
    public async Task is_no_matter_where_a_person_minted_two_whole_ones()
    {
        var owner = await TokenOwner.At(nodes.A);
        var second = owner.Agent.With(await owner.Mints(), nodes.B.Client());
        await second.Claim("main", 0);
        var next = await SessionsOfAToken.Run(second);
        await next.Claim("main", 1);
        await (await owner.Agent.Send(HttpMethod.Get, owner.Agent.Projection)).IsRefused("agent_session_superseded");
        await (await next.In(owner.RoomID, owner.Agent.Token).Send(HttpMethod.Post, $"/v/agent/sessions/{next.SessionID}/end"))
            .IsEmptyWith(HttpStatusCode.NoContent);
    }

    private static async Task IsNotItsOwn(HttpResponseMessage answer) =>
        Assert.Equal("not_your_session", (await answer.IsRefused("forbidden", "reason", "unlock")).Text("reason"));
}
