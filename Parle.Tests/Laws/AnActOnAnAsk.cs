using Parle.Domain.Asks;
using Parle.Domain.Rooms;
using Parle.Tests.Asks;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// Law 7, for every act: what an offer does not list, nobody has to say.
public class AnActOnAnAsk(TestCluster cluster)
{
    /// Who acts (0 asked), and what they do, until each act was done.
    private static readonly (int Who, AskAct Act)[] AboutAReview =
    [
        (1, AskActs.Claim), (1, AskActs.Renew), (1, AskActs.Release), (1, AskActs.Claim), (1, AskActs.Answer), (0, AskActs.Contest),
        (1, AskActs.Answer), (0, AskActs.ReplaceSubject), (0, AskActs.AddContext), (0, AskActs.WithdrawContext), (1, AskActs.Claim),
        (1, AskActs.Answer), (0, AskActs.Accept),
    ];

    private static readonly (int Who, AskAct Act)[] AboutAnApproval =
        [(1, AskActs.Decide), (1, AskActs.WithdrawDecision), (1, AskActs.Decide), (2, AskActs.Decide), (0, AskActs.Consume)];

    [Fact]
    public async Task succeeds_with_what_its_offer_lists_and_nothing_else()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.All, History.All, History.All);

        await Walk(room, Asking.Review(), AboutAReview);
        await Walk(room, Asking.Approval(quorum: 2), AboutAnApproval);
        await Walk(room, Asking.Logs().To(room.Agents[1]), [(1, AskActs.Decline)]);
        await Walk(room, Asking.Logs(), [(0, AskActs.Withdraw)]);

        Assert.Equal(AskActs.All.Select(act => act.ID).Order(),
            AboutAReview.Concat(AboutAnApproval).Select(step => step.Act.ID).Append(AskActs.Decline.ID).Append(AskActs.Withdraw.ID)
                .Distinct().Order());
    }

    private static async Task Walk(TestRoom room, Dictionary<string, object> ask, IEnumerable<(int Who, AskAct Act)> steps)
    {
        var id = await room.Agents[0].Opens(ask);
        foreach (var (who, act) in steps)
        {
            var offers = Offer.In(await room.Agents[who].See(id));
            var possible = offers.FirstOrDefault(offer => offer.Action.Id == act.ID && offer.Allowed);
            Assert.True(possible is not null, $"{act.ID} is not offered to agent {who}.");
            await possible.Succeeds(room.Agents[who]);
        }
    }
}
