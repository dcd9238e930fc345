using System.Net;
using System.Text;
using System.Text.Json;
using CsCheck;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// Law 8.
public class AReaderThatFollowsItsCursor(TestCluster cluster)
{
    private static readonly History[] Seats = [History.All, History.FromAdmission, History.All, History.FromAdmission];

    /// For each agent, whom each of its messages is for: everybody (-1), or one agent, perhaps itself.
    private static readonly Gen<int[][]> Scripts = Gen.Frequency(
        (1, Gen.Const(-1)), (1, Gen.Int[0, Seats.Length - 1])).Array[0, 12].Array[Seats.Length];

    [Fact]
    public async Task sees_every_row_meant_for_it_once_and_in_order_while_others_write()
    {
        var service = await cluster.Service;
        await Scripts.Select(Gen.Int).SampleAsync(
            async (int[][] script, int stops) =>
            {
                var room = await service.NewRoomWithPresent(Seats);
                var writing = Task.WhenAll(script.Index().Select(author => Write(room, author.Index, author.Item)));
                var views = await Task.WhenAll(
                    room.Agents.Index().Select(reader => Follow(reader.Item, new Random(stops + reader.Index), writing)));
                await writing;

                foreach (var (reader, view) in views.Index())
                {
                    Assert.Equal(Enumerable.Range(1, view.Count).Select(seq => (long)seq), view.Select(row => row.Seq()));
                    Assert.Equal(MeantFor(script, reader).Order(), Messages(view).Select(row => row.Body()).Order());
                    await RereadsTheSame(room.Agents[reader], view);
                }

                AssertOneOrder(views);
            },
            iter: 4, threads: 1);
    }

    [Fact]
    public async Task turns_the_page_after_200_rows_at_most()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission);
        await Parallel.ForAsync(0, 230, TestContext.Current.CancellationToken,
            async (i, _) => await (await room.Agents[0].Say($"row {i}")).Json(HttpStatusCode.Created));

        var first = await room.Agents[0].Read();
        var second = await room.Agents[0].Read(first.GetProperty("watermark").GetInt64());

        Assert.InRange(first.Messages().Count, 150, 200); // Fewer only where they fill an answer.
        Assert.Equal(230, first.Messages().Count + second.Messages().Count);
        Assert.Equal(
            Enumerable.Range(1, 230).Select(seq => (long)seq), first.Messages().Concat(second.Messages()).Select(row => row.Seq()));
        Assert.Equal(230, first.Messages().Concat(second.Messages()).Select(row => row.Body()).Distinct().Count());
    }

    [Theory]
    [InlineData("x", 60_000)]
    [InlineData("é", 30_000)]
    [InlineData("\\n", 30_000)]
    [InlineData("\u007f", 20_000)] // written as themselves, read as escapes
    [InlineData("\ue000", 20_000)]
    public async Task turns_the_page_before_it_is_larger_than_300_KiB(string spelling, int times)
    {
        var text = string.Concat(Enumerable.Repeat(JsonElement.Parse($"\"{spelling}\"").GetString(), times));
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        for (var i = 0; i < 20; i++)
        {
            var direct = i % 3 == 0 ? $$""","addressing":{"audience":"direct","to":"{{room.Agents[1].Address}}"}""" : "";
            var words = $"{i} {string.Concat(Enumerable.Repeat(spelling, times))}";
            await (await room.Agents[i % 2].Post($$"""{"type":"message_submitted","payload":{"body":"{{words}}"}{{direct}}}""", $"key-{i}"))
                .Json(HttpStatusCode.Created);
        }

        var (bodies, pages) = (new List<string>(), 0);
        for (long cursor = 0; ; pages++)
        {
            var answer = await room.Agents[1].Send(HttpMethod.Get, $"/v/rooms/{room.RoomID}/projection?since_seq={cursor}");
            var sent = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.InRange(Encoding.UTF8.GetByteCount(sent), 1, 300 * 1024);
            var page = JsonElement.Parse(sent);
            if (page.Messages().Count == 0)
            {
                break;
            }

            Assert.Equal(page.Messages()[^1].Seq(), cursor = page.GetProperty("watermark").GetInt64());
            bodies.AddRange(page.Messages().Select(row => row.Body()));
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i} {text}"), bodies);
        Assert.InRange(pages, 7, 20);
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(long.MaxValue - 1)]
    [InlineData(long.MaxValue)]
    public async Task is_told_where_the_end_is_when_it_points_beyond(long beyond)
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        await (await room.Agents[0].Say("hello", to: room.Agents[1].Address)).Json(HttpStatusCode.Created);

        var page = await room.Agents[1].Read(beyond);

        Assert.Empty(page.Messages());
        Assert.Equal(1, page.GetProperty("watermark").GetInt64());
    }

    private static async Task Write(TestRoom room, int author, int[] whom)
    {
        foreach (var (i, target) in whom.Index())
        {
            await (await room.Agents[author].Say($"{author}.{i}", to: target < 0 ? null : room.Agents[target].Address))
                .Json(HttpStatusCode.Created);
        }
    }

    /// Reads as an agent does that is stopped now and then: it keeps some of a page and goes on from the last row it kept.
    private static async Task<IReadOnlyList<JsonElement>> Follow(TestAgent reader, Random stops, Task writing)
    {
        var kept = new List<JsonElement>();
        while (true)
        {
            var over = writing.IsCompleted; // Before the read, so that an empty page afterwards is the end.
            var page = (await reader.Read(kept.Count == 0 ? 0 : kept[^1].Seq(), wait: over ? 0 : stops.Next(3) / 2)).Messages();
            if (page.Count == 0 && over)
            {
                return kept;
            }

            kept.AddRange(page.Take(stops.Next(page.Count + 2)));
        }
    }

    private static async Task RereadsTheSame(TestAgent reader, IReadOnlyList<JsonElement> view)
    {
        foreach (var since in Enumerable.Range(0, view.Count + 1).Where(since => since % 7 == 0 || since == view.Count))
        {
            Assert.Equal(view.Skip(since).Select(Lasting), (await reader.Read(since)).Messages().Select(Lasting));
        }
    }

    /// Two readers see what both may see in one order, and each author's words in the order it said them.
    private static void AssertOneOrder(IReadOnlyList<IReadOnlyList<JsonElement>> views)
    {
        foreach (var one in views)
        {
            foreach (var other in views)
            {
                var shared = Messages(one).Select(Lasting).Intersect(Messages(other).Select(Lasting)).ToHashSet();
                Assert.Equal(Messages(one).Select(Lasting).Where(shared.Contains), Messages(other).Select(Lasting).Where(shared.Contains));
            }

            foreach (var author in Messages(one).Select(row => row.Body().Split('.'))
                .GroupBy(parts => parts[0], parts => int.Parse(parts[1])))
            {
                Assert.Equal(author.Order(), author);
            }
        }
    }

    private static IEnumerable<string> MeantFor(int[][] script, int reader) =>
        script.Index().SelectMany(author => author.Item.Index()
            .Where(said => said.Item < 0 || said.Item == reader || author.Index == reader).Select(said => $"{author.Index}.{said.Index}"));

    private static IEnumerable<JsonElement> Messages(IReadOnlyList<JsonElement> view) =>
        view.Where(row => row.GetProperty("event_type").GetString() == "message_submitted");

    /// The part of a row that is the same for every read and reader; fences are new each time, and positions are each reader's own.
    private static string Lasting(JsonElement row) =>
        $"{row.GetProperty("event_id")} {row.GetProperty("created_at")} {row.GetProperty("author")} {row.GetProperty("addressing")} "
        + $"{row.GetProperty("payload")}";
}
