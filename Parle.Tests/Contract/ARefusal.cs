using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class ARefusal(TestCluster cluster)
{
    [Theory, InlineData("GET", "/v/nowhere"), InlineData("GET", "/v"), InlineData("POST", "/v/kitchens"),
        InlineData("GET", "/v/rooms/a/b/c")]
    public async Task of_an_unknown_address_comes_in_the_envelope(string method, string path)
    {
        using var client = (await cluster.Service).Client();
        using var request = new HttpRequestMessage(new(method), path);
        await (await client.SendAsync(request)).IsRefused("not_found");
    }

    [Theory, InlineData("DELETE", "/v/agent/sessions", "GET, HEAD, POST"), InlineData("GET", "/v/rooms/x/messages", "POST"),
        InlineData("PUT", "/v/agent/self", "GET, HEAD")]
    public async Task of_a_wrong_method_comes_in_the_envelope_and_names_the_right_ones(string method, string path, string allowed)
    {
        using var client = (await cluster.Service).Client();
        using var request = new HttpRequestMessage(new(method), path);
        var answer = await client.SendAsync(request);

        await answer.IsRefused("method_not_allowed");
        Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow.Order()));
    }

    [Fact]
    public async Task for_a_missing_scope_says_what_would_help()
    {
        var service = await cluster.Service;
        var room = await service.NewRoom(History.FromAdmission);
        var agent = await service.WithToken(room.Agents[0], scopes: "invite_mint");
        await agent.StartSession();

        var error = await (await agent.Send(HttpMethod.Post, agent.Participants)).IsRefused("forbidden", "reason", "unlock");

        Assert.Equal("missing_scope", error.Text("reason"));
        Assert.Contains("participate", error.Text("unlock"));
    }

    [Fact]
    public async Task is_the_same_bytes_for_every_room_that_is_not_ours()
    {
        var service = await cluster.Service;
        var ours = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var theirs = await service.NewRoomWithPresent(History.FromAdmission);
        var outside = (await service.NewRoom(History.FromAdmission)).Agents[0];
        await outside.StartSession();

        var answers = new List<string>();
        foreach (var room in (string[])[$"{theirs.RoomID}", $"{Guid.CreateVersion7()}", $"{Guid.Empty}", "nonsense", $"{ours.RoomID}x"])
        {
            answers.Add(await Answer(await ours.Send(HttpMethod.Get, $"/v/rooms/{room}/projection")));
            answers.Add(await Answer(await ours.Send(HttpMethod.Get, $"/v/rooms/{room}/affordances")));
            answers.Add(await Answer(await ours.Send(HttpMethod.Post, $"/v/rooms/{room}/participants")));
            answers.Add(await Answer(await ours.Send(HttpMethod.Post, $"/v/rooms/{room}/messages", "{}", "key")));
        }

        answers.Add(await Answer(await outside.Send(HttpMethod.Get, outside.Projection))); // Seated, but it has not entered.
        Assert.Single(answers.Distinct());

        static async Task<string> Answer(HttpResponseMessage answer)
        {
            await answer.IsRefused("room_not_found");
            return $"{(int)answer.StatusCode} {answer.Headers}{answer.Content.Headers}{await answer.Content.ReadAsStringAsync()}";
        }
    }
}
