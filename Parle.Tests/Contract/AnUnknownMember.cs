using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Parle.Api;
using Parle.Api.Asks;
using Parle.Api.Contract;
using Parle.Api.Delivery;
using Parle.Api.Registry;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

/// A word that a body does not know is never taken for one that was not said.
public class AnUnknownMember(TestCluster cluster)
{
    // Members that published clients write, and may write more of (contract §6, §12).
    private static readonly string[] tolerant = ["start_session", "post_message", "post_reply", "ack_responsive_delivery", "claim_alias"];

    public static TheoryData<string> Bodies => new(Actions.All.Where(action => action.Body is not null).Select(action => action.Id));

    [Fact]
    public void is_taken_by_the_writes_of_published_clients_alone() =>
        Assert.Equal(tolerant.Order(), Actions.All.Where(action => action.Narrowing is not null).Select(action => action.Id).Order());

    [Theory, MemberData(nameof(Bodies))]
    public void is_refused_by_name_at_every_depth(string id)
    {
        var action = Action(id);
        foreach (var (path, part) in Parts(action))
        {
            var refusal = Read(action, At(action, path, part, ("zz_top", 1)));
            if (path.Length == 0 && tolerant.Contains(id))
            {
                Assert.Null(refusal?.Reason); // Left alone: other members may be missing.
            }
            else
            {
                Assert.Equal("unknown_member", refusal?.Reason);
                Assert.Contains("zz_top` is not known here", refusal!.Detail);
            }
        }
    }

    [Theory, MemberData(nameof(Bodies))]
    public void that_was_meant_for_a_known_one_is_told_which(string id)
    {
        var action = Action(id);
        foreach (var (path, part) in Parts(action))
        {
            foreach (var known in part.Properties.Select(property => property.Name)
                .Where(name => path.Length > 0 || action.Narrowing is not { } narrowing || narrowing.Contains(name)))
            {
                foreach (var slip in Slips(known).Where(slip => part.Properties.All(property => property.Name != slip)))
                {
                    var refusal = Read(action, At(action, path, part, (slip, null)));
                    Assert.Equal("unknown_member", refusal?.Reason);
                    Assert.True(
                        refusal!.Detail!.Contains(known, StringComparison.Ordinal), $"{id}: {slip} is not told {known}: {refusal.Detail}");
                }
            }
        }
    }

