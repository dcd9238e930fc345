using System.Net;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Asks;

/// A client that knows nothing of asks: it reads what is offered in the short form, prefers what it was told to prefer,
/// fills in what the offer lists, and sends it.
public class AGenericClient(TestCluster cluster)
{
    public static TheoryData<string, string, string, string> Kinds => new()
    {
        { "help", "claim_ask answer_ask", "accept_answer", "closed" },
        { "logs", "claim_ask answer_ask", "accept_answer", "closed" },
        { "review", "claim_ask answer_ask", "accept_answer", "closed" },
        { "approval", "decide_approval", "consume_approval", "consumed" },
    };

    [Theory, MemberData(nameof(Kinds))]
    public async Task completes_an_ask_by_following_what_is_offered(string kind, string otherPrefers, string askerPrefers, string end)
    {
        var room = await (await cluster.Service).NewRoomWithKin();
        var (asker, other) = (room.Agents[0], room.Agents[2]);
        var ask = await asker.Opens(Asking.Of(kind));

        // The asker first: until an approval is used, who decided is offered to decide otherwise.
        while (await Follow(asker, [askerPrefers]) || await Follow(other, otherPrefers.Split(' ')))
        {
        }

        Assert.Equal(end, await asker.StateOf(ask));
    }

    /// Does the first of what it prefers that it is offered; false when that is nothing.
    private static async Task<bool> Follow(TestAgent agent, string[] prefers)
    {
        using var list = await agent.Send(HttpMethod.Get, $"/v/rooms/{agent.RoomID}/affordances?allowed=true");
        var offered = Offer.InShort(await list.Json(HttpStatusCode.OK));
        var chosen = prefers.Select(action => offered.FirstOrDefault(offer => offer.Action.Id == action)).OfType<Offer>().FirstOrDefault();
        if (chosen is null)
        {
            return false;
        }

        await (await chosen.Send(agent)).Json(HttpStatusCode.Created);
        return true;
    }
}
