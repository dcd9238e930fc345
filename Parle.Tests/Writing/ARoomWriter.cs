using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Rooms;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Writing;

public class ARoomWriter(ABusyRoomWriter busy) : IClassFixture<ABusyRoomWriter>
{
    /// Makes a command fail beyond any refusal.
    public enum Poison
    {
        ADecisionThatThrows,
        ADecisionThatTimesOut,
        WordsThatTheDatabaseRefuses,
        AnIdThatIsTaken,
    }

    public static TheoryData<Poison> Poisons => new(Enum.GetValues<Poison>());

    [Theory]
    [MemberData(nameof(Poisons))]
    public async Task does_not_let_a_poisoned_command_harm_its_neighbours(Poison poison)
    {
        var rooms = new[]
        { await busy.Service.NewRoomWithPresent(History.FromAdmission), await busy.Service.NewRoomWithPresent(History.FromAdmission) };
        var (taken, writers) = (Guid.CreateVersion7(), busy.Service.Host.Services.GetRequiredService<RoomWriters>());
        await writers.Decide(Say(rooms[0], taken));

        Task<RoomOutcome> first, poisoned;
        List<Task<RoomOutcome>> neighbours;
        await using (var held = await busy.Hold())
        {
            first = writers.Decide(Say(rooms[0]));
            await held.SomebodyWaits();
            neighbours = [writers.Decide(Say(rooms[0])), writers.Decide(Say(rooms[1]))];
            poisoned = writers.Decide(Poisoned(poison, rooms[0], taken));
            neighbours.AddRange([writers.Decide(Say(rooms[0])), writers.Decide(Say(rooms[1])), writers.Decide(Say(rooms[0]))]);
        }

        Assert.All(await Task.WhenAll([first, .. neighbours]), outcome => Assert.Single(Assert.IsType<RoomOutcome.Settled>(outcome).Facts));
        Assert.Equal(CodeOf(poison), Assert.IsType<RoomOutcome.Refused>(await poisoned).Refusal.Code);
        Assert.Equal(1 + 1 + 3, await busy.Service.Count(rooms[0].RoomID, "message_submitted"));
        Assert.Equal(2, await busy.Service.Count(rooms[1].RoomID, "message_submitted"));
        Assert.IsType<RoomOutcome.Settled>(await writers.Decide(Say(rooms[0])));
    }

    [Fact]
    public async Task lets_whoever_was_refused_by_the_database_wait_behind_its_neighbours()
    {
        await using var own = await ParleService.Start(await busy.NewDatabase(), ("Parle:Lanes", "1"), ("Parle:LaneCapacity", "200"));
        var room = await own.NewRoomWithPresent(History.FromAdmission);
        var (mallory, writers) = (Guid.NewGuid().ToString(), own.Host.Services.GetRequiredService<RoomWriters>());
        var answered = new ConcurrentQueue<bool>();
        var spoilt = new List<Task<RoomOutcome>>();
        var good = new List<Task<RoomOutcome>>();
        await writers.Decide(Say(room, body: "\"a\0b\"", token: mallory));
        await using (var held = await busy.Hold(own))
        {
            var first = writers.Decide(Say(room));
            await held.SomebodyWaits();
            for (var i = 0; i < 30; i++)
            {
                spoilt.Add(Told(false, writers.Decide(Say(room, body: "\"a\0b\"", token: mallory))));
                good.Add(Told(true, writers.Decide(Say(room, token: Guid.NewGuid().ToString()))));
            }

            spoilt.Add(writers.Decide(Say(room, token: mallory)));
            good.Add(first);
        }

        Assert.All(await Task.WhenAll(good), outcome => Assert.IsType<RoomOutcome.Settled>(outcome));
        Assert.All((await Task.WhenAll(spoilt))[..^1],
            outcome => Assert.False(Assert.IsType<RoomOutcome.Refused>(outcome).Refusal.Code is "server_error"));
        Assert.True(answered.Take(good.Count + spoilt.Count - RoomWriter.MaxWaitingApart).Count(isGood => isGood) == 30,
            "The neighbours of a suspect had to wait for it.");
        Assert.IsType<RoomOutcome.Settled>(await writers.Decide(Say(room, token: mallory))); // It is slow for a while, and not shut out.

        async Task<RoomOutcome> Told(bool isGood, Task<RoomOutcome> outcome)
        {
            var told = await outcome.ConfigureAwait(false);
            answered.Enqueue(isGood);
            return told;
        }
    }

    [Fact]
    public async Task that_is_full_asks_to_come_back_and_does_nothing_half()
    {
        var room = await busy.Service.NewRoomWithPresent(History.FromAdmission);
        var writers = busy.Service.Host.Services.GetRequiredService<RoomWriters>();

        var accepted = new List<Task<RoomOutcome>>();
        await using (var held = await busy.Hold())
        {
            accepted.Add(writers.Decide(Say(room)));
            await held.SomebodyWaits();
            accepted.AddRange(Enumerable.Range(0, ABusyRoomWriter.Capacity).Select(_ => writers.Decide(Say(room))));

            var full = await room.Agents[0].Say("hello", "key");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, full.StatusCode);
            var error = await full.Refuses("service_unavailable");
            Assert.True(error.GetProperty("retryable").GetBoolean());
            Assert.True(error.GetProperty("retry_after_ms").GetInt32() > 0);
        }

        Assert.All(await Task.WhenAll(accepted), outcome => Assert.IsType<RoomOutcome.Settled>(outcome));
        Assert.Equal(1 + ABusyRoomWriter.Capacity, await busy.Service.Count(room.RoomID, "message_submitted"));
        await (await room.Agents[0].Say("hello", "key")).Json(HttpStatusCode.Created);
    }

    // A command that the database refuses is not to be retried.
    private static string CodeOf(Poison poison) => poison switch
    {
        Poison.WordsThatTheDatabaseRefuses => Refusals.ValidationFailed.Code,
        Poison.AnIdThatIsTaken => Refusals.NotRecorded.Code,
        _ => Refusals.ServerError.Code,
    };

    private static RoomCommand Poisoned(Poison poison, TestRoom room, Guid taken) => poison switch
    {
        Poison.ADecisionThatThrows => Say(room) with { Decide = (_, _) => throw new InvalidOperationException("poisoned") },
        Poison.ADecisionThatTimesOut => Say(room) with { Decide = (_, _) => throw new TaskCanceledException("poisoned") },
        Poison.WordsThatTheDatabaseRefuses => Say(room, body: "\"a\0b\""),
        Poison.AnIdThatIsTaken => Say(room, taken),
        _ => throw new ArgumentOutOfRangeException(nameof(poison)),
    };

    private static RoomCommand Say(TestRoom room, Guid? id = null, string body = "\"hello\"", string? token = null) => new(
        room.RoomID,
        new("test:lane", room.RoomID, ["test:lane", .. token is null ? (string[])[] : [$"token:{token}"]], "test"),
        new PostMessage(id ?? Guid.CreateVersion7(), new(room.Agents[0].ParticipantID),
            new(Encoding.ASCII.GetBytes("sixteen bytes ok"), body), AddressingKind.Unaddressed, [], []).Decide);
}
