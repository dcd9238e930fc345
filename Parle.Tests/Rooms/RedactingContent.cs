using Parle.Domain;
using Parle.Domain.Rooms;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Rooms;

public class RedactingContent
{
    private static readonly Guid FactID = ID(71);
    private static readonly Member Owner = new(Ana), Author = new(Ben, BensAgent), Another = new(Cleo, CleosAgent);
    private static readonly Placement ToAll = new(Common: 5),
        ToBenAndCleo = new(Private: [new(BensSeat, 4, 1, 5), new(CleosSeat, 4, 1, 5)]);

    private static object Everybody => Redacted(AnasSeat) with { BySeatID = OwnerSeat };

    [Fact]
    public void is_for_the_rooms_owner() => Given(WithBoth).When(By(Owner, Said(ToAll))).Then(Everybody);

    [Fact]
    public void is_for_the_owners_agent_whose_token_says_so()
    {
        Given(WithBoth).When(By(new(Ana, AnasAgent), Said(ToAll))).Then(Redacted(AnasSeat));
        Given(WithBoth).When(By(new(Ana, AnasAgent), Said(ToAll), manages: false)).ThenRefused(NotAuthor);
    }

    [Fact]
    public void is_for_its_author() => Given(WithBoth).When(By(Author, Said(ToAll), manages: false)).Then(Redacted(BensSeat));

    [Fact]
    public void of_others_is_refused_to_who_sees_it() => Given(WithBoth).When(By(Another, Said(ToAll))).ThenRefused(NotAuthor);

    [Fact]
    public void of_what_one_does_not_see_is_refused_as_of_what_is_not_there()
    {
        Given(WithBoth).When(By(new(Ana, AnasAgent), Said(ToBenAndCleo), manages: false)).ThenRefused(Refusals.NoSuchThing);
        Given(WithBoth).When(By(new(Ana, AnasAgent), null, manages: false)).ThenRefused(Refusals.NoSuchThing);
        Given(WithBoth).When(By(Owner, null)).ThenRefused(Refusals.NoSuchThing);
    }

    [Fact]
    public void is_refused_to_strangers() => Given(WithBoth).When(By(new(ID(9)), Said(ToAll))).ThenRefused(Refusals.NoSuchThing);

    [Fact]
    public void is_told_to_those_who_could_read_it_and_have_a_seat()
    {
        Given(WithBoth).When(By(Owner, Said(ToBenAndCleo))).Then(Redacted(OwnerSeat) with { Readers = [BensSeat, CleosSeat] });
        Given([.. WithBoth, new SeatRemoved(CleosSeat)]).When(By(Owner, Said(ToBenAndCleo)))
            .Then(Redacted(OwnerSeat) with { Readers = [BensSeat] });
    }

    [Fact]
    public void is_not_told_to_who_came_later() =>
        Given([.. WithBoth, new MessageSubmitted(FactID, BenHere, Words.Commitment, Addressing.None),
            new SeatAdmitted(ID(29), ID(9), null, History.FromAdmission)])
            .When(By(Owner, Said(ToAll))).Then(Redacted(OwnerSeat) with { Readers = [OwnerSeat, AnasSeat, BensSeat, CleosSeat] });

    [Fact]
    public void twice_is_once() => Given(WithBoth).When(By(Owner, Said(ToAll) with { Remaining = [] })).ThenNothing();

    [Fact]
    public void takes_words() => Given(WithBoth).When(By(Owner, Said(ToAll) with { ContentIDs = [], Remaining = [] }))
        .ThenRefused(Refusals.ValidationFailed, because: "no words");

    [Fact]
    public void stands_in_the_views_where_the_words_stood()
    {
        Assert.Equal(5, Placement.Of(Given(WithBoth).Room, Everybody).Common);
        Assert.Equal([BensSeat, CleosSeat], Placement.Of(
            Given(WithBoth).Room, Redacted(OwnerSeat) with { Readers = [BensSeat, CleosSeat] }).Private!.Select(place => place.SeatID));
        Assert.Equal(Placement.Nowhere, Placement.Of(Given(WithBoth).Room, Redacted(OwnerSeat) with { Readers = [] }));
    }

    private static Refusal NotAuthor =>
        Refusals.Forbidden with { Reason = "not_author", Unlock = "Only its author and the room's owner can redact this." };

    private static ContentRedacted Redacted(Guid by) => new(FactID, [FactID], RedactionReason.Secret, by);

    private static SaidFact Said(Placement placement) => new(FactID, placement, BensSeat, [FactID], [FactID]);

    private static Func<Room?, Decision> By(Member member, SaidFact? said, bool manages = true) =>
        new RedactContent(member, manages, RedactionReason.Secret, said).Decide;
}
