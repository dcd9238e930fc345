using System.Net;
using CsCheck;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;
using Parle.Tests.Asks;
using Parle.Tests.Service;
using static Parle.Tests.Rooms.AnasRoom;

namespace Parle.Tests.Laws;

/// Law 2, for asks, what is handed over with them, lists and counts.
public class WhatIsHiddenOfAsks(TestCluster cluster)
{
    private const int X = 0, Y = 1, Z = 2;

    private static readonly string[] Kinds = ["help", "logs", "review", "approval"];

    /// An ask by one of another (-1: of everybody), of some kind, and how far it is brought.
    private sealed record Asked(int By, int To, int Kind, int Course)
    {
        public bool HiddenFromX => By != X && To is Y or Z;
    }

    private static readonly Gen<Asked[]> Scripts =
        Gen.Frequency((2, Gen.Select(Gen.Int[X, Z], Gen.Const(-1))), (2, Gen.Select(Gen.Int[Y, Z], Gen.Const(X))),
            (2, Gen.Select(Gen.Const(X), Gen.Int[Y, Z])), (4, Gen.Bool.Select(byY => byY ? (Y, Z) : (Z, Y))))
            .Select(Gen.Int[0, 3], Gen.Int[0, 4]).Select((who, kind, course) => new Asked(who.Item1, who.Item2, kind, course)).Array[3, 8];

    [Fact]
    public async Task leaves_no_trace_in_anything_that_can_be_read()
    {
        var service = await cluster.Service;
        await Scripts.Where(script => script.Any(asked => asked.HiddenFromX) && script.Any(asked => !asked.HiddenFromX)).SampleAsync(
            async (Asked[] script) =>
            {
                var whispered = await Live(service, script);
                var quiet = await Live(service, [.. script.Where(asked => !asked.HiddenFromX)]);
                Assert.Equal(quiet, whispered);
            },
            iter: 4, threads: 1);
    }

    /// An ask to everybody from before a seat's view began was not addressed to that seat, and its outcome is hidden from it too.
    [Fact]
    public async Task leaves_no_trace_for_whom_came_after_it_was_asked_of_everybody()
    {
        var service = await cluster.Service;

        Assert.Equal(await LiveWithANewcomer(service, goesOn: false), await LiveWithANewcomer(service, goesOn: true));
    }

    /// A seat that is given the room's whole history reads the common rows, and no more.
    [Fact]
    public async Task is_no_obstacle_to_whom_was_given_the_whole_history()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (y, z) = (room.Agents[0], room.Agents[1]);
        var owner = y.Address.TrimStart('@').Split('.')[0];
        var ask = await y.Opens(Asking.Help().With("context", Asking.Packet("part")));
        await Newcomer(service, room, owner);
        await z.Does(ask, "claim");
        await z.Does(ask, "context", Asking.Packet("among those who were there"));
        await z.Does(ask, "release");
        var added = (await y.ItemsOf(ask))[1];

        var x = await Newcomer(service, room, owner, History.All);

