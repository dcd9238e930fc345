using System.Net;
using CsCheck;
using Parle.Api;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// Law 2, over every surface that a reader has.
public class WhatIsHidden(TestCluster cluster)
{
    private const int X = 0, Y = 1, Z = 2;

    /// Something said, by whom and to whom (-1: everybody).
    private sealed record Said(int By, int To)
    {
        public bool HiddenFromX => By != X && To is Y or Z;
    }

    private static readonly Gen<Said[]> Scripts =
        Gen.Frequency((4, Gen.Select(Gen.Int[X, Z], Gen.Const(-1))), (2, Gen.Select(Gen.Int[Y, Z], Gen.Const(X))), (2, Gen.Select(Gen.Const(X), Gen.Int[X, Z])), (4, Gen.Select(Gen.Int[Y, Z], Gen.Int[Y, Z])))
            .Select((by, to) => new Said(by, to)).Array[4, 20];

    [Fact]
    public async Task leaves_no_trace_in_anything_that_can_be_read()
    {
        var service = await cluster.Service;
        await Scripts.Where(script => script.Any(said => said.HiddenFromX)).SampleAsync(
            async (Said[] script) =>
            {
                var whispered = await Live(service, script);
                var quiet = await Live(service, [.. script.Where(said => !said.HiddenFromX)]);
                Assert.Equal(quiet, whispered);
            },
            iter: 4, threads: 1);
    }

    /// Everything that X is answered in a room that lives through this, while it happens and afterwards.
    private static async Task<string> Live(ParleService service, IReadOnlyList<Said> script)
    {
        var transcript = new Transcript();
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.All, History.FromAdmission);
        var x = room.Agents[X];
        var words = 0;
        foreach (var said in script)
        {
            var answer = await room.Agents[said.By].Say(said.HiddenFromX ? "not for X" : $"words {++words}", to: said.To < 0 ? null : room.Agents[said.To].Address);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            if (said.By == X)
            {
                await transcript.Note("post", answer);
            }
        }

        await ReadEverything(x, transcript, words);
        await Err(x, room.Agents[Y], transcript);
        await transcript.Note("post", await x.Say("at the end"));
        return transcript.ToString();
    }

    private static async Task ReadEverything(TestAgent x, Transcript transcript, int words)
    {
        foreach (var action in Actions.All.Where(action => action.Method == "GET"))
        {
            var path = action.Path.Replace("{room}", x.RoomID.ToString(), StringComparison.Ordinal).Replace("{session}", x.SessionID.ToString(), StringComparison.Ordinal);
            var takesCursor = action.Query.Any(parameter => parameter.Name == "since_seq");
            foreach (var query in takesCursor ? Enumerable.Range(0, words + 6).Select(since => $"?since_seq={since}") : [""])
            {
                await transcript.Note(action.Id + query, await x.Send(HttpMethod.Get, path + query));
            }
        }
    }

    private static async Task Err(TestAgent x, TestAgent y, Transcript transcript)
    {
        await transcript.Note("post to nobody", await x.Say("hello", to: "@nobody.helper"));
        await transcript.Note("post to an agent", await x.Say("hello", key: "to-helper", to: y.Address[..y.Address.LastIndexOf('.')]));
        await transcript.Note("post it again", await x.Say("hello", key: "to-helper", to: y.Address[..y.Address.LastIndexOf('.')]));
        await transcript.Note("post something else", await x.Say("bye", key: "to-helper"));
        await transcript.Note("read nonsense", await x.Send(HttpMethod.Get, $"/v/rooms/{x.RoomID}/projection?since_seq=-1"));
    }
}
