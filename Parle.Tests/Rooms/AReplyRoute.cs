using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;

namespace Parle.Tests.Rooms;

public class AReplyRoute
{
    private static readonly Guid Question = ID(71), Answer = ID(72);

    [Fact]
    public void is_the_same_whenever_it_is_asked_for() =>
        Assert.Equal(ReplyRoute.ID(Question, BensSeat, "night-shift"), ReplyRoute.ID(Question, BensSeat, "night-shift"));

    [Fact]
    public void is_another_for_each_message_and_reader()
    {
        Guid[] routes = [.. from message in new[] { Question, Answer } from seat in new[] { AnasSeat, BensSeat } from scope in new[]
        { "night-shift", $"{BenHere}" } select ReplyRoute.ID(message, seat, scope)];
        Assert.Equal(routes.Length, routes.Distinct().Count());
    }

    [Fact]
    public void has_an_id_as_the_contract_spells_one() =>
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
            ReplyRoute.ID(Question, BensSeat, "night-shift").ToString());

    [Fact]
    public void from_a_first_message_begins_an_exchange_named_after_it() =>
        Assert.Equal(new ReplyLink(Question, 1, Question), ReplyRoute.Next(Question, null));

    [Fact]
    public void from_a_reply_leads_one_hop_on_in_the_same_exchange() =>
        Assert.Equal(new ReplyLink(Question, 3, Answer), ReplyRoute.Next(Answer, new(Question, 2, ID(73))));

    [Fact]
    public void ends_after_eight_hops()
    {
        var hops = 0;
        for (var link = ReplyRoute.Next(Question, null); link is not null; link = ReplyRoute.Next(ID(80 + hops), link))
        {
            Assert.Equal(++hops, link.Hop);
        }

        Assert.Equal(8, hops);
    }
}
