using System.Net;
using System.Text;
using System.Text.Json;
using Parle.Api;
using Parle.Api.Registry;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Auditing;

public class AnOperator(TestCluster cluster)
{
    [Fact]
    public async Task provisions_over_http_what_the_command_provisions()
    {
        var (service, operates) = await Operator();
        var handle = $"p{Guid.NewGuid():N}"[..16];
        var wanted =
            $$"""{"principals":[{"handle":"{{handle}}"}],"agents":[{"principal":"{{handle}}","handle":"helper"}],"rooms":[{"handle":"build","owner":"{{handle}}","seats":[{"agent":"@{{handle}}.helper"}],"tokens":[{"agent":"@{{handle}}.helper"}]}]}""";
        var made = await (await operates(HttpMethod.Post, "/v/operator/provision", wanted)).Json(HttpStatusCode.OK);
        made.HasExactly("base", "principals", "agents", "rooms");
        var room = made.GetProperty("rooms")[0];
        var agent = new TestAgent(service.Client(), room.GetProperty("room_id").GetGuid(), room.GetProperty("tokens")[0].Text("token"));
        await agent.StartSession();
        await agent.Enter();

        var again = await (await operates(HttpMethod.Post, "/v/operator/provision", wanted)).Json(HttpStatusCode.OK);
        Assert.False(again.GetProperty("rooms")[0].GetProperty("tokens")[0].TryGetProperty("token", out _));
        Assert.True((await (await operates(HttpMethod.Post, "/v/operator/provision?new_tokens=true", wanted)).Json(HttpStatusCode.OK))
            .GetProperty("rooms")[0].GetProperty("tokens")[0].TryGetProperty("token", out _));
        Assert.StartsWith("operator:",
            await service.Scalar<string>("select headers->>'actor' from parle.mt_events where stream_id = $1 and type = 'room_opened'",
                room.GetProperty("room_id").GetGuid()));

        await (await operates(HttpMethod.Post, "/v/operator/provision", """{"principals":[{"handel":"ana"}]}"""))
            .Refuses("malformed_request");
        await (await operates(HttpMethod.Post, "/v/operator/provision", """{"principals":[{"handle":"Ana!"}]}"""))
            .Refuses("validation_failed");
    }

    [Fact]
    public async Task sees_rooms_and_records_without_contents_and_is_seen_doing_it()
    {
        var (service, operates) = await Operator();
        var host = await service.NewOwnedRoom(1);
        await (await host.Agents[0].Say("between us")).Json(HttpStatusCode.Created);
        await service.IsSettled();

        var (rooms, after) = (new List<JsonElement>(), (string?)null);
        do
        {
            var page = await (await operates(HttpMethod.Get, $"/v/operator/rooms{(after is null ? "" : $"?after={after}")}", null))
                .Json(HttpStatusCode.OK);
            rooms.AddRange(page.GetProperty("rooms").EnumerateArray());
            after = page.GetProperty("next").GetString();
        }
        while (after is not null);

        var room = rooms.Single(room => room.Text("room_id") == $"{host.RoomID}");
        room.HasExactly("room_id", "room_handle", "kind", "owner_handle", "created_at", "archived_at", "seats", "participants", "facts",
            "last_fact_at");
        Assert.Equal((2, 1, (await service.RecordOf(host.RoomID)).Facts),
            (room.GetProperty("seats").GetInt32(), room.GetProperty("participants").GetInt32(), room.GetProperty("facts").GetInt64()));

        var record = await (await operates(HttpMethod.Get, $"/v/operator/rooms/{host.RoomID}/record", null)).Json(HttpStatusCode.OK);
        Assert.DoesNotContain("between us", record.GetRawText(), StringComparison.Ordinal);
        Assert.All(record.GetProperty("facts").EnumerateArray(), fact => Assert.False(fact.TryGetProperty("contents", out _)));
        await (await operates(HttpMethod.Get, $"/v/operator/rooms/{Guid.NewGuid()}/record", null)).Refuses("room_not_found");
        var read = Assert.Single((await (await host.Owner.Get($"/v/rooms/{host.RoomID}/record-reads")).Json(HttpStatusCode.OK))
            .GetProperty("reads").EnumerateArray());
        Assert.Equal(("operator", record.GetProperty("facts").GetArrayLength()), (read.Text("reader"), read.GetProperty("to").GetInt64()));
    }

    [Fact]
    public async Task sees_how_far_the_views_are()
    {
        var (_, operates) = await Operator();
        var views = await (await operates(HttpMethod.Get, "/v/operator/views", null)).Json(HttpStatusCode.OK);
        var position = views.GetProperty("position").GetInt64();
        Assert.True(position > 0);
        Assert.Contains("Timeline", views.GetProperty("views").EnumerateArray().Select(view => view.Text("name")));
        Assert.All(views.GetProperty("views").EnumerateArray().Where(view => view.Text("kept") == "inline"),
            view => Assert.Equal((position, 0), (view.GetProperty("position").GetInt64(), view.GetProperty("behind").GetInt64())));
        Assert.All(views.GetProperty("views").EnumerateArray(),
            view => Assert.Contains(view.Text("command"), Projections.ParleStore.Views().Select(one => one.Name)));
        Assert.Empty(views.GetProperty("tampered_logs").EnumerateArray());
        Assert.Equal(["RoomSummaries"],
            views.GetProperty("views").EnumerateArray().Where(view => view.Text("kept") == "async").Select(view => view.Text("name")));
    }

    [Fact]
    public async Task is_nobody_with_any_other_token()
    {
        var (service, _) = await Operator();
        var agent = (await service.NewRoom(Domain.Rooms.History.All)).Agents[0];
        foreach (var action in Actions.All.Where(action => action.Ways[0] is Way.OfOperator))
        {
            var denials = new HashSet<(HttpStatusCode, string)>();
            foreach (var token in (string[])["", agent.Token, $"parle_opr_{new string('a', 43)}", $"parle_aud_{new string('a', 43)}"])
            {
                denials.Add(await (await Send(service, token, new(action.Method), action.Path.Replace("{room}", $"{agent.RoomID}"),
                    action.Body is null ? null : "{}")).Bytes());
            }

            Assert.Equal(HttpStatusCode.Unauthorized, Assert.Single(denials).Item1);
        }
    }

    private async Task<(ParleService Service, Func<HttpMethod, string, string?, Task<HttpResponseMessage>> Operates)> Operator()
    {
        var service = await cluster.Service;
        var made = Assert.Single((await service.Provision(new(Operators: [new($"o{Guid.NewGuid():N}"[..16])]))).Operators!);
        Assert.Matches("^parle_opr_[A-Za-z0-9_-]{43}$", made.Token);
        return (service, (method, path, body) => Send(service, made.Token!, method, path, body));
    }

    private static async Task<HttpResponseMessage> Send(ParleService service, string token, HttpMethod method, string path, string? body)
    {
        using var client = service.Client();
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
