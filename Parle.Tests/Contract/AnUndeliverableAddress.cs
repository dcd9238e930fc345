using System.Net;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class AnUndeliverableAddress(ServiceWithItsOwnClock place) : IClassFixture<ServiceWithItsOwnClock>
{
    [Fact]
    public async Task is_refused_in_the_same_bytes_whatever_is_wrong_with_it()
    {
        var service = place.Service;
        var room = await service.NewRoom(History.FromAdmission, History.FromAdmission, History.FromAdmission);
        var (ana, ben, expired) = (room.Agents[0], room.Agents[1], room.Agents[2]);
        await Begin(expired);
        place.Pass(TimeSpan.FromHours(12));
        await Begin(ana);
        await Begin(ben);
        var elsewhere = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var outside = await service.SessionOutsideOf(ben); // Two sessions of Ben's agent live, one is here.

        var ended = await service.AnotherSessionOf(ben);
        await ended.End();
        var superseded = await service.AnotherSessionOf(ben);
        var supersededHandle = superseded.Address;
        await superseded.Claim("day-shift", 0);
        await (await service.SessionOutsideOf(ben)).Claim("day-shift", 1);
        var closed = await service.SessionOutsideOf(ben);
        await closed.Claim("night-shift", 0);
        await (await closed.Send(HttpMethod.Post, "/v/agent/session-aliases/night-shift/offline-delivery/disable")).Json(HttpStatusCode.OK);
        await elsewhere.Claim("abroad", 0);

        string[] nobody =
        [
            "@nobody.helper", "@nobody.helper.night-shift", ben.AgentAddress("aaaaaaaaaaaaaaaa"),
            string.Join('.', ben.AgentAddress().Split('.')[0], "nobody"), outside.Address, ended.Address, supersededHandle, expired.Address,
            elsewhere.AgentAddress(), elsewhere.Address, ben.AgentAddress("never-claimed"),
            ben.AgentAddress("night-shift"),
        ];
        var before = await service.RecordOf(room.RoomID);

        var answers = new HashSet<(HttpStatusCode, string)>();
        foreach (var to in nobody.Select(address => JsonSerializer.Serialize(address))
            .Append(JsonSerializer.Serialize(new[] { ben.Address, "@nobody.helper" })))
        {
            var answer = await ana.Post(
                $$"""{"type":"message_submitted","payload":{"body":"x"},"addressing":{"audience":"direct","to":{{to}} } }""", "key");
            await answer.IsRefused("address_not_deliverable");
            answers.Add(await answer.Bytes());
        }

        Assert.Single(answers);
        Assert.Equal(before, await service.RecordOf(room.RoomID));
        Assert.DoesNotContain("x", (await ben.Inbound()).Bodies());
        await (await ana.Say("for somebody after all", "key", ben.Address)).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task is_malformed_where_nobody_could_have_it()
    {
        var room = await place.Service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        string[] none =
        [
            "", "@", "nonsense", "@helper", "@x1.y1 ", $" {ben.Address}", $"{ben.Address} ", $"{ben.Address}.x", $"{ben.Address}\0",
            ben.Address.ToUpperInvariant(), ben.Address[1..], ben.Address.Replace(".", "..", StringComparison.Ordinal),
            $"@{new string('a', 300)}.helper", $"@{new string('a', 21)}.helper", "@a.helper", "@admin.helper", "@ben.root",
            "@ben.helper.system", "@be_n.helper", "@-ben.helper", "@ben--x.helper", "@ben.hélper", "@ben.helper@", "mailto:a@b.example",
        ];
        foreach (var to in none.SelectMany(address => (string[])[JsonSerializer.Serialize(address),
            JsonSerializer.Serialize(new[] { ben.Address, address }), JsonSerializer.Serialize(new[] { "@nobody.helper", address })]))
        {
            await (await ana.Post(
                $$"""{"type":"message_submitted","payload":{"body":"x"},"addressing":{"audience":"direct","to":{{to}} } }""", "key"))
                .IsRefused("malformed_request");
            await (await ana.Send(HttpMethod.Post, $"/v/rooms/{room.RoomID}/asks",
                $$"""{"kind":"help","title":"t","request":{"question":"q"},"addressing":{"audience":"direct","to":{{to}} } }""", "key"))
                .IsRefused("malformed_request");
        }

        await ana.Tell(ben.Address, "for you");
    }

    [Fact]
    public async Task is_that_of_a_session_as_soon_as_its_end_is_answered()
    {
        var service = place.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        for (var i = 0; i < 5; i++)
        {
            var other = await service.AnotherSessionOf(ben);
            await ana.Tell(other.Address, "are you there?");
            await other.End();
            await (await ana.Say("are you there?", to: other.Address)).IsRefused("address_not_deliverable");
            await ana.Tell(ben.AgentAddress(), "one of you");
        }
    }

    private static async Task Begin(TestAgent agent)
    {
        await agent.StartSession();
        await agent.Enter();
    }
}
