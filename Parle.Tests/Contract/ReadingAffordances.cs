using System.Net;
using Parle.Api;
using Parle.Api.Asks;
using Parle.Domain.Rooms;
using Parle.Tests.Asks;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class ReadingAffordances(TestCluster cluster)
{
    [Fact]
    public async Task names_every_action_and_whether_it_would_be_let_through()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];

        var answer = await (await ana.Send(HttpMethod.Get, $"/v/rooms/{ana.RoomID}/affordances")).Json(HttpStatusCode.OK);

        answer.HasExactly("affordances");
        var rows = answer.GetProperty("affordances").EnumerateArray().ToList();
        Assert.All(rows, row => row.HasExactly(MembersOf(row)));
        Assert.Equal(
            Actions.All.Where(action => action.Agent is not null).OrderBy(action => action.NamesAsk)
                // A template for each kind, but for approvals: alone, nobody could approve.
                .SelectMany(action => Enumerable.Repeat((action.Id, action.Method, action.Path), action == AskActions.OpenAsk ? 3 : 1)),
            rows.Select(row => (row.Text("action"), row.Text("method"), row.Text("path"))));
    }

    [Fact]
    public async Task says_what_is_missing_in_an_empty_room()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];

        var answer = await (await ana.Send(HttpMethod.Get, $"/v/rooms/{ana.RoomID}/affordances")).Json(HttpStatusCode.OK);

        var denied = answer.GetProperty("affordances").EnumerateArray().Where(row => !row.GetProperty("allowed").GetBoolean())
            .ToDictionary(row => row.Text("action"), row => row.Text("reason"));
        Assert.Equal(
            new Dictionary<string, string>(
                Actions.All.Where(action => action.NamesAsk).Select(action => KeyValuePair.Create(action.Id, "no_ask"))
                    .Concat(Actions.All.Where(action => action.NeedsScope)
                        .Select(action => KeyValuePair.Create(action.Id, "missing_scope"))))
            {
                ["preview_invitation"] = "missing_scope",
                ["accept_invitation"] = "missing_scope",
                ["claim_agent"] = "invite_capability_retired",
                ["ack_responsive_delivery"] = "nothing_waits",
                ["post_reply"] = "no_reply_route",
                ["redact_content"] = "nothing_to_choose",
                ["read_receipt"] = "nothing_to_choose",
                ["read_checkpoint"] = "nothing_to_choose",
                ["read_offline_delivery"] = "no_alias",
                ["disable_offline_delivery"] = "no_alias",
                ["read_room_offline_delivery"] = "no_alias",
                ["disable_room_offline_delivery"] = "no_alias",
            },
            denied);
    }

    [Fact]
    public async Task names_every_action_about_an_ask_for_each_ask()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var asks = new List<Guid>();
        foreach (var title in (string[])["one", "two"])
        {
            asks.Add(await ana.Opens(Asking.Help(title)));
        }

        var answer = await (await ana.Send(HttpMethod.Get, $"/v/rooms/{ana.RoomID}/affordances")).Json(HttpStatusCode.OK);

        Assert.Equal(
            from ask in asks.Order().Reverse()
            from action in Actions.All.Where(action => action.NamesAsk)
            select (ask, action.Id),
            answer.GetProperty("affordances").EnumerateArray().Where(row => row.TryGetProperty("ask_id", out _))
                .Select(row => (row.GetProperty("ask_id").GetGuid(), row.Text("action"))));
    }

    private static string[] MembersOf(System.Text.Json.JsonElement row)
    {
        var action = Actions.All.Single(action => action.Id == row.Text("action"));
        return !row.GetProperty("allowed").GetBoolean() ? ["action", "method", "path", "allowed", "reason", "unlock"]
            : action.Body is null ? ["action", "method", "path", "allowed", "href", "headers", .. Said("fill")]
            : ["action", "method", "path", "allowed", "href", "headers", "body", .. Said("fill"), .. Said("optional"), "schema"];

        string[] Said(string member) => row.TryGetProperty(member, out var list) && list.GetArrayLength() > 0 ? [member] : [];
    }
}
