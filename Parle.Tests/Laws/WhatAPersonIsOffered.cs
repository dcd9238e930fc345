using System.Net;
using System.Text.Json;
using Parle.Api;
using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// Law 7 for those who manage a room.
public class WhatAPersonIsOffered(TestCluster cluster)
{
    // Offers are tried in an order that leaves most of the others possible.
    private static readonly List<string> LastOf = ["revoke_right", "remove_participant", "remove_seat", "archive_room"];

    [Theory, InlineData("owner"), InlineData("admin"), InlineData("member")]
    public async Task is_accepted_as_it_stands_and_the_rest_is_refused(string who)
    {
        var (service, room, person) = await As(who);
        var (offers, known) = (await Offers(person, room), await Strangers(service));

        Assert.Equal(
            Actions.All.Where(action => action.InRoom && action.IsForPerson).Select(action => action.Id)
                .Order(),
            offers.Select(offer => offer.Action.Id).Distinct().Order());
        foreach (var withheld in offers.Where(offer => !offer.Allowed && offer.Reason is not "nothing_to_choose"))
        {
            using var answer = await Send(person, withheld.Action.Method, Anywhere(withheld.Action, room),
                withheld.Action.BodyExample is { } body ? JsonSerializer.Serialize(body, Api.Wire.WireJson.Options) : null);
            var error = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("error");
            Assert.Equal(withheld.Reason,
                error.TryGetProperty("reason", out var reason) ? reason.GetString() : error.GetProperty("code").GetString());
        }

        foreach (var offered in offers.Where(offer => offer.Allowed).OrderBy(offer => LastOf.IndexOf(offer.Action.Id)))
        {
            if ((await Offers(person, room))
                .SingleOrDefault(offer => offer.Row.GetProperty("action").GetString() == offered.Action.Id && Same(offer.Row, offered.Row))
                is not { } still)
            {
                continue; // An earlier act made it impossible, and it is not offered any more.
            }

            var filled = Filled.In(still.Row, known);
            using var answer = await Send(person, offered.Action.Method, filled.Href, filled.Body);
            Assert.True(answer.IsSuccessStatusCode,
                $"{still.Row} was answered {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            if (offered.Action == RoomActions.ArchiveRoom)
            {
                return;
            }
        }
    }

    [Fact]
    public async Task names_each_seat_presence_and_agent_that_it_can_be_done_to()
    {
        var (service, room, owner) = await As("owner");
        var offers = (await Offers(owner, room)).Where(offer => offer.Allowed).ToLookup(offer => offer.Action.Id, offer => offer.Row);
        var seats = await owner.AgentSeats(room.RoomID);

        Assert.Superset(seats.Values.Select(seat => $"/v/rooms/{room.RoomID}/seats/{seat}/remove").ToHashSet(),
            offers["remove_seat"].Select(row => row.Text("href")).ToHashSet());
        Assert.Equal(room.Agents.Select(agent => $"/v/rooms/{room.RoomID}/participants/{agent.ParticipantID}/remove").Order(),
            offers["remove_participant"].Select(row => row.Text("href")).Order());
        var spare = await service.Scalar<Guid>(
            "select agent_id from parle.agents where principal_id = $1 and handle = 'spare'", owner.PrincipalID);
        Assert.Equal([spare], offers["seat_agent"].Select(row => row.GetProperty("body").GetProperty("agent_id").GetGuid()));
    }

    [Fact]
    public async Task is_bounded()
    {
        var service = await cluster.Service;
        var ana = await service.NewPerson();
        var roomID = await ana.Opens();
        var handles = Enumerable.Range(0, 60).Select(_ => $"q{Guid.NewGuid():N}"[..20]).ToList();
        await service.Provision(new([.. handles.Select(handle => new Api.Provisioning.ProvisionPrincipal(handle))],
            [.. handles.Select(handle => new Api.Provisioning.ProvisionAgent(handle, "helper"))]));
        await service.Admit(handles, roomID);
        var rows = (await (await ana.Get($"/v/rooms/{roomID}/affordances")).Json(HttpStatusCode.OK)).GetProperty("affordances")
            .EnumerateArray();
        Assert.Equal(Affordance.MaxOffers, rows.Count(row => row.Text("action") == "remove_seat"));
    }

    [Theory, InlineData(0), InlineData(1)]
    public async Task is_offered_to_its_agents_that_may_too(int who)
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(3, "room_manage", "create_room", "invite_mint");
        await room.Owner.Creates("spare");
        var agent = room.Agents[who];
        var (offers, known) = (await Offer.All(agent), await Strangers(service));
        var managing = offers.Where(offer => offer.Action.NeedsScope).ToList();
        Assert.Equal(Actions.All.Where(action => action.NeedsScope).Select(action => action.Id).Order(),
            managing.Select(offer => offer.Action.Id).Distinct().Order());
        Assert.Equal(who == 0, managing.Exists(offer => offer is { Allowed: true, Action.Id: "remove_seat" }));

        foreach (var withheld in managing.Where(offer => !offer.Allowed && offer.Reason is not "nothing_to_choose"))
        {
            await withheld.IsRefused(agent);
        }

        foreach (var offered in managing.Where(offer => offer.Allowed).OrderBy(offer => LastOf.IndexOf(offer.Action.Id)))
        {
            if ((await Offer.All(agent)).SingleOrDefault(offer => offer.IsSameAs(offered)) is { Allowed: true } still)
            {
                await still.Succeeds(agent, known);
            }
        }
    }

