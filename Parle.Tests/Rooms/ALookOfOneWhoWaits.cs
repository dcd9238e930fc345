using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Parle.Api.Callers;
using Parle.Api.Reading;
using Parle.Projections.Rooms;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Rooms;

/// A waiting reader is most often shown one row. The query that finds it writes the ledger, and no other query of a wait writes.
public class ALookOfOneWhoWaits(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task writes_down_that_the_one_row_is_shown()
    {
        var (room, ben, seat, cursor) = await BenWaits();
        await (await room.Agents[0].Say("one")).Json(HttpStatusCode.Created);

        var head = await Look(ben, seat, cursor, waits: true);

        Assert.Equal((cursor + 1, false), (head.Seq, head.IsOver));
        Assert.Equal(head.Seq, await Shown(seat));
        Assert.True(nodes.A.Host.Services.GetRequiredService<ReadLedger>().Record(seat.SeatID, 1, head.Seq, Guid.NewGuid()).IsCompleted);
    }

    [Theory, InlineData(true, 0), InlineData(true, 2), InlineData(false, 1)]
    public async Task writes_nothing_of_none_of_several_and_for_one_who_does_not_wait(bool waits, int said)
    {
        var (room, ben, seat, cursor) = await BenWaits();
        for (var i = 0; i < said; i++)
        {
            await (await room.Agents[0].Say($"{i}")).Json(HttpStatusCode.Created);
        }

        var head = await Look(ben, seat, cursor, waits);

        Assert.Equal((cursor + said, false), (head.Seq, head.IsOver));
        Assert.Equal(cursor, await Shown(seat));
    }

    [Theory, InlineData("seat"), InlineData("room")]
    public async Task finds_it_over_and_writes_nothing_once_there_is_no_place_to_read_from(string what)
    {
        var (room, ben, seat, cursor) = await BenWaits();
        var path = $"/v/rooms/{room.RoomID}";
        await (await (what is "seat" ? room.Owner.Post($"{path}/seats/{seat.SeatID}/remove") : room.Owner.Delete(path)))
            .IsEmptyWith(HttpStatusCode.NoContent);

        var head = await Look(ben, seat, cursor, waits: true);

        Assert.True(head.IsOver);
        Assert.Equal(cursor, await Shown(seat));
    }

    private async Task<(OwnedRoom Room, TestAgent Ben, CallerSeat Seat, long Cursor)> BenWaits()
    {
        var room = await nodes.A.NewOwnedRoom(2);
        var ben = room.Agents[1];
        var seatID = await room.Owner.SeatOf(ben);
        await (await room.Agents[0].Say("before")).Json(HttpStatusCode.Created);
        var cursor = (await ben.Read()).GetProperty("watermark").GetInt64();
        return (room, ben, new(seatID, await nodes.A.Scalar<long>("select since from parle.seats where seat_id = $1", seatID)), cursor);
    }

    private Task<ViewHead> Look(TestAgent reader, CallerSeat seat, long cursor, bool waits) =>
        nodes.A.Host.Services.GetRequiredService<ViewHeads>().Find(reader.RoomID, seat, cursor, waits ? Guid.NewGuid() : null);

    private Task<long> Shown(CallerSeat seat) =>
        nodes.A.Scalar<long>("select coalesce(max(upto_seq), 0) from parle.disclosures where seat_id = $1", seat.SeatID);
}
