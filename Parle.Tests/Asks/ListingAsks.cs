using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Asks;

public class ListingAsks(TestCluster cluster)
{
    [Fact]
    public async Task filters_by_state_kind_and_part()
    {
        var (ana, ben, _) = await People();
        var (open, claimed) = (await ana.Opens(Asking.Help()), await AnAsk.Claimed(by: ben, askedBy: ana));
        var (mine, approved) = (await ben.Opens(Asking.Review()), await AnAsk.Approved(by: ana, askedBy: ben));

        foreach (var (query, expected) in new (string, Guid[])[]
        {
            ("", [open, claimed, mine, approved]), ("?state=open", [open, mine]), ("?state=claimed", [claimed]),
            ("?state=open&state=approved", [open, mine, approved]), ("?state=closed", []), ("?kind=logs", [claimed]),
            ("?kind=review", [mine]), ("?mine=asked", [mine, approved]), ("?mine=claimed", [claimed]), ("?mine=for_me", [open, claimed]),
            ("?mine=for_me&state=open", [open]), ("?mine=for_me&state=open&kind=logs", []), ($"?after={claimed}", [mine, approved]),
            ($"?after={approved}", []),
        })
        {
            Assert.Equal(expected, await ben.Listed(query));
        }
    }

    [Fact]
    public async Task goes_on_from_page_to_page()
    {
        var (ana, ben, cleo) = await People();
        var asks = new List<Guid>();
        for (var i = 0; i < 51; i++)
        {
            asks.Add(await ana.Opens(Asking.Help().To(ben)));
            await ana.Opens(Asking.Help().To(cleo)); // Neither listed nor counted.
        }

        var first = await ben.List();
        var second = await ben.List($"?after={first.GetProperty("next").GetString()}");

        Assert.Equal(asks, [.. IDs(first), .. IDs(second)]);
        Assert.Equal(
            (50, System.Text.Json.JsonValueKind.Null), (first.GetProperty("asks").GetArrayLength(), second.GetProperty("next").ValueKind));
        // Fifty are left: one whole page.
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await ben.List($"?after={asks[0]}")).GetProperty("next").ValueKind);

        static IEnumerable<Guid> IDs(System.Text.Json.JsonElement page) =>
            page.GetProperty("asks").EnumerateArray().Select(ask => ask.GetProperty("ask_id").GetGuid());
    }

    [Theory]
    [InlineData("?state=Open")]
    [InlineData("?state=")]
    [InlineData("?state=open&state=shut")]
    [InlineData("?kind=favour")]
    [InlineData("?kind=help&kind=logs")]
    [InlineData("?mine=all")]
    [InlineData("?after=x")]
    [InlineData("?after=")]
    public async Task refuses_what_it_does_not_understand(string query)
    {
        var (ana, _, _) = await People();

        await (await ana.Send(HttpMethod.Get, ana.AsksOf() + query)).Refuses("malformed_request");
    }

    private async Task<(TestAgent Ana, TestAgent Ben, TestAgent Cleo)> People()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission, History.FromAdmission);
        return (room.Agents[0], room.Agents[1], room.Agents[2]);
    }
}