        Assert.Equal(["ask_opened"], await x.HistoryOf(ask));
        Assert.Equal("part", (await x.Item(ask, Assert.Single(await x.ItemsOf(ask)))).GetProperty("text").GetString());
        await (await x.Send(HttpMethod.Get, $"{x.AsksOf()}/{ask}/context/{added}")).Refuses("not_found");
        Assert.Equal("claimed", await x.Does(ask, "claim"));
        Assert.Equal(["ask_opened", "ask_claimed"], await x.HistoryOf(ask));
        Assert.Equal(5, (await y.HistoryOf(ask)).Count);
    }

    /// A tally tells of decisions, so it is for those who see them.
    [Fact]
    public async Task is_not_counted_for_whom_came_after_it()
    {
        var service = await cluster.Service;

        Assert.Equal(await Decided(decides: false), await Decided(decides: true));

        async Task<string> Decided(bool decides)
        {
            var transcript = new Transcript();
            var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission, History.FromAdmission);
            var (y, z) = (room.Agents[0], room.Agents[1]);
            var owner = y.Address.TrimStart('@').Split('.')[0];
            var ask = await y.Opens(Asking.Approval(quorum: 2));
            await Newcomer(service, room, owner); // From now on, only those who were asked see what is decided.
            if (decides)
            {
                await z.Does(ask, "decide", new { decision = "approve", sha256 = Asking.Digest });
            }

            Assert.Equal(decides ? 1 : 0, (await y.See(ask)).GetProperty("approvals").GetInt32());
            var x = await Newcomer(service, room, owner, History.All);
            foreach (var path in (string[])["/asks", $"/asks/{ask}", "/affordances", "/affordances?allowed=true"])
            {
                await transcript.Note("read", await x.Send(HttpMethod.Get, $"/v/rooms/{x.RoomID}{path}"));
            }

            return transcript.ToString();
        }
    }

    /// A room forgets old asks that are over. It must not forget X's because of others that X does not see.
    [Fact]
    public void does_not_make_a_room_forget_what_can_be_seen()
    {
        var asks = Enumerable.Range(0, Room.MaxAsksThatAreOver + 1).Select(i => ID(2000 + i)).ToList();
        var seen = AskingRoom.After("help; ana withdraw");
        var quiet = seen.Try("ana", "withdraw");

        var whispered = seen.With([.. asks.SelectMany(id => (object[])[HiddenFromAna(id),
            new AskWithdrawn { AskID = id, Number = 2, State = AskState.Withdrawn, AuthorID = BenHere }])]).Try("ana", "withdraw");

        Assert.Equal("act_not_possible", whispered.Refusal!.Code);
        Assert.Equal([quiet.Refusal!.Reason!, .. quiet.Refusal.Next!], [whispered.Refusal.Reason!, .. whispered.Refusal.Next!]);

        static AskOpened HiddenFromAna(Guid id) => new(
            AskKind.Help, BensSeat, Ben, new(AddressingKind.Direct, [new("@cleo.helper", null, CleosSeat, null)]), null, null, null, null)
        { AskID = id, Number = 1, AuthorID = BenHere };
    }

    /// Everything that X is answered in a room that lives through this, while it happens and afterwards.
    private static async Task<string> Live(ParleService service, IReadOnlyList<Asked> script)
    {
        var transcript = new Transcript();
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.All, History.FromAdmission);
        var (visible, hidden) = (new List<Guid>(), new List<Guid>());
        foreach (var asked in script)
        {
            var (asker, other) = (room.Agents[asked.By], room.Agents[asked.To >= 0 ? asked.To : (asked.By + 1) % 3]);
            var ask = Asking.Of(Kinds[asked.Kind]).With("context", Asking.Packet("part"));
            var opened = await asker.Ask(asked.To < 0 ? ask : ask.To(other));
            var id = (await opened.Json(HttpStatusCode.Created)).GetProperty("ask_id").GetGuid();
            (asked.HiddenFromX ? hidden : visible).Add(id);
            foreach (var (who, act, body) in Course(asker, other, Kinds[asked.Kind]).Take(asked.Course))
            {
                var done = await who.Try(id, act, body);
                Assert.Equal(HttpStatusCode.Created, done.StatusCode);
                if (who == room.Agents[X])
                {
                    await transcript.Note(act, done);
                }
            }
        }

        await ReadEverything(room.Agents[X], transcript, visible);
        await Pry(room.Agents[X], transcript, hidden is [var first, ..] ? first : Guid.NewGuid(),
            hidden.Count > 0 ? (await room.Agents[script.First(asked => asked.HiddenFromX).By].ItemsOf(hidden[0]))[0] : Guid.NewGuid());
        await transcript.Note("ask at the end", await room.Agents[X].Ask(Asking.Help()));
        return transcript.ToString();
    }

    private static IEnumerable<(TestAgent Who, string Act, object? Body)> Course(TestAgent asker, TestAgent other, string kind) =>
        kind is "approval"
            ? [(other, "decide", new { decision = "approve", sha256 = Asking.Digest }), (asker, "consume", new { sha256 = Asking.Digest })]
            : [(other, "claim", null), (other, "answer", AnswerTo(kind)), (asker, "context", Asking.Packet("more")),
                (asker, "accept", null)];

    private static object AnswerTo(string kind) => kind switch
    {
        "help" => new { answer = new { text = "So." }, context = Asking.Packet("with it") },
        "logs" => AnAsk.LogsAnswer,
        _ => new { answer = new { verdict = "approve", sha256 = Asking.Digest } },
    };

    private static async Task ReadEverything(TestAgent x, Transcript transcript, IReadOnlyList<Guid> visible)
    {
        var room = $"/v/rooms/{x.RoomID}";
        string[] queries = ["", "?mine=asked", "?mine=claimed", "?mine=for_me", .. Kinds.Select(kind => $"?kind={kind}"),
            .. Enum.GetNames<AskState>().Select(state => $"?state={state.ToLowerInvariant()}")];
        foreach (var path in (string[])["/projection", "/inbound", "/responsive-delivery", "/affordances", "/affordances?allowed=true",
            "", "/participants", "/projection?form=compact", "/inbound?form=compact", "/responsive-delivery?form=compact",
            .. visible.Select(ask => $"/asks/{ask}?form=compact"), .. queries.Select(query => $"/asks{query}"),
            .. visible.Select(ask => $"/asks?after={ask}"), .. visible.Select(ask => $"/asks/{ask}")])
        {
            await transcript.Note("read", await x.Send(HttpMethod.Get, room + path));
        }

        foreach (var ask in visible)
        {
            using var request = x.Request(HttpMethod.Get, $"{room}/asks/{ask}");
            request.Headers.Add("Accept", "text/markdown");
            await transcript.Note("page", await x.Send(request));
            await transcript.Note("evidence", await x.Send(HttpMethod.Get, $"{room}/asks/{ask}/evidence"));
            await transcript.Note(
                "receipt to hand on", await x.Send(HttpMethod.Get, $"{room}/receipts/{ask}?audience=anyone&contents=true"));
            foreach (var item in await x.ItemsOf(ask))
            {
                await transcript.Note("item", await x.Send(HttpMethod.Get, $"{room}/asks/{ask}/context/{item}"));
            }
        }

    }

    /// Tries everything on an ask that is hidden, or, where there is none, on one that does not exist.
    private static async Task Pry(TestAgent x, Transcript transcript, Guid ask, Guid item)
    {
        foreach (var action in Api.Actions.All.Where(action => action.NamesAsk))
        {
            await transcript.Note(action.Id, await AnAffordance.Attempt(action, x, x.RoomID.ToString(), ask: ask, item: item));
        }
    }

    private static async Task<string> LiveWithANewcomer(ParleService service, bool goesOn)
    {
        var transcript = new Transcript();
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (y, z) = (room.Agents[0], room.Agents[1]);
        var ask = await y.Opens(Asking.Help().With("context", Asking.Packet("part")));
        var x = await Newcomer(service, room, y.Address.TrimStart('@').Split('.')[0]);
        if (goesOn)
        {
            foreach (var (who, act, body) in Course(y, z, "help"))
            {
                await who.Does(ask, act, body);
            }
        }

        var later = await y.Opens(Asking.Logs());
        await z.Does(later, "claim");
        await ReadEverything(x, transcript, [later]);
        await Pry(x, transcript, goesOn ? ask : Guid.NewGuid(), goesOn ? (await y.ItemsOf(ask))[0] : Guid.NewGuid());
        await transcript.Note("ask at the end", await x.Ask(Asking.Help()));
        return transcript.ToString();
    }

    /// Somebody who is given a seat now, and sees what happens from now on.
    internal static async Task<TestAgent> Newcomer(
        ParleService service, TestRoom room, string owner, History history = History.FromAdmission)
    {
        var handle = $"p{Guid.NewGuid():N}"[..16];
        var provisioned = await service.Provision(new(
            [new(handle)], [new(handle, "helper")],
            [new("build", owner, RoomKind.Shared, [new($"@{handle}.helper", history)], [new($"@{handle}.helper")])]));
        var newcomer = new TestAgent(service.Client(), room.RoomID, provisioned.Rooms.Single().Tokens.Single().Token!);
        await newcomer.StartSession();
        await newcomer.Enter();
        return newcomer;
    }
}
