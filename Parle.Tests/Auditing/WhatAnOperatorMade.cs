using System.Net;
using System.Text;
using System.Text.Json;
using Parle.Tests.Contract;
using Parle.Tests.Crash;
using Parle.Tests.Laws;
using Parle.Tests.Replaying;
using Parle.Tests.Service;
using TwoNodes = Parle.Tests.Laws.TwoNodes;

namespace Parle.Tests.Auditing;

/// It carries the operator in its chain, and ends with it.
public class WhatAnOperatorMade(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private readonly string mark = $"{Guid.NewGuid():N}"[..12];

    [Fact]
    public async Task names_the_operator_on_each_fact_and_ends_when_that_one_is_dismissed()
    {
        var (first, other) = (await Appoint($"a-{mark}"), await Appoint($"b-{mark}"));
        var made = await Provision(first.Token, new
        {
            principals = new[] { new { handle = $"ana-{mark}", person_session = true, email = $"ana-{mark}@example.org" } },
            agents = new[] { new { principal = $"ana-{mark}", handle = "builder" } },
            rooms = new[]
            {
                new
                {
                    handle = "build", owner = $"ana-{mark}", seats = new[] { new { agent = $"@ana-{mark}.builder" } },
                    tokens = new[] { new { agent = $"@ana-{mark}.builder" } },
                    auditors = new[] { new { label = "audit", contents = true } },
                },
            },
            operators = new[] { new { label = $"c-{mark}" } },
        });
        var principalID = made.GetProperty("principals")[0].GetProperty("principal_id").GetGuid();
        var room = made.GetProperty("rooms")[0];
        var roomID = room.GetProperty("room_id").GetGuid();
        var ana = new TestPrincipal(nodes.B.Client(), principalID, $"ana-{mark}", made.GetProperty("principals")[0].Text("person_session"));
        var agent = new TestAgent(nodes.B.Client(), roomID, room.GetProperty("tokens")[0].Text("token"));
        var below = made.GetProperty("operators")[0].Text("token");
        await agent.StartSession();
        await agent.Enter();

        // With Ana's session: a token, a key and who joined by it, an auditor; with that token one below it.
        var agentID = made.GetProperty("agents")[0].GetProperty("agent_id").GetGuid();
        var minted = (await (await ana.Post($"/v/agents/{agentID}/tokens", new { room_id = roomID })).Json(HttpStatusCode.Created))
            .Text("token");
        var child = (await (await agent.In(roomID, minted).Send(HttpMethod.Post, "/v/agent/tokens", "{}")).Json(HttpStatusCode.Created))
            .Text("token");
        var (used, open) = (await Key(ana, roomID), await Key(ana, roomID));
        var guest = (await (await Join(used)).Json(HttpStatusCode.Created)).Text("token");
        var auditors = new[]
        {
            room.GetProperty("auditors")[0].Text("token"),
            (await (await ana.Post($"/v/rooms/{roomID}/auditors", new { label = "mine" })).Json(HttpStatusCode.Created)).Text("token")
        };
        await Provision(below, new { principals = new[] { new { handle = $"dan-{mark}", person_session = true } } });
        var dan = new TestPrincipal(nodes.B.Client(), Guid.Empty, "dan",
            (await Provision(below, new { principals = new[] { new { handle = $"dan-{mark}", person_session = true } } }))
                .GetProperty("principals")[0].Text("person_session"));

        await (await ana.Get("/v/auth/whoami")).Json(HttpStatusCode.OK);
        await (await dan.Get("/v/auth/whoami")).Json(HttpStatusCode.OK);
        await (await agent.Say("before")).Json(HttpStatusCode.Created);
        Assert.Equal(1, await nodes.A.Scalar<long>("select count(*) from parle.identities where principal_id = $1", principalID));

        // Every fact of the room and of what was made says so.
        Assert.Empty(await nodes.A.Rows(
            "select type from parle.mt_events where stream_id = $1 and not headers->'authority' ? $2", row => row.GetString(0), roomID,
            $"operator:{first.ID}"));
        Assert.Equal([$"operator:{first.ID}", $"operator:{made.GetProperty("operators")[0].Text("operator_id")}"], await nodes.A.Rows(
            "select jsonb_array_elements_text(e.headers->'authority') from parle.mt_events e join parle.principals p on p.principal_id = "
            + "e.stream_id where p.handle = $1 and e.type = 'principal_registered'",
            row => row.GetString(0), $"dan-{mark}"));

        await Provision(other.Token, new { operators = new[] { new { label = $"a-{mark}", dismissed = true } } });

        await (await ana.Get("/v/auth/whoami")).Refuses("unauthenticated");
        await (await dan.Get("/v/auth/whoami")).Refuses("unauthenticated");
        foreach (var token in (string[])[agent.Token, minted, child, guest])
        {
            await (await new TestAgent(nodes.B.Client(), roomID, token).Send(HttpMethod.Get, "/v/agent/self"))
                .Refuses("invalid_agent_token");
        }

        foreach (var auditor in auditors)
        {
            await (await Send(nodes.B, auditor, HttpMethod.Get, $"/v/rooms/{roomID}/record")).Refuses("invalid_auditor_token");
        }

        foreach (var token in (string[])[first.Token, below])
        {
            await (await Send(nodes.B, token, HttpMethod.Get, "/v/operator/operators")).Refuses("invalid_operator_token");
        }

        await (await Join(open)).Refuses("invalid_join_key");
        Assert.Equal(0, await nodes.A.Scalar<long>("select count(*) from parle.identities where principal_id = $1", principalID));
        Assert.Equal(0, await nodes.A.Scalar<long>(
            """
            select (select count(*) from parle.agent_tokens where $1 = any(operators) and revoked_at is null) + (select count(*) from parle.auditors where $1 = any(operators) and revoked_at is null)
                 + (select count(*) from parle.person_sessions where $1 = any(operators) and ended_at is null) + (select count(*) from parle.operators where $1 = any(operators) and revoked_at is null)
            """,
            first.ID));
        await (await Send(nodes.B, other.Token, HttpMethod.Get, "/v/operator/operators")).Json(HttpStatusCode.OK);
    }

    /// The end holds by the dismissal itself, also for what is not recorded as ended yet.
    [Fact]
    public async Task is_nobodys_from_the_dismissal_on()
    {
        var made = await Appoint($"a-{mark}");
        var there = await Provision(made.Token, new
        {
            principals = new[] { new { handle = $"eve-{mark}", person_session = true } },
            agents = new[] { new { principal = $"eve-{mark}", handle = "spy" } },
            rooms = new[]
            {
                new
                {
                    handle = "den",
                    owner = $"eve-{mark}",
                    seats = new[] { new { agent = $"@eve-{mark}.spy" } },
                    tokens = new[] { new { agent = $"@eve-{mark}.spy" } },
                    auditors = new[] { new { label = "audit" } }
                }
            },
            operators = new[] { new { label = $"b-{mark}" } },
        });
        var room = there.GetProperty("rooms")[0];
        var agent = new TestAgent(nodes.B.Client(), room.GetProperty("room_id").GetGuid(), room.GetProperty("tokens")[0].Text("token"));
        await (await agent.Send(HttpMethod.Get, "/v/agent/self")).Json(HttpStatusCode.OK); // It is known there.

        await nodes.A.Execute($"update parle.operators set revoked_at = now() where operator_id = '{made.ID}'");

        await (await agent.Send(HttpMethod.Get, "/v/agent/self")).Refuses("invalid_agent_token");
        await (await new TestPrincipal(nodes.B.Client(), Guid.Empty, "eve", there.GetProperty("principals")[0].Text("person_session"))
            .Get("/v/auth/whoami")).Refuses("unauthenticated");
        await (await Send(
            nodes.B, room.GetProperty("auditors")[0].Text("token"), HttpMethod.Get, $"/v/rooms/{room.Text("room_id")}/record"))
            .Refuses("invalid_auditor_token");
        await (await Send(nodes.B, there.GetProperty("operators")[0].Text("token"), HttpMethod.Get, "/v/operator/operators"))
            .Refuses("invalid_operator_token");
    }

    /// The owner's own key, and whom the owner let in itself, are not the operator's; whom the operator let in with a session in the
    /// owner's name is.
    [Fact]
    public async Task lets_nobody_in_by_an_approval()
    {
        var made = await Appoint($"a-{mark}");
        var host = await nodes.A.NewOwnedRoom(1);
        var session =
            (await Provision(made.Token, new { principals = new[] { new { handle = host.Owner.Handle, person_session = true } } }))
                .GetProperty("principals")[0].Text("person_session");
        var intruder = new TestPrincipal(nodes.A.Client(), host.Owner.PrincipalID, host.Owner.Handle, session);
        var (waits, comes, owners) = (await Wait(), await Wait(), await Wait());
        await Approve(intruder, waits.ID);
        await Approve(intruder, comes.ID);
        await Approve(host.Owner, owners.ID);
        var token = (await (await JoinAs(comes)).Json(HttpStatusCode.Created)).Text("token");
        await (await new TestAgent(nodes.B.Client(), host.RoomID, token).Send(HttpMethod.Get, "/v/agent/self")).Json(HttpStatusCode.OK);

        await nodes.A.Provision(new(Operators: [new($"a-{mark}", Dismissed: true)]));

        await (await JoinAs(waits)).Refuses("invalid_join_key");
        await (await new TestAgent(nodes.B.Client(), host.RoomID, token).Send(HttpMethod.Get, "/v/agent/self"))
            .Refuses("invalid_agent_token");
        await (await JoinAs(owners)).Json(HttpStatusCode.Created);

        async Task<(Guid ID, string Key)> Wait()
        {
            var key = await (await host.Owner.Post($"/v/rooms/{host.RoomID}/join-keys", new { approval = true }))
                .Json(HttpStatusCode.Created);
            var kept = (key.GetProperty("join_key_id").GetGuid(), key.Text("key"));
            await (await JoinAs(kept)).Json(HttpStatusCode.Accepted);
            return kept;
        }

        static async Task Approve(TestPrincipal person, Guid id) =>
            await (await person.Post($"/v/agent-admissions/{id}", new { decision = "approve" }, $"{id}")).Json(HttpStatusCode.OK);

        async Task<HttpResponseMessage> JoinAs((Guid ID, string Key) key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v/join")
            { Content = new StringContent($$"""{"key":"{{key.Key}}"}""", Encoding.UTF8, "application/json") };
            request.Headers.Add("Idempotency-Key", $"{key.ID}");
            return await nodes.A.Client().SendAsync(request, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task of_an_operator_of_the_machine_is_nobodys_to_end()
    {
        var mine = await nodes.A.NewOwnedRoom(1);
        var made = await Appoint($"a-{mark}");
        await nodes.A.Provision(new(Operators: [new($"a-{mark}", Dismissed: true)]));
        await (await Send(nodes.B, made.Token, HttpMethod.Get, "/v/operator/operators")).Refuses("invalid_operator_token");
        await (await mine.Agents[0].Send(HttpMethod.Get, "/v/agent/self")).Json(HttpStatusCode.OK);
    }

    [Fact]
    public async Task is_listed_with_its_end_and_ends_then_or_one_by_one()
    {
        var (one, two) = (await Appoint($"a-{mark}", 3600), await Appoint($"a-{mark}", newTokens: true));
        var listed = (await (await Send(nodes.B, one.Token, HttpMethod.Get, "/v/operator/operators")).Json(HttpStatusCode.OK))
            .GetProperty("operators").EnumerateArray().Where(row => row.Text("label") == $"a-{mark}").ToList();
        Assert.Equal([two.ID, one.ID], listed.Select(row => row.GetProperty("operator_id").GetGuid()));
        Assert.Equal([false, true], listed.Select(row => row.GetProperty("current").GetBoolean()));
        Assert.Equal([90 * 24, 1], listed.Select(row => (int)Math.Round(
            (row.GetProperty("expires_at").GetDateTimeOffset() - row.GetProperty("created_at").GetDateTimeOffset()).TotalHours)));
        Assert.DoesNotContain("parle_opr_", string.Concat(listed.Select(row => row.GetRawText())), StringComparison.Ordinal);

        // Nobody appoints for longer than itself, or for ever.
        await (await Send(nodes.A, one.Token, HttpMethod.Post, "/v/operator/provision",
            new { operators = new[] { new { label = $"b-{mark}", ttl_seconds = 7200 } } })).Refuses("validation_failed");
        await (await Send(nodes.A, two.Token, HttpMethod.Post, "/v/operator/provision",
            new { operators = new[] { new { label = $"b-{mark}", ttl_seconds = 400 * 86400 } } })).Refuses("validation_failed");
        await (await Send(nodes.A, two.Token, HttpMethod.Post, "/v/operator/provision",
            new { operators = new[] { new { label = $"b-{mark}", ttl_seconds = 0 } } })).Refuses("validation_failed");
        Assert.True((await Provision(one.Token, new { operators = new[] { new { label = $"b-{mark}" } } })).GetProperty("operators")[0]
            .GetProperty("expires_at").GetDateTimeOffset() <= listed[1].GetProperty("expires_at").GetDateTimeOffset());

        await Provision(two.Token, new { operators = new[] { new { label = $"a-{mark}", dismissed = true, operator_id = one.ID } } });
        await (await Send(nodes.B, one.Token, HttpMethod.Get, "/v/operator/operators")).Refuses("invalid_operator_token");
        await (await Send(nodes.B, two.Token, HttpMethod.Get, "/v/operator/operators")).Json(HttpStatusCode.OK);

        var brief = await Appoint($"d-{mark}", 1);
        await Until.Holds(async () =>
            (await Send(nodes.B, brief.Token, HttpMethod.Get, "/v/operator/operators")).StatusCode is HttpStatusCode.Unauthorized);
    }

    private async Task<(Guid ID, string Token)> Appoint(string label, long? seconds = null, bool newTokens = false)
    {
        var made = Assert.Single((await nodes.A.Provision(new(Operators: [new(label, TtlSeconds: seconds)]), newTokens)).Operators!);
        return (made.OperatorID, made.Token!);
    }

    private async Task<JsonElement> Provision(string token, object wanted) =>
        await (await Send(nodes.A, token, HttpMethod.Post, "/v/operator/provision", wanted)).Json(HttpStatusCode.OK);

    private static async Task<string> Key(TestPrincipal person, Guid roomID) =>
        (await (await person.Post($"/v/rooms/{roomID}/join-keys", new { })).Json(HttpStatusCode.Created)).Text("key");

    private Task<HttpResponseMessage> Join(string key) =>
        nodes.A.Client().PostAsync("/v/join", new StringContent($$"""{"key":"{{key}}"}""", Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken);

    private static async Task<HttpResponseMessage> Send(
        ParleService node, string token, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        if (body is not null)
        {
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        return await node.Client().SendAsync(request, TestContext.Current.CancellationToken);
    }
}
