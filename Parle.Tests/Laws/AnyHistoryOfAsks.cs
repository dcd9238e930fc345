using CsCheck;
using Parle.Api.Sessions;
using Parle.Api.Tokens;
using Parle.Domain.Asks;
using Parle.Tests.Asks;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// Law 7, along random walks: at each step somebody does something that it is offered, exactly as it is offered.
public class AnyHistoryOfAsks(TestCluster cluster)
{
    private static readonly string[] Kinds = [.. AskKinds.All.Select(kind => kind.Word)];

    /// The agent that moves, the act it picks, and the kind of a new ask.
    internal static readonly Gen<(int Who, int What, int Kind)[]> Walks = Gen.Select(
        Gen.Int[0, 3], Gen.Int[0, 1000], Gen.Int[0, 7]).Array[15, 25];

    [Fact]
    public async Task offers_what_succeeds_and_withholds_what_is_refused()
    {
        var service = await cluster.Service;
        var done = new HashSet<string>();
        await Walks.SampleAsync(async walk => await Walk(service, walk, done), iter: 4, threads: 1);

        Assert.Contains("claim_ask", done); // Else the walks lead nowhere.
    }

    internal static async Task Walk(ParleService service, IReadOnlyList<(int Who, int What, int Kind)> walk, HashSet<string> done)
    {
        var room = await service.NewRoomWithKin();
        foreach (var (i, (who, what, kind)) in walk.Index())
        {
            var agent = room.Agents[who];
            if (i < 4 || what % 5 == 0)
            {
                var ask = Asking.Of(Kinds[(i < 4 ? i : kind) % Kinds.Length]);
                await agent.Opens(kind < 4 ? ask : ask.To([.. room.Agents.Except([agent])]));
                continue;
            }

            var offers = await Offer.All(agent);
            foreach (var withheld in offers.Where(offer => !offer.Allowed))
            {
                await withheld.IsRefused(agent);
            }

            // Reads change nothing, so all of them can be tried; of the writes only one.
            foreach (var read in offers.Where(offer => offer is { Allowed: true, Action.Method: "GET" }))
            {
                await read.Succeeds(agent);
            }

            var writes = offers.Where(
                offer => offer is { Allowed: true, Action.Method: "POST" } && offer.Action != SessionActions.EndSession
                    && offer.Action != SessionActions.StartSession && offer.Action != TokenActions.RevokeToken).ToList();
            var about = writes.Where(offer => offer.AskID is not null).ToList();
            var chosen = about.Count > 0 && what % 7 > 0 ? about[what % about.Count] : writes[what % writes.Count];
            await chosen.Succeeds(agent);
            done.Add(chosen.Action.Id);
            if (chosen.AskID is { } id)
            {
                await SaysTheSame(agent, id);
            }
        }
    }

    /// The room, the ask itself and the list speak with one voice.
    private static async Task SaysTheSame(TestAgent agent, Guid ask)
    {
        var seen = await agent.See(ask);
        var own = Offer.In(seen);
        var next = seen.GetProperty("next").EnumerateArray().Select(act => act.GetString()).Order().ToList();

        Assert.Equal(
            own.Where(offer => offer is { Allowed: true, Action.Method: "POST" }).Select(offer => offer.Action.Id).Distinct().Order(),
            next);
        Assert.Equal(next, (await agent.List()).GetProperty("asks").EnumerateArray().Single(
            one => one.GetProperty("ask_id").GetGuid() == ask).GetProperty("next").EnumerateArray().Select(act => act.GetString()).Order());
        if ((await Offer.All(agent)).Where(offer => offer.AskID == ask).ToList() is [_, ..] inRoom)
        {
            Assert.Equal(inRoom.Select(offer => (offer.Action.Id, offer.Allowed, offer.Reason)),
                own.Select(offer => (offer.Action.Id, offer.Allowed, offer.Reason)));
        }
    }
}
