using Parle.Domain;
using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Rooms;

public class PostingAReply
{
    private static readonly Guid MessageID = ID(71);
    private static readonly ReplyLink Link = new(ID(70), 1, ID(70));
    private static readonly OpenRoute ToBen = new(BenHere, null, Link, Later);
    private static readonly OpenRoute ToNightShift =
        ToBen with { Alias = new("@ben.helper.night-shift", BensAgent, "night-shift", BensSession, AcceptsOffline: true) };

    [Fact]
    public void reaches_the_author() =>
        Given(WithBoth).When(room => Along(ToBen).Decide(room, Now)).Then(Replied(new(BensAddress, BenHere, BensSeat, BensSession)));

    [Fact]
    public void keeps_the_words_under_the_facts_id()
    {
        var fact = Assert.Single(Along(ToBen).Decide(Given(WithBoth).Room, Now).Facts);
        Assert.Equal((MessageID, Words), (fact.ID!.Value, fact.Content));
    }

    [Fact]
    public void reaches_one_of_several_sessions_of_an_agent() =>
        Given([.. WithBoth, BenEnteredToo]).When(room => Along(ToBen with { AuthorID = BenHereToo }).Decide(room, Now))
            .Then(Replied(new(BensOtherAddress, BenHereToo, BensSeat, BensOtherSession)));

    [Fact]
    public void to_an_author_under_an_alias_reaches_who_has_it_now() =>
        Given([.. WithBoth, BenEnteredToo, new ParticipantLeft(BenHere)])
            .When(room => Along(ToNightShift with { Alias = ToNightShift.Alias! with { HolderSessionID = BensOtherSession } })
                .Decide(room, Now))
            .Then(Replied(new("@ben.helper.night-shift", BenHereToo, BensSeat, BensOtherSession, "night-shift")));

    [Fact]
    public void to_an_author_under_an_alias_is_left_while_nobody_has_it() =>
        Given(WithAna).When(
            room => Along(ToNightShift with { Alias = ToNightShift.Alias! with { HolderSessionID = null } }).Decide(room, Now))
            .Then(Replied(new("@ben.helper.night-shift", null, BensSeat, null, "night-shift")));

    [Fact]
    public void says_under_which_alias_it_was_written() =>
        Given(WithBoth).When(room => (Along(ToBen) with { Author = new(AnaHere, "day-shift") }).Decide(room, Now))
            .Then(Replied(new(BensAddress, BenHere, BensSeat, BensSession)) with { AuthorAlias = "day-shift" });

    [Fact]
    public void without_a_route_is_refused() => Given(WithBoth).When(room => Along(null).Decide(room, Now)).ThenRefused(Refusals.NotFound);

    [Fact]
    public void when_the_exchange_is_over_is_refused_in_the_same_way() =>
        Given(WithBoth).When(room => Along(ToBen with { Link = null }).Decide(room, Now)).ThenRefused(Refusals.NotFound);

    [Fact]
    public void when_the_route_is_out_of_time_is_refused_in_the_same_way() =>
        Given(WithBoth).When(room => Along(ToBen with { ExpiresAt = Now }).Decide(room, Now)).ThenRefused(Refusals.NotFound);

    [Fact]
    public void to_an_author_who_left_is_refused_in_the_same_way() =>
        Given([.. WithBoth, new ParticipantLeft(BenHere)]).When(room => Along(ToBen).Decide(room, Now)).ThenRefused(Refusals.NotFound);

    [Fact]
    public void to_an_author_who_was_outlived_is_refused_in_the_same_way() =>
        Given([.. WithAna, new ParticipantEntered(BenHere, BensSeat, BensSession, BensAddress, Now)])
            .When(room => Along(ToBen).Decide(room, Now)).ThenRefused(Refusals.NotFound);

    [Fact]
    public void to_an_alias_that_takes_nothing_offline_is_refused_in_the_same_way() =>
        Given(WithAna).When(
            room => Along(ToNightShift with { Alias = ToNightShift.Alias! with { HolderSessionID = null, AcceptsOffline = false } })
                .Decide(room, Now)).ThenRefused(Refusals.NotFound);

    [Fact]
    public void is_refused_after_leaving() =>
        Given([.. WithBoth, new ParticipantLeft(AnaHere)]).When(room => Along(ToBen).Decide(room, Now)).ThenRefused(Refusals.RoomNotFound);

    [Fact]
    public void is_refused_in_a_room_that_nobody_opened() =>
        Given().When(room => Along(ToBen).Decide(room, Now)).ThenRefused(Refusals.RoomNotFound);

    private static PostReply Along(OpenRoute? route) => new(MessageID, new(AnaHere), Words, route);

    private static MessageSubmitted Replied(Target target) => new(MessageID, AnaHere, Words.Commitment, Addressing.To(target), null, Link);
}
