using System.Net;
using System.Text;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Asks;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class AFullPage(TestCluster cluster)
{
    private const int MaxAnswer = 300 * 1024;

    // The wire writes each of these as \ud83d\ude00, three times as long as it is stored.
    private static readonly string LongText = string.Concat(Enumerable.Repeat("\U0001F600", 5_000));

    [Fact]
    public async Task of_work_is_followed_by_the_rest_once_it_is_acknowledged()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await ben.Claim("night-shift", 0);
        var handle = (await ListingSessions.List(ben)).GetProperty("sessions")[0].Text("session_handle");
        for (var i = 0; i < 25; i++)
        {
            await Task.WhenAll(
                Enumerable.Range(0, 10).Select(k => ana.Tell(k % 2 == 0 ? ben.Address : ben.AgentAddress(handle), $"{(10 * i) + k}")));
        }

        var (drained, pages) = (new List<string>(), 0);
        for (var page = await ben.Drain(); page.Messages() is [.., var last] rows; page = await ben.Drain(), pages++)
        {
            Assert.Equal(rows.Select(row => row.Seq()).Order(), rows.Select(row => row.Seq()));
            drained.AddRange(page.Bodies());
            await (await ben.Ack(last)).Json(HttpStatusCode.OK);
        }

        Assert.True(pages > 1);
        Assert.Equal(Enumerable.Range(0, 250).Select(i => $"{i}").Order(), drained.Order());
        Assert.Equal(drained.Count, drained.Distinct().Count());
    }

    [Theory, InlineData("projection"), InlineData("inbound")]
    public async Task of_long_texts_ends_at_the_last_row_it_shows(string what)
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        for (var i = 0; i < 12; i++)
        {
            await (await ana.Say($"{i} {LongText}", to: i % 2 == 0 ? ben.Address : null)).Json(HttpStatusCode.Created);
            await (await ben.Say($"mine {LongText}")).Json(HttpStatusCode.Created);
        }

        var (bodies, pages, since) = (new List<string>(), 0, 0L);
        while (true)
        {
            var page = await (await ben.Send(HttpMethod.Get, $"/v/rooms/{ben.RoomID}/{what}?since_seq={since}")).Json(HttpStatusCode.OK);
            Assert.InRange(Encoding.UTF8.GetByteCount(page.GetRawText()), 1, MaxAnswer);
            if (page.GetProperty("watermark").GetInt64() == since)
            {
                break;
            }

            bodies.AddRange(page.Bodies().Select(body => body.Split(' ')[0]).Where(first => first is not "mine"));
            since = page.GetProperty("watermark").GetInt64();
            pages++;
        }

        Assert.True(pages > 1);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"{i}"), bodies);
    }

    /// A text that is short when sent can be long when read, and a row shows its text twice. Texts that do not fit into an answer are
    /// refused.
    [Theory]
    [InlineData("\U0001F600", 15_000)]
    [InlineData("\u007f", 60_000)]
    [InlineData("\u0085", 30_000)]
    public async Task of_one_row_is_never_longer_than_an_answer(string character, int times)
    {
        var room = await (await cluster.Service).NewOwnedRoom(2);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var tooLong = string.Concat(Enumerable.Repeat(character, times));
        await (await ana.Post(Message(tooLong, ben.Address), "too-long")).Refuses("payload_too_large");
        await (await ana.Ask(Asking.Help().With("request", new { question = tooLong[..30_000] }))).Refuses("payload_too_large");

        for (var i = 0; i < 3; i++)
        {
            await (await ana.Post(Message(string.Concat(Enumerable.Repeat(character, 10_500)), ben.Address), $"{i}"))
                .Json(HttpStatusCode.Created);
        }

        await ben.Read();
        await Fits(await ben.Send(HttpMethod.Get, ben.Projection), "messages");
        await Fits(await ben.Send(HttpMethod.Get, $"/v/rooms/{ben.RoomID}/inbound"), "messages");
        await Fits(await ben.Send(HttpMethod.Get, $"/v/rooms/{ben.RoomID}/responsive-delivery"), "messages");
        await Fits(await room.Owner.Get($"/v/rooms/{room.RoomID}/seats/{await room.Owner.SeatOf(ben)}/ledger?rows=true"), "rows");
        await Fits(
            await room.Owner.Post($"/v/rooms/{room.RoomID}/preview", new { seat_id = await room.Owner.SeatOf(ben) }), "page", "messages");
        await Fits(await room.Owner.Get($"/v/rooms/{room.RoomID}/record"), "facts");

        static string Message(string body, string to) =>
            $$$"""{"type":"message_submitted","payload":{"body":"{{{body}}}"},"addressing":{"audience":"direct","to":"{{{to}}}"}}""";

        static async Task Fits(HttpResponseMessage answer, params string[] list)
        {
            var json = await answer.Json(HttpStatusCode.OK);
            Assert.InRange(Encoding.UTF8.GetByteCount(json.GetRawText()), 1, MaxAnswer);
            Assert.NotEmpty(list.Aggregate(json, (JsonElement at, string name) => at.GetProperty(name)).EnumerateArray());
        }
    }

    [Fact]
    public async Task of_long_work_is_followed_by_the_rest()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        for (var i = 0; i < 12; i++)
        {
            await ana.Tell(ben.Address, $"{i} {LongText}");
        }

        var (bodies, pages) = (new List<string>(), 0);
        for (var page = await ben.Drain(); page.Messages() is [.., var last]; page = await ben.Drain(), pages++)
        {
            Assert.Equal((last.Seq(), last.Seq()), (page.GetProperty("watermark").GetInt64(), page.GetProperty("scanned_max").GetInt64()));
            bodies.AddRange(page.Bodies().Select(body => body.Split(' ')[0]));
            await (await ben.Ack(last)).Json(HttpStatusCode.OK);
        }

        Assert.True(pages > 1);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"{i}"), bodies);
    }

    [Fact]
    public async Task of_nothing_but_ones_own_rows_moves_inbound_on()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        for (var i = 0; i < 45; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ben.Say("mine")));
        }

        await ana.Say("hers");

        var (bodies, since) = (new List<string>(), 0L);
        while (bodies.Count == 0)
        {
            var page = await ben.Inbound(since, wait: 30);
            Assert.True(page.GetProperty("watermark").GetInt64() > since);
            since = page.GetProperty("watermark").GetInt64();
            bodies.AddRange(page.Bodies());
        }

        Assert.Equal(["hers"], bodies);
        Assert.Equal((45 * 50) + 1, since);
    }
}