    [Theory]
    [InlineData(""" "to":"@x1.y1" """, "addressing.to"), InlineData(""" "audience":"direct" """, "addressing.audience"),
        InlineData(""" "adressing":{"audience":"direct","to":"@x1.y1"} """, "addressing")]
    [InlineData(""" "Addressing":{"audience":"direct"} """, "addressing"), InlineData(""" "TO":"@x1.y1" """, "addressing.to"),
        InlineData(""" "recipients":["@x1.y1"] """, "addressing.to")]
    [InlineData(""" "recipient":"@x1.y1" """, "addressing.to"), InlineData(""" "addressee":"@x1.y1" """, "addressing"),
        InlineData(""" "target":"@x1.y1" """, "addressing.to"), InlineData(""" "cc":[] """, "addressing.to")]
    [InlineData(""" "visibility":"private" """, "addressing.audience"), InlineData(""" "private":true """, "addressing.audience"),
        InlineData(""" "direct":true """, "addressing.audience")]
    [InlineData(""" "address":"@x1.y1" """, "addressing"), InlineData(""" "addresses":[] """, "addressing"),
        InlineData(""" "audiance":"direct" """, "addressing.audience"), InlineData(""" "Type":"x" """, "type")]
    [InlineData(""" "addressing":{"audience":"direct","too":"@x1.y1"} """, "to"),
        InlineData(""" "addressing":{"Audience":"direct","to":"@x1.y1"} """, "audience"),
        InlineData(""" "addressing":{"audience":"broadcast","recipients":[]} """, "addressing.to")]
    public async Task that_narrows_a_message_is_refused_and_nothing_is_said(string member, string meant)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var error = await (await ana.Post($$"""{"type":"message_submitted","payload":{"body":"secret"},{{member}}}""", "key"))
            .IsRefused("malformed_request", "reason");
        Assert.Contains($"Did you mean `{meant}`?", error.GetProperty("message").GetString());
        Assert.Empty((await ana.Read()).Messages());
    }

    /// A misplaced addressing is not taken for a message to all: neither by its name, nor by its value.
    [Theory]
    [InlineData(""" "options":{"addressing":{"audience":"direct","to":"@x1.y1"}} """), InlineData(""" "metadata":{"to":"nobody"} """),
        InlineData(""" "meta":[{"deep":[{"Audience":"direct"}]}] """), InlineData(""" "extra":{"recipients":[]} """),
        InlineData(""" "note":"@x1.y1" """)]
    [InlineData(""" "hint":[["x"," @X1.y1.z1 "]] """), InlineData(""" "more":{"kind":{"private":true}} """),
        InlineData(""" "target_participant_id":"x" """), InlineData(""" "target_agent_session_id":"x" """),
        InlineData(""" "addressed_to":"x" """)]
    [InlineData(""" "to_participant":"x" """), InlineData(""" "to_session":"x" """), InlineData(""" "direct_to":"x" """),
        InlineData(""" "private_to":"x" """), InlineData(""" "reply_to":"x" """)]
    [InlineData(""" "in_reply_to":"x" """), InlineData(""" "dm_to":"x" """), InlineData(""" "confidential_to":"x" """),
        InlineData(""" "restricted_to":"x" """), InlineData(""" "agent":"x" """)]
    [InlineData(""" "participants":"x" """), InlineData(""" "hidden_from":"x" """), InlineData(""" "only":"x" """),
        InlineData(""" "hiddenFrom":"x" """), InlineData(""" "hiddenfrom":"x" """)]
    [InlineData(""" "replyto":"x" """), InlineData(""" "privateTo":"x" """), InlineData(""" "DMTo":"x" """),
        InlineData(""" "targetParticipantIDs":"x" """), InlineData(""" "is-private":"x" """)]
    [InlineData(""" "isprivate":"x" """), InlineData(""" "visible.to":"x" """), InlineData(""" "TO_AGENT":"x" """),
        InlineData(""" "user_ids":"x" """), InlineData(""" "exclude":"x" """)]
    public async Task that_may_say_for_whom_a_message_is_is_refused_and_nothing_is_said(string member)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var error = await (await ana.Post($$"""{"type":"message_submitted","payload":{"body":"secret"},{{member}}}""", "key"))
            .IsRefused("malformed_request", "reason");
        Assert.Equal("unknown_member", error.Text("reason"));
        Assert.Contains("addressing", error.Text("message"), StringComparison.Ordinal);
        Assert.Equal("unknown_member", Read(DeliveryActions.PostReply, JsonNode.Parse(
            $$"""{"reply_route_id":"019a7c1e-1f3a-7d52-8f7a-6a1d0c9b2e10","payload":{"body":"secret"},{{member}}}""")!)?.Reason);
        Assert.Empty((await ana.Read()).Messages());
    }

    /// A null means that the caller forgot the audience; a message to everybody leaves the member out.
    [Theory]
    [InlineData("messages", """{"type":"message_submitted","payload":{"body":"secret"},"addressing":null}""")]
    [InlineData("asks", """{"kind":"help","title":"t","request":{"question":"q"},"addressing":null}""")]
    public async Task is_not_the_only_way_to_forget_an_addressee(string path, string json)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var error = await (await ana.Send(HttpMethod.Post, $"/v/rooms/{ana.RoomID}/{path}", json, "key")).IsRefused("malformed_request");
        Assert.Contains("`addressing` must not be null: leave it out", error.Text("message"), StringComparison.Ordinal);
        Assert.Empty((await ana.Read()).Messages());
    }

    [Theory]
    [InlineData("start_session", """{"max_uses":1}"""), InlineData("start_session", """{"allowedScopes":[]}"""),
        InlineData("claim_alias", """{"alias":"a","expected_generation":0,"min_generation":1}""")]
    [InlineData("ack_responsive_delivery", """{"seq":1,"upto_seq":3}""")]
    public void that_shares_a_word_with_what_narrows_is_refused(string id, string json) =>
        Assert.Equal("unknown_member", Read(Action(id), JsonNode.Parse(json)!)?.Reason);

    [Fact]
    public async Task that_narrows_nothing_is_left_alone_beside_a_message_and_kept_inside_of_it()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var answer = await ana.Post(
            """{"type":"message_submitted","client_message_id":"7","metadata":{"note":"see @x1.y1 and the photo","model":["auto"]},"thread":7,"created_at":"2026-08-17T10:00:00Z","traceparent":null,"payload":{"body":"hello","to":"@x1.y1","adressing":1,"Body":"x","turn":1}}""",
            "key");
        await answer.Json(System.Net.HttpStatusCode.Created);
        Assert.Equal("@x1.y1", Assert.Single((await ana.Read()).Messages()).GetProperty("payload").GetProperty("to").GetString());
    }

    [Theory]
    [InlineData("asks", """{"kind":"help","title":"t","request":{"question":"q"},"to":"@x1.y1"}""", "addressing.to")]
    [InlineData("asks",
        """{"kind":"approval","title":"t","request":{"action":"a"},"subject":{"kind":"k","ref":"r","sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},"quorom":3}""",
        "quorum")]
    [InlineData("asks", """{"kind":"help","title":"t","request":{"question":"q","scop":"x"}}""", null)]
    [InlineData("/v/agent/tokens", """{"action":["read_projection"],"use":1,"ttl":60}""", "actions"),
        InlineData("/v/agent/tokens", """{"use":1}""", "uses"), InlineData("/v/agent/tokens", """{"ttl":60}""", "ttl_seconds")]
    [InlineData("/v/agent/tokens", """{"Actions":["read_projection"]}""", "actions"),
        InlineData("/v/agent/sessions", """{"ttl":60}""", null), InlineData("/v/agent/sessions", """{"scopes":[]}""", null)]
    public async Task that_would_widen_what_happens_is_refused(string path, string json, string? meant)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var answer = await ana.Send(HttpMethod.Post, path.StartsWith('/') ? path : $"/v/rooms/{ana.RoomID}/{path}", json, "key");
        Assert.InRange((int)answer.StatusCode, 400, 499);
        var message = (await answer.Json(answer.StatusCode)).GetProperty("error").GetProperty("message").GetString();
        Assert.Contains("not known here", message);
        Assert.Contains(meant ?? "", message);
    }

    [Fact]
    public async Task where_no_body_is_taken_is_refused_but_by_what_published_clients_call()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var accept = $"/v/rooms/{ana.RoomID}/asks/{Guid.NewGuid()}/accept";
        await (await ana.Send(HttpMethod.Post, accept, """{"sha256":"x"}""", "key")).IsRefused("malformed_request");
        foreach (var nothing in (string?[])[null, "", "{}", " { } "])
        {
            await (await ana.Send(HttpMethod.Post, accept, nothing, "key")).IsRefused("not_found");
        }

        await (await ana.Send(HttpMethod.Post, $"/v/rooms/{ana.RoomID}/participants", """{"seat_id":"x"}"""))
            .Json(System.Net.HttpStatusCode.Created);
        Assert.Equal(["disable_offline_delivery", "disable_room_offline_delivery", "end_session", "enter_room", "heartbeat"],
            Actions.All.Where(action => action.IgnoresBody).Select(action => action.Id).Order());
    }

    [Fact]
    public void with_a_secret_for_a_name_is_not_repeated()
    {
        var refusal = Read(AskActions.OpenAsk, JsonNode.Parse($$"""{"parle_agt_{{new string('A', 43)}}":1}""")!);
        Assert.DoesNotContain("AAAA", refusal!.Detail);
    }

    private static ParleAction Action(string id) => Actions.All.Single(action => action.Id == id);

    private static Domain.Refusal? Read(ParleAction action, JsonNode body) =>
        RequestBody.Parse(Encoding.UTF8.GetBytes(body.ToJsonString()), action.Body!, action.BodyJson, action.Narrowing).Refusal;

    // Every object that the body's type has in it, with the way there.
    private static IEnumerable<(string[] Path, JsonTypeInfo Part)> Parts(ParleAction action)
    {
        return Of(action.Body!, []);

        IEnumerable<(string[], JsonTypeInfo)> Of(Type type, string[] path)
        {
            var info = action.BodyJson.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
            return info.Kind switch
            {
                JsonTypeInfoKind.Object =>
                    [(path, info), .. info.Properties.SelectMany(property => Of(property.PropertyType, [.. path, property.Name]))],
                JsonTypeInfoKind.Enumerable => Of(info.ElementType!, [.. path, "[]"]),
                _ => [],
            };
        }
    }

    // A body with nothing in it but the way to one of its objects, and this member there.
    private static JsonNode At(ParleAction action, string[] path, JsonTypeInfo part, (string Name, object? Value) member)
    {
        _ = (action, part);
        JsonNode node = new JsonObject { [member.Name] = JsonSerializer.SerializeToNode(member.Value) };
        return path.Reverse().Aggregate(node, (inner, step) => step == "[]" ? new JsonArray(inner) : new JsonObject { [step] = inner });
    }

    private static IEnumerable<string> Slips(string name)
    {
        yield return name.ToUpperInvariant();
        yield return JsonNamingPolicy.CamelCase.ConvertName(
            string.Concat(name.Split('_').Select(part => char.ToUpperInvariant(part[0]) + part[1..])));
        if (name.Length > 3)
        {
            yield return name.Replace("_", "-", StringComparison.Ordinal);
            yield return name + "s";
            yield return name[..1] + name[2..]; // A letter left out,
            yield return name[..1] + name[2] + name[1] + name[3..]; // two exchanged,
            yield return name[..2] + name[1] + name[2..]; // and one doubled.
        }
    }
}
