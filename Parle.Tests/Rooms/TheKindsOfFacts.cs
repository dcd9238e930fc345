using System.Text.RegularExpressions;
using Parle.Domain.Asks;
using Parle.Domain.Invitations;
using Parle.Domain.Rooms;
using Parle.Projections;
using Parle.Tests.Tidiness;

namespace Parle.Tests.Rooms;

/// One table decides the meaning of every kind of fact; a kind that is not in it belongs to another stream, and is listed here.
public class TheKindsOfFacts
{
    private static readonly string[] outsideOfRooms =
    [
        "agent_deleted", "agent_registered", "agent_token_bound", "agent_token_minted", "agent_token_revoked", "alias_claimed",
        "alias_offline_delivery_disabled", "alias_offline_delivery_enabled", "alias_offline_delivery_restored", "alias_released",
        "auditor_appointed", "auditor_dismissed", "identity_linked", "identity_unlinked", "ledger_read", "operator_appointed",
        "operator_dismissed", "person_session_ended", "person_session_started", "principal_registered", "record_read", "session_ended",
        "session_started", "session_superseded", "whole_record_read",
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
