using System.Net;
using System.Text.Json;
using Parle.Api;
using Parle.Api.Delivery;
using Parle.Api.Rooms;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// A room in which a history happens, and all that X's two runs are answered while it does and afterwards.
public sealed class Life
{
    private readonly Transcript transcript = new();
    private readonly Dictionary<Who, TestAgent> agents;
    private readonly Dictionary<Who, string> runs; // The address of each one's run, whatever alias it has.
    private readonly Dictionary<Who, (Frames Rows, Frames Hints)> streams = [];
    private readonly Dictionary<int, (Who Author, Guid EventID)> said = [];
    private readonly HashSet<int> seen = []; // The steps in which something was said that X sees.
    private readonly Dictionary<(Who Reader, Guid EventID), JsonElement> drained = [];
    private long takenOver;
    private bool wIsThere;

    private Life(Dictionary<Who, TestAgent> agents) =>
        (this.agents, runs) = (agents, agents.ToDictionary(agent => agent.Key, agent => agent.Value.Address));

    private TestAgent X => agents[Who.X];

    /// The answers to X's sessions in a room of its own where these steps happen, some of them left out.
    public static async Task<string> Through(ParleService service, IReadOnlyList<Step> history, bool withWhatIsHidden)
    {
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.All, History.FromAdmission, History.FromAdmission);
        var too = new TestAgent(service.Client(), room.RoomID, room.Agents[0].Token);
        await too.StartSession();
        await too.Enter();
        var life = new Life(new()
        { [Who.X] = room.Agents[0], [Who.XToo] = too, [Who.Y] = room.Agents[1], [Who.Z] = room.Agents[2], [Who.W] = room.Agents[3] });
        await too.Claim("desk", 0);
        await life.agents[Who.Y].Claim("night", 0);
        await life.TakeOver();

        await life.OpenStreams();
        foreach (var (index, step) in history.Index().Where(step => withWhatIsHidden || !Step.IsHiddenFromX(history, step.Index)))
        {
            await life.Happen(index, step, Step.IsHiddenFromX(history, index));
        }

