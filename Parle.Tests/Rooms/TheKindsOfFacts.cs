using System.Text.RegularExpressions;
using Parle.Domain.Asks;
using Parle.Domain.Invitations;
using Parle.Domain.Rooms;
using Parle.Projections;
using Parle.Tests.Golden;
using Parle.Tests.Tidiness;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Rooms;

/// One table decides the meaning of every kind of fact. A kind that is missing there is no room's; that is decided here.
public partial class TheKindsOfFacts
{
    private static readonly string[] outsideOfRooms =
    [
        "agent_deleted", "agent_registered", "agent_token_bound", "agent_token_minted", "agent_token_revoked", "alias_claimed",
        "alias_offline_delivery_disabled", "alias_offline_delivery_enabled", "alias_offline_delivery_restored", "alias_released",
        "auditor_appointed", "auditor_dismissed", "identity_linked", "identity_unlinked", "ledger_read", "operator_appointed",
        "operator_dismissed", "person_session_ended", "person_session_started", "principal_registered", "record_read", "session_ended",
        "session_started", "session_superseded", "whole_record_read",
    ];

    // No view folds these by their type: rows of the timeline and of the record are made of every fact alike, and an ask's state is on it.
    private static readonly string[] shownAsRowsAlone =
    [
        "ask_accepted", "ask_answered", "ask_claim_lapsed", "ask_consumed", "ask_context_added", "ask_declined", "ask_expired",
        "ask_released", "ask_withdrawn", "message_submitted",
    ];

    [Fact]
    public void are_a_rooms_or_are_not() =>
        Assert.Equal(outsideOfRooms,
            EventNames.All.Where(kind => !RoomFacts.Kinds.ContainsKey(kind.Value)).Select(kind => kind.Key).Order(StringComparer.Ordinal));

    [Fact]
    public void have_a_name_each() => Assert.Empty(RoomFacts.Kinds.Keys.Except(EventNames.All.Values));

    [Fact]
    public void that_happen_to_an_ask_or_an_invitation_are_a_rooms() =>
        Assert.All(EventNames.All.Values.Where(type => type.IsSubclassOf(typeof(AskFact)) || type.IsSubclassOf(typeof(InvitationFact))),
            type => Assert.Contains(type, RoomFacts.Kinds.Keys));

    public static TheoryData<Type> OfRooms => [.. RoomFacts.Kinds.Keys];

    public static TheoryData<Type> OfOpenAsks =>
        [.. RoomFacts.Kinds.Keys.Where(type => type.IsSubclassOf(typeof(AskFact)) && type != typeof(AskOpened))];

    /// A fact that nobody told a room, an ask or an invitation of would be passed over: it is refused instead.
    [Theory, MemberData(nameof(OfRooms))]
    public void are_known_to_the_room(Type type) =>
        Knows(() => Room.Apply(Given(WithBoth).Room, Example.Of(type, full: true), Placement.Nowhere, Now));

    [Theory, MemberData(nameof(OfOpenAsks))]
    public void are_known_to_an_ask(Type type)
    {
        var opened = (AskOpened)Example.Of(typeof(AskOpened), full: true);
        Knows(() => Ask.Open(opened, Placement.Nowhere, new(IsGuest: false, 0)).After(
            (AskFact)Example.Of(type, full: true) with { AuthorID = AnaHere }, Given(WithBoth).Room!));
    }

    [Fact]
    public void are_shown_by_the_views_that_name_them()
    {
        SourceFiles.Need();
        var named = SourceFiles.All(".cs").Where(file => file.StartsWith("Parle.Projections", StringComparison.Ordinal))
            .SelectMany(file => SourceFiles.Lines(file)).SelectMany(line => NamedType().Matches(line)).Select(found => found.Value)
            .ToHashSet();
        Assert.Equal(shownAsRowsAlone,
            EventNames.All.Where(kind => !named.Contains(kind.Value.Name)).Select(kind => kind.Key).Order(StringComparer.Ordinal));
    }

    private static void Knows(Action fold) => Assert.IsNotType<ArgumentException>(Xunit.Record.Exception(fold));

    [GeneratedRegex(@"(?<=\b(case|is|or) )[A-Z]\w+")]
    private static partial Regex NamedType();

    [Fact]
    public void that_are_no_rooms_are_refused_by_a_room() => Assert.Throws<ArgumentException>(() => Placement.Of(null, "something else"));

    /// The service, the database, and both verifiers must agree on what takes words away.
    [Theory]
    [InlineData("Parle.Projections/Record/4_erasure.sql", "when '(\\w+)' then"),
        InlineData("Parle.Projections/Record/2_facts.sql", "type in \\('(\\w+)', '(\\w+)'\\)\\) then"),
        InlineData("Parle.Api/Record/Verification/ExportCheck.cs", "\"(\\w+)\" => (?:data|\\[data)")]
    [InlineData("samples/verify.mjs", "type === '(\\w+)' \\? (?:list|\\[id)")]
    public void that_erase_are_the_same_everywhere(string file, string pattern)
    {
        SourceFiles.Need();
        var named = Regex.Matches(File.ReadAllText(Path.Combine(SourceFiles.Repository!, file)), pattern)
            .SelectMany(match => match.Groups.Values.Skip(1).Where(group => group.Success).Select(group => group.Value)).Distinct();
        Assert.Equal(EventNames.All.Where(kind => RoomFacts.Kinds.GetValueOrDefault(kind.Value)?.Erases is not null)
            .Select(kind => kind.Key).Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }
}
