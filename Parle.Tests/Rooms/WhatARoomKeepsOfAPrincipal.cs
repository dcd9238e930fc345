using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Projections;
using static Parle.Tests.Rooms.AnasRoom;
using static Parle.Tests.Rooms.GivenRoom;

namespace Parle.Tests.Rooms;

public class WhatARoomKeepsOfAPrincipal
{
    private static readonly object FromAna = new MessageSubmitted(ID(71), AnaHere, Words.Commitment, Addressing.None);
    private static readonly object FromBen = new MessageSubmitted(ID(72), BenHere, Words.Commitment, Addressing.None);

    [Fact]
    public void is_counted_for_the_principal_that_said_it_and_for_nobody_else()
    {
        var usage = Given([.. WithBoth, FromAna, FromAna, FromBen]).Room!.Usage;

        Assert.Equal((2, 2L * Words.Commitment.Bytes), (usage.Principals[Ana].Facts.All, usage.Principals[Ana].Bytes.All));
        Assert.Equal((1, Words.Commitment.Bytes), (usage.Principals[Ben].Facts.All, usage.Principals[Ben].Bytes.All));
        Assert.Equal(2, usage.Principals.Count);
    }

    [Fact]
    public void is_bounded_in_facts_and_bytes_for_each_principal_alone()
    {
        var usage = Given([.. WithBoth, FromAna, FromAna, FromBen]).Room!.Usage;
        var bytes = Words.Commitment.Bytes;

        Assert.Null(usage.Obstacle(Ana, default, new(1, bytes), new(3, 3 * bytes)));
        Assert.Equal("principal_room_facts", usage.Obstacle(Ana, default, new(1, bytes), new(2, 0))!.Cap!.Name);
        Assert.Equal("principal_room_bytes", usage.Obstacle(Ana, default, new(1, bytes), new(0, (3 * bytes) - 1))!.Cap!.Name);
        Assert.Null(usage.Obstacle(Ben, default, new(1, bytes), new(2, 2 * bytes)));
        Assert.Null(usage.Obstacle(Cleo, default, new(1, bytes), new(2, 2 * bytes)));
        Assert.Null(usage.Obstacle(Ana, default, new(1, bytes), StorageLimits.None));
    }

    [Fact]
    public void leaves_a_host_what_its_guests_do_not_get()
    {
        var room = Given(WithBoth).Room!;
        room = room with { Seats = room.Seats.SetItem(AnasSeat, room.Seats[AnasSeat] with { IsGuest = true }) };
        var usage = After(After(room, FromAna), FromAna)!.Usage;

        Assert.Equal("principal_room_facts", usage.Obstacle(Ana, new(IsGuest: true, 0), new(1, 1), new(4, 0))!.Cap!.Name);
        Assert.Equal(
            "principal_room_bytes", usage.Obstacle(Ana, new(IsGuest: true, 0), new(1, 1), new(0, 4L * Words.Commitment.Bytes))!.Cap!.Name);
        Assert.Null(usage.Obstacle(Ana, default, new(2, 2L * Words.Commitment.Bytes), new(4, 4L * Words.Commitment.Bytes)));
    }

    [Fact]
    public void is_remembered_with_the_room()
    {
        var room = After(Given([.. WithBoth, FromAna]).Room, FromAna, Now, tokensAbove: 2)!;
        Assert.Equal([1, 1], room.Usage.Principals[Ana].Facts.OfNarrower);
        var read = JsonSerializer.Deserialize<Room>(JsonSerializer.Serialize(room, StoredJson.Options), StoredJson.Options)!;

        Assert.Equal(JsonSerializer.Serialize(room.Usage), JsonSerializer.Serialize(read.Usage));
    }

    [Fact]
    public void begins_anew_in_a_room_that_was_written_down_before_anybody_counted()
    {
        var stored = JsonSerializer.SerializeToNode(Given(WithBoth).Room!, StoredJson.Options)!.AsObject();
        stored.Remove("usage");

        Assert.Empty(stored.Deserialize<Room>(StoredJson.Options)!.Usage.Principals);
    }
}
