using System.Net;
using System.Text.Json;
using Parle.Api;
using Parle.Api.Agents;
using Parle.Api.Discovery;
using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// Law 9 for people: what is another one's, what is over and what never was are one answer, byte for byte.
public class AStrangerToAnAccount(TestCluster cluster)
{
    public static TheoryData<string> InRooms =>
        [.. RoomActions.All.Append(AffordanceActions.ReadAffordances).Where(action => action.InRoom).Select(action => action.Id)];

    public static TheoryData<string> OfPeople =>
        [.. Actions.All.Where(action => action.IsForPeople && !action.NeedsAgent).Select(action => action.Id)];

    public static TheoryData<string> Managing => [.. RoomActions.All.Concat(AgentActions.All).Select(action => action.Id)];

    [Theory, MemberData(nameof(InRooms))]
    public async Task is_told_the_same_of_every_room_that_is_not_its_own(string id)
    {
        var service = await cluster.Service;
        var action = Actions.All.Single(action => action.Id == id);
        var stranger = await service.NewPerson();
        var others = await service.NewOwnedRoom(1);
        var archived = await stranger.Opens();
        await (await stranger.Delete($"/v/rooms/{archived}")).IsEmptyWith(HttpStatusCode.NoContent);

        var answers = new HashSet<string>();
        foreach (var room in (string[])[$"{others.RoomID}", $"{archived}", $"{Guid.NewGuid()}", $"{Guid.Empty}", "kitchen",
            $"{others.RoomID:N}"])
        {
            using var answer = await Attempt(stranger, action, room);
            await answer.IsRefusedAsNothing();
            answers.Add(string.Concat(answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Date")
                .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}\n"))
                + await answer.Content.ReadAsStringAsync());
        }

        Assert.Single(answers);
    }

    [Theory, MemberData(nameof(OfPeople))]
    public async Task is_nobody_without_a_session(string id)
    {
        var action = Actions.All.Single(action => action.Id == id);
        using var client = (await cluster.Service).Client();
        using var request = new HttpRequestMessage(new(action.Method), Path(action, Guid.NewGuid().ToString()));
        using var answer = await client.SendAsync(request);
        await answer.Refuses("unauthenticated");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory, MemberData(nameof(Managing))]
    public async Task cannot_have_a_persons_browser_do_it(string id)
    {
        var action = Actions.All.Single(action => action.Id == id);
        if (action.IsSafe)
        {
            return;
        }

        var service = await cluster.Service;
        var handle = $"p{Guid.NewGuid():N}"[..16];
        var cookie = (await service.Provision(new([new(handle, PersonSession: true)]))).Principals[0].PersonSession!;
        using var request = new HttpRequestMessage(new(action.Method), Path(action, Guid.NewGuid().ToString()));
        request.Headers.Add("Cookie", cookie);
        request.Headers.Add("Origin", "https://elsewhere.example");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var answer = await service.Client().SendAsync(request);
        await answer.Refuses("csrf_rejected");
    }

    private static Task<HttpResponseMessage> Attempt(TestPrincipal person, ParleAction action, string room) => person.Send(
        new(action.Method), Path(action, room),
        action.BodyExample is { } body ? JsonSerializer.Serialize(body, body.GetType(), Api.Wire.WireJson.Options) : null, "key");

    private static string Path(ParleAction action, string room) => Actions.PathParametersOf(action).Aggregate(
        action.Path, (path, parameter) =>
            path.Replace($"{{{parameter.Name}}}", parameter.Name is "room" ? room : parameter.Example, StringComparison.Ordinal));
}
