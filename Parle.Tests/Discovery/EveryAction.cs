using System.Text.Json;
using Parle.Api;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Discovery;

public class EveryAction(TestCluster cluster)
{
    public static TheoryData<string> Names => [.. Actions.All.Select(action => action.Id)];

    public static TheoryData<string> OfAgents =>
        [.. Actions.All.Where(action => action.NeedsAgent && !action.IsForPeople).Select(action => action.Id)];

    public static TheoryData<string> InRooms => [.. Actions.All.Where(action => action.NeedsSeat).Select(action => action.Id)];

    [Theory, MemberData(nameof(OfAgents))]
    public async Task is_served_and_refuses_who_has_no_token(string name)
    {
        using var client = (await cluster.Service).Client();
        using var answer = await client.SendAsync(Calls.Named(name).Call());

        await answer.Refuses("invalid_agent_token");
        Assert.Equal(401, (int)answer.StatusCode);
    }

    [Theory, MemberData(nameof(Names))]
    public async Task refuses_who_names_no_version_or_another(string name)
    {
        foreach (var version in (string?[])[null, "2026-07-07"])
        {
            using var client = (await cluster.Service).Host.Server.CreateClient();
            using var request = Calls.Named(name).Call();
            request.Headers.Add(VersionHeader.Name, version is null ? [] : [version]);
            using var answer = await client.SendAsync(request);

            var error = await answer.Refuses("unsupported_parle_version");
            Assert.Equal(400, (int)answer.StatusCode);
            Assert.Equal(
                [VersionHeader.Current], error.GetProperty("supported").EnumerateArray().Select(supported => supported.GetString()));
            Assert.Equal(VersionHeader.Current, error.GetProperty("current").GetString());
        }
    }

    [Theory, MemberData(nameof(InRooms))]
    public async Task tells_a_stranger_nothing_about_a_room(string name)
    {
        var service = await cluster.Service;
        var stranger = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var foreign = await service.NewRoomWithPresent(History.FromAdmission);

        var answers = new List<(int, string?, string)>();
        foreach (var room in (string[])[foreign.RoomID.ToString(), Guid.NewGuid().ToString(), "no-room-at-all"])
        {
            using var answer = await stranger.Call(Calls.Named(name), room);
            await answer.Refuses("room_not_found");
            answers.Add(((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), await answer.Content.ReadAsStringAsync()));
        }

        Assert.Single(answers.Distinct());
    }

    [Theory, MemberData(nameof(Names))]
    public async Task is_documented_with_what_it_needs_and_all_its_refusals(string name)
    {
        var action = Calls.Named(name);
        using var client = (await cluster.Service).Host.Server.CreateClient();
        var document = JsonElement.Parse(await client.GetStringAsync(DiscoveryPaths.OpenApi));
        var operation = document.GetProperty("paths").GetProperty(action.Path).GetProperty(action.Method.ToLowerInvariant());
        var responses = operation.GetProperty("responses").EnumerateObject().ToList();
        var refusals = responses.Where(response => int.Parse(response.Name) >= 400).SelectMany(response =>
            document.Resolved(response.Value).GetProperty("content").GetProperty("application/json").GetProperty("examples")
                .EnumerateObject().Select(example => (response.Name, example.Name)));
        string[] credentials =
        [
            .. action.NeedsAgent ? ["agent_token"] : (string[])[],
            .. action.NeedsAgent && action.NeedsSession ? ["agent_session"] : (string[])[],
            .. action.IsForPeople && !action.NeedsAgent ? ["person_session"] : (string[])[],
            .. action.Ways[0] is Way.OfAuditor ? ["auditor_token"] : (string[])[],
            .. action.Ways[0] is Way.OfOperator ? ["operator_token"] : (string[])[],
        ];

        Assert.Equal(name, operation.GetProperty("operationId").GetString());
        Assert.Equal(action.AllRefusals.Select(refusal => ($"{refusal.Status}", refusal.Code)).Distinct().Order(), refusals.Order());
        Assert.Equal(action.Answers.Select(answer => $"{answer.Status}"),
            responses.Select(response => response.Name).Where(status => int.Parse(status) < 400));
        Assert.Equal(credentials, operation.GetProperty("security")[0].EnumerateObject().Select(scheme => scheme.Name));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task has_a_place_in_the_guide(string name)
    {
        using var client = (await cluster.Service).Host.Server.CreateClient();

        Assert.Contains(
            $"\n### {name}\n\n`{Calls.Named(name).Method} {Calls.Named(name).Path}`: ",
            await client.GetStringAsync(DiscoveryPaths.FullGuide));
    }
}