        await life.End(history.Count);
        return life.transcript.ToString();
    }

    private Task Happen(int index, Step step, bool hidden) => step switch
    {
        Step.Says says => Say(index, says, hidden ? "not for X" : $"words {index}"),
        Step.Replies replies => Reply(index, replies, hidden ? "not for X" : $"reply {index}"),
        Step.Acknowledges acknowledges => Acknowledge(acknowledges),
        Step.Redacts redacts => Redact(index, redacts),
        Step.TakesOver => TakeOver(),
        Step.Goes => Go(),
        _ => throw new ArgumentOutOfRangeException(nameof(step)),
    };

    private async Task Say(int index, Step.Says step, string words)
    {
        if (step.By is Who.W && !wIsThere)
        {
            return;
        }

        var to = step.To.Select(who => step.ByLastingName || (who is Who.W && !wIsThere) ? LastingName(who) : runs[who]).ToList();
        var answer = await agents[step.By].Post(
            JsonSerializer.Serialize(to is []
                ? new { type = "message_submitted", payload = new { body = words } }
                : (object)new { type = "message_submitted", payload = new { body = words }, addressing = new { audience = "direct", to } }),
            $"key-{index}");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        await Settle(index, step.By, step.To, answer);
    }

    private async Task Reply(int index, Step.Replies step, string words)
    {
        var row = said.TryGetValue(step.About, out var about) ? Drained(step.By, about.EventID) : null;
        if (row is null && !Step.IsX(step.By))
        {
            return;
        }

        // X tries it with routes of others too.
        var routeID = row?.GetProperty("reply_route") is { ValueKind: JsonValueKind.Object } route
            ? route.GetProperty("reply_route_id").GetString()
            : drained.FirstOrDefault(entry => entry.Key.EventID == about.EventID
                && entry.Value.GetProperty("reply_route").ValueKind is JsonValueKind.Object).Value
                is { ValueKind: JsonValueKind.Object } others
                ? others.GetProperty("reply_route").GetProperty("reply_route_id").GetString()
            : Guid.NewGuid().ToString();
        var answer = await agents[step.By].Send(
            HttpMethod.Post, $"/v/rooms/{X.RoomID}/replies",
            JsonSerializer.Serialize(new { reply_route_id = routeID, payload = new { body = words } }), $"key-{index}");
        if (answer.StatusCode is HttpStatusCode.Created)
        {
            await Settle(index, step.By, [about.Author], answer);
        }
        else
        {
            await NoteIfX(step.By, "reply", answer);
        }
    }

    /// The message is on the record: its addressee drains it, and X sees it if it may.
    private async Task Settle(int index, Who by, IReadOnlyList<Who> to, HttpResponseMessage answer)
    {
        said[index] = (by, (await answer.Json(HttpStatusCode.Created)).GetProperty("event_id").GetGuid());
        await NoteIfX(by, "said", answer);
        if (Step.IsX(by) || to is [] || to.Any(Step.IsX))
        {
            seen.Add(index);
            foreach (var (rows, _) in streams.Values)
            {
                transcript.Note("stream", await rows.Next());
            }
        }

        foreach (var who in to.Where(who => who != by && (who is not Who.W || wIsThere)))
        {
            if (Step.IsX(who))
            {
                transcript.Note("wake", await streams[who].Hints.Next());
            }

            await Drain(who);
        }
    }

    private async Task Drain(Who who)
    {
        var answer = await agents[who].Send(HttpMethod.Get, $"/v/rooms/{X.RoomID}/responsive-delivery?wait=0");
        await NoteIfX(who, "drain", answer);
        foreach (var row in (await answer.Json(HttpStatusCode.OK)).Messages())
        {
            drained.TryAdd((who, row.GetProperty("event_id").GetGuid()), row);
        }
    }

    private async Task Acknowledge(Step.Acknowledges step)
    {
        var eventID = said.TryGetValue(step.About, out var about) ? about.EventID : Guid.NewGuid();
        if (Drained(step.By, eventID) is { } row)
        {
            await NoteIfX(step.By, "ack", await agents[step.By].Ack(row));
        }
        else if (Step.IsX(step.By))
        {
            // X tries it with rows of others too.
            await NoteIfX(step.By, "ack", await agents[step.By].Send(
                HttpMethod.Post, $"/v/rooms/{X.RoomID}/responsive-delivery/ack",
                $$"""{"seq":{{step.About + 1}},"event_id":"{{eventID}}"}"""));
        }
    }

    private async Task Redact(int index, Step.Redacts step)
    {
        var isSaid = said.TryGetValue(step.About, out var about);
        if (!Step.IsX(step.By) && (!isSaid || about.Author != step.By || (step.By is Who.W && !wIsThere)))
        {
            return;
        }

        // X tries it with words of others too.
        var eventID = isSaid ? about.EventID : Guid.NewGuid();
        var answer = await agents[step.By].Send(
            HttpMethod.Post, $"/v/rooms/{X.RoomID}/redactions", $$"""{"event_id":"{{eventID}}","reason":"mistake"}""", $"key-{index}");
        await NoteIfX(step.By, "redact", answer);
        if (answer.StatusCode is HttpStatusCode.Created && seen.Contains(step.About))
        {
            foreach (var (rows, _) in streams.Values)
            {
                transcript.Note("stream", await rows.Next());
            }
        }
    }

    private async Task TakeOver()
    {
        await agents[Who.W].StartSession();
        runs[Who.W] = agents[Who.W].Address;
        await agents[Who.W].Claim("shift", takenOver++);
        await agents[Who.W].Enter();
        wIsThere = true;
        await Drain(Who.W);
    }

    private async Task Go()
    {
        if (wIsThere)
        {
            await (await agents[Who.W].Send(HttpMethod.Post, $"/v/agent/sessions/{agents[Who.W].SessionID}/end"))
                .Json(HttpStatusCode.NoContent);
            wIsThere = false;
        }
    }

    private async Task OpenStreams()
    {
        foreach (var who in (Who[])[Who.X, Who.XToo])
        {
            streams[who] = (await Frames.OfRoom(agents[who], (await agents[who].Read()).GetProperty("watermark").GetInt64()),
                await Frames.OfWake(agents[who]));
            transcript.Note("wake", await streams[who].Hints.Next());
        }
    }

    private async Task End(int steps)
    {
        foreach (var who in streams.Keys)
        {
            await ReadEverything(agents[who]);
            await Err(agents[who]);
            var answer = await agents[who].Say("at the end");
            await Settle(++steps, who, [], answer);
        }

        foreach (var (who, (rows, hints)) in streams)
        {
            await transcript.Note("end", await agents[who].Send(HttpMethod.Post, $"/v/agent/sessions/{agents[who].SessionID}/end"));
            transcript.Note("rest of stream", [.. await rows.ToEnd()]);
            transcript.Note("rest of wake", [.. await hints.ToEnd()]);
            rows.Dispose();
            hints.Dispose();
        }
    }

    private async Task ReadEverything(TestAgent x)
    {
        var head = (await x.Read()).GetProperty("watermark").GetInt64();
        foreach (var action in Actions.All.Where(
            action => action.Method == "GET" && action != DeliveryActions.Wake && action != RoomActions.ListParticipants))
        {
            foreach (var alias in action.Path.Contains("{alias}", StringComparison.Ordinal)
                ? (string[])["desk", "never-claimed", "shift"] : [""])
            {
                var path = action.Path.Replace("{room}", $"{x.RoomID}", StringComparison.Ordinal)
                    .Replace("{session}", $"{x.SessionID}", StringComparison.Ordinal)
                    .Replace("{alias}", alias, StringComparison.Ordinal);
                string[] forms = action.Query.Any(parameter => parameter.Name == "form") ? ["?form=compact"] : [];
                foreach (var query in action.Query.Any(parameter => parameter.Name == "since_seq")
                    ? Enumerable.Range(0, (int)head + 3).Select(since => $"?since_seq={since}").Concat(forms) : forms.Append(""))
                {
                    await transcript.Note(action.Id + alias + query, await x.Send(HttpMethod.Get, path + query));
                }
            }
        }

        for (var since = 0L; since < head;)
        {
            foreach (var row in (await x.Read(since)).Messages())
            {
                since = row.Seq();
                await transcript.Note($"receipt of {since} to hand on", await x.Send(
                    HttpMethod.Get, $"/v/rooms/{x.RoomID}/receipts/{row.GetProperty("event_id").GetGuid()}?audience=anyone&contents=true"));
            }
        }

        for (var since = 0; since < head; since += 5)
        {
            using var rows = await Frames.OfRoom(x, since);
            for (var seq = since; seq < head; seq++)
            {
                transcript.Note($"stream {since}", await rows.Next());
            }
        }
    }

    private async Task Err(TestAgent x)
    {
        var agentOfY = runs[Who.Y][..runs[Who.Y].LastIndexOf('.')];
        await transcript.Note("post to nobody", await x.Say("hello", to: "@nobody.helper"));
        await transcript.Note("post to an alias that nobody claimed", await x.Say("hello", to: $"{agentOfY}.never-claimed"));
        await transcript.Note("post to oneself, who is two", await x.Say("hello", to: x.Address[..x.Address.LastIndexOf('.')]));
        await transcript.Note("read nonsense", await x.Send(HttpMethod.Get, $"/v/rooms/{x.RoomID}/projection?since_seq=-1"));
        await transcript.Note("claim too late", await x.TryClaim("desk", 0));
        await transcript.Note(
            "switch off for a name of others", await x.Send(HttpMethod.Post, "/v/agent/session-aliases/shift/offline-delivery/disable"));
    }

    private JsonElement? Drained(Who who, Guid eventID) => drained.TryGetValue((who, eventID), out var row) ? row : null;

    private Task NoteIfX(Who by, string what, HttpResponseMessage answer) =>
        Step.IsX(by) ? transcript.Note($"{what} {by}", answer) : Task.CompletedTask;

    private string LastingName(Who who) => runs[who][..runs[who].LastIndexOf('.')] is var agent
        ? who switch
        {
            Who.XToo => $"{agent}.desk",
            Who.Y => $"{agent}.night",
            Who.Z => agent,
            Who.W => $"{agent}.shift",
            _ => runs[who],
        }
        : "";
}
