using System.Net;
using System.Text;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Asks;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Discovery;

public class ShortAffordances(TestCluster cluster)
{
    private const int MaxBytes = 6 * 1024;

    [Fact]
    public async Task of_a_room_with_three_open_asks_take_little_room()
    {
        var (agent, _) = await WithThreeAsks();

        var text = await Text(agent, "?allowed=true");

        Assert.True(Encoding.UTF8.GetByteCount(text) <= MaxBytes, $"{Encoding.UTF8.GetByteCount(text)} bytes: {text}");
    }

    [Fact]
    public async Task are_those_that_are_allowed_and_can_be_sent()
    {
        var (agent, _) = await WithThreeAsks();
        var (all, allowed) = (await Offer.All(agent), Offer.InShort(JsonElement.Parse(await Text(agent, "?allowed=true"))));

        Assert.Equal(all.Where(offer => offer.Allowed).Select(Named), allowed.Select(Named));
        await allowed.First(offer => offer.Action.Id is "claim_ask").Succeeds(agent);
    }

    [Fact]
    public async Task can_be_of_one_ask_or_one_action()
    {
        var (agent, asks) = await WithThreeAsks();

        var (ofAsk, ofAction) = (Offer.In(JsonElement.Parse(await Text(agent, $"?ask={asks[1]}"))),
            Offer.In(JsonElement.Parse(await Text(agent, "?action=claim_ask"))));

        Assert.Equal([asks[1]], ofAsk.Select(offer => offer.AskID!.Value).Distinct());
        Assert.Contains(ofAsk, offer => !offer.Allowed);
        Assert.Equal(asks.Order(), ofAction.Select(offer => offer.AskID!.Value).Order());
        Assert.All(ofAction, offer => Assert.Equal("claim_ask", offer.Action.Id));
    }

    /// Also when the ask is over, the room's list and the ask's own speak with one voice.
    [Fact]
    public async Task of_an_ask_that_is_over_are_those_that_the_ask_tells()
    {
        var (agent, asks) = await WithThreeAsks();
        await agent.Does(asks[0], "claim");
        await agent.Does(asks[0], "answer", new { answer = new { text = "Because." } });

        var own = Offer.In(await agent.See(asks[0]));

        Assert.Equal(own.Select(Named), Offer.In(JsonElement.Parse(await Text(agent, $"?ask={asks[0]}"))).Select(Named));
    }

    [Theory, InlineData("?allowed=yes"), InlineData("?ask=7"), InlineData("?action=a&action=b"), InlineData("?action=claim_aks")]
    public async Task misspelt_are_refused(string query)
    {
        var (agent, _) = await WithThreeAsks();

        await Contract.Wire.IsRefused(await agent.Send(HttpMethod.Get, $"/v/rooms/{agent.RoomID}/affordances{query}"), "malformed_request");
    }

    private static (string, bool, Guid?) Named(Offer offer) => (offer.Action.Id, offer.Allowed, offer.AskID);

    private async Task<(TestAgent Agent, IReadOnlyList<Guid> Asks)> WithThreeAsks()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.All, History.All);
        var asks = new List<Guid>();
        foreach (var ask in (object[])[Asking.Help(), Asking.Logs(), Asking.Review()])
        {
            asks.Add(await room.Agents[1].Opens(ask));
        }

        return (room.Agents[0], asks);
    }

    private static async Task<string> Text(TestAgent agent, string query)
    {
        using var answer = await agent.Send(HttpMethod.Get, $"/v/rooms/{agent.RoomID}/affordances{query}");
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode is HttpStatusCode.OK, text);
        return text;
    }
}