    // Whom a member can invite: the service tells nobody who is there.
    private static async Task<IReadOnlyDictionary<string, string>> Strangers(ParleService service)
    {
        var (one, other, third) = (await service.NewPerson(), await service.NewPerson(), await service.NewPerson());
        await third.Creates("helper");
        return new Dictionary<string, string>
        {
            ["target"] = $"@{one.Handle}",
            ["handle"] = other.Handle,
            ["agent"] = $"@{third.Handle}.helper",
        };
    }

    private static async Task<IReadOnlyList<Offer>> Offers(TestPrincipal person, OwnedRoom room) =>
        Offer.In(await (await person.Get($"/v/rooms/{room.RoomID}/affordances")).Json(HttpStatusCode.OK));

    // Whether both are about the same thing: the keys are fresh each time.
    private static bool Same(JsonElement one, JsonElement other) =>
        one.GetProperty("allowed").GetBoolean() && one.Text("href") == other.Text("href") && (one.TryGetProperty("body", out var body)
            ? body.GetRawText() : "") == (other.TryGetProperty("body", out var its) ? its.GetRawText() : "");

    private static string Anywhere(ParleAction action, OwnedRoom room) => Actions.PathParametersOf(action).Aggregate(
        action.Path, (path, parameter) => path.Replace(
            $"{{{parameter.Name}}}", parameter.Name is "room" ? room.RoomID.ToString() : parameter.Example, StringComparison.Ordinal));

    private static Task<HttpResponseMessage> Send(TestPrincipal person, string method, string path, string? body) =>
        person.Send(new(method), path, body, $"{Guid.NewGuid()}");

    /// A room of the owner's with two agents of others, seen by the owner, by a member that may remove others, or by one that may not.
    private async Task<(ParleService Service, OwnedRoom Room, TestPrincipal Person)> As(string who)
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(3);
        await room.Owner.Creates("spare");
        var seat = await service.Admit(room.People[1], room.RoomID);
        if (who is "admin")
        {
            await (await room.Owner.Post($"/v/rooms/{room.RoomID}/seats/{seat}/rights", new { bundle = "admin" }))
                .Json(HttpStatusCode.Created);
            await room.People[1].Creates("spare");
        }

        return (service, room, who is "owner" ? room.Owner : room.People[1]);
    }
}
