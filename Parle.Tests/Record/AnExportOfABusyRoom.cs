using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Parle.Api.Cli;
using Parle.Api.Record;
using Parle.Domain.Rooms;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Record;

/// A file is the room as it was at one moment, whatever happens to the room, the disk or the record meanwhile.
public class AnExportOfABusyRoom(TestCluster cluster)
{
    [Fact]
    public async Task is_covered_to_its_end_and_can_be_taken_in()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.All, History.FromAdmission);
        await using var there = await ParleService.Start(await cluster.NewDatabase());
        await (await room.Agents[0].Say("first")).Json(HttpStatusCode.Created); // Else there may be no view to sign yet.
        using var end = new CancellationTokenSource();
        var talk = Talk(room.Agents[0], end.Token);
        var (files, sizes) = (new List<string>(), new List<long>());
        for (var i = 0; i < 5; i++)
        {
            // Views are signed meanwhile too.
            await (await room.Agents[1].Send(HttpMethod.Get, $"/v/rooms/{room.RoomID}/checkpoint")).Json(HttpStatusCode.OK);
            var file = new StringWriter();
            sizes.Add((await Exports(service).Write(room.RoomID, contents: true, file, TestContext.Current.CancellationToken))!.Facts);
            files.Add(file.ToString());
        }

        await end.CancelAsync();
        await talk;

        foreach (var file in files)
        {
            Assert.StartsWith("OK", await Verifiers.Verify(file)); // Nothing of it is unsigned.
        }

        Assert.True(sizes[^1] > sizes[0], "Nobody said anything meanwhile.");
        var imported = await there.Host.Services.GetRequiredService<RoomImport>()
            .Read(() => files[^1].Split('\n', StringSplitOptions.RemoveEmptyEntries), null, TestContext.Current.CancellationToken);
        Assert.Equal(sizes[^1], imported.Facts);
    }

    [Fact]
    public async Task holds_what_was_said_before_it_began_and_is_redacted_while_it_is_written()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.All);
        var said = (await (await room.Agents[0].Say("to be redacted")).Json(HttpStatusCode.Created)).Text("event_id");
        await using var file = new SlowFile(async () =>
        {
            await (await room.Agents[0]
                .Send(HttpMethod.Post, $"/v/rooms/{room.RoomID}/redactions", $$"""{"event_id":"{{said}}","reason":"secret"}""", "redact"))
                .Json(HttpStatusCode.Created);
            await (await room.Agents[0].Say("said afterwards")).Json(HttpStatusCode.Created);
        });

        await Exports(service).Write(room.RoomID, contents: true, file, TestContext.Current.CancellationToken);

        Assert.True(file.WasInterrupted);
        Assert.StartsWith("OK", await Verifiers.Verify(file.ToString()));
        Assert.Contains("to be redacted", file.ToString());
        Assert.DoesNotContain("said afterwards", file.ToString());
        await using var after = new StringWriter();
        await Exports(service).Write(room.RoomID, contents: true, after, TestContext.Current.CancellationToken);
        Assert.StartsWith("OK", await Verifiers.Verify(after.ToString()));
        Assert.DoesNotContain("to be redacted", after.ToString());
    }

    [Fact]
    public async Task is_signed_at_its_own_size_though_more_was_signed_already()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.All);
        var checkpoints = service.Host.Services.GetRequiredService<Checkpoints>();
        var log = new RoomLog(room.RoomID);
        for (var i = 0; i < 3; i++)
        {
            await (await room.Agents[0].Say($"{i}")).Json(HttpStatusCode.Created);
        }

        var all = (await checkpoints.Now(log, TestContext.Current.CancellationToken))!;
        var part = await checkpoints.Exactly(log, all.Checkpoint.Size - 2, TestContext.Current.CancellationToken);

        Assert.Equal(all.Checkpoint.Size - 2, part.Checkpoint.Size);
        Assert.Equal(part, await checkpoints.Exactly(log, part.Checkpoint.Size, TestContext.Current.CancellationToken),
            (one, other) => one.Note == other.Note);
        await using var file = new StringWriter();
        await Exports(service).Write(room.RoomID, contents: true, file, TestContext.Current.CancellationToken);
        Assert.StartsWith("OK", await Verifiers.Verify(file.ToString())); // Both checkpoints among the others.
    }

    [Fact]
    public async Task leaves_the_file_of_before_where_it_cannot_take_its_place()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.All);
        var folder = Directory.CreateTempSubdirectory("parle-export-");
        var file = Path.Combine(folder.FullName, "room.ndjson");
        Assert.Equal(0, await RecordCommands.Room(service.Host.Services, ["export", $"{room.RoomID}", "--contents", "--out", file]));
        var good = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        Assert.Equal(1, await RecordCommands.Room(service.Host.Services, ["export", $"{Guid.NewGuid()}", "--out", file]));
        Assert.Equal(1, await RecordCommands.Room(service.Host.Services, ["export", "demo", "--out", file]));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Exports(service).To(file, room.RoomID, contents: true, gone.Token));

        Assert.StartsWith("OK", await Verifiers.VerifyFile(file));
        Assert.Equal(good, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal([file], Directory.EnumerateFiles(folder.FullName));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task is_of_rooms_alone()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.All);
        var agent = await Laws.StoredFacts.Scalar<Guid>(
            service, "select agent_id from parle.seats where room_id = $1 and agent_id is not null limit 1", room.RoomID);

        Assert.Null(await Exports(service).Write(agent, contents: true, TextWriter.Null, TestContext.Current.CancellationToken));
    }

    private static RoomExport Exports(ParleService service) => service.Host.Services.GetRequiredService<RoomExport>();

    private static async Task Talk(TestAgent agent, CancellationToken until)
    {
        for (var i = 0; !until.IsCancellationRequested; i++)
        {
            await (await agent.Say($"message {i}")).Json(HttpStatusCode.Created);
        }
    }

    // Something happens right after its first line was written.
    private sealed class SlowFile(Func<Task> meanwhile) : StringWriter
    {
        public bool WasInterrupted { get; private set; }

        public override async Task WriteLineAsync(string? value)
        {
            await base.WriteLineAsync(value);
            if (!WasInterrupted)
            {
                WasInterrupted = true;
                await meanwhile();
            }
        }
    }
}
