using System.Text.Json;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;
using Parle.Projections;
using static Parle.Tests.Rooms.AnasRoom;

namespace Parle.Tests.Asks;

/// Law 11: facts and snapshots that were stored before decisions could be taken back.
public class AnAskOfBefore
{
    /// Naming the same digest again was once allowed, and made all decisions void. What came of that stays.
    [Fact]
    public void whose_denial_was_wiped_stays_open()
    {
        var denied = AskingRoom.After("approval; ben deny");
        var before = JsonSerializer.Deserialize<AskSubjectReplaced>(
            $$"""{"sha256":"{{denied.Ask.Sha256}}","ask_id":"{{AskingRoom.AskID}}","number":3,"state":"open","author_id":"{{AnaHere}}","work":[],"context":[]}""",
            StoredJson.Options)!;

        var wiped = denied.With(before);

        Assert.Equal((AskState.Open, 0), (wiped.Ask.State, wiped.Ask.Decisions.Count));
        Assert.DoesNotContain("denied_by", JsonSerializer.Serialize(before, StoredJson.Options), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("approval; ben deny", "ana", "replace", AskState.Open)]
    [InlineData("approval; ben approve", "cleo", "approve", AskState.Approved)]
    [InlineData("help; ben claim", "ben", "answer", AskState.Answered)]
    [InlineData("help; ana withdraw", "ana", "take-back", AskState.Withdrawn)]
    public void goes_on_from_its_snapshot(string acts, string who, string act, AskState state)
    {
        var room = AskingRoom.After(acts);
        var stored = JsonSerializer.SerializeToNode(room.Room, StoredJson.Options)!;
        foreach (var ask in stored["asks"]!.AsObject().Select(ask => ask.Value!.AsObject()))
        {
            foreach (var member in (string[])["denials", "completed", "shares", "ended_at"])
            {
                ask.Remove(member);
            }
        }

        foreach (var seat in stored["seats"]!.AsObject().Select(seat => seat.Value!.AsObject()))
        {
            seat.Remove("admitted");
        }

        var read = room with { Room = stored.Deserialize<Room>(StoredJson.Options)! };

        Assert.Equal(state, read.Record(read.Try(who, act)).Ask.State);
        Assert.True(read.Ask.ShowsAllTo(AskingRoom.SeatOf(read.Room, "ben")!));
    }
}
