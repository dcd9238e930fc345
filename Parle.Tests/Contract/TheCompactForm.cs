using System.Net;
using System.Text;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Asks;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

/// The same views, cut for language models.
public class TheCompactForm(TestCluster cluster)
{
    [Fact]
    public async Task of_a_view_has_the_same_rows_with_each_text_once()
    {
        var (ana, ben, cleo) = await Three();
        await ana.Say("a word that stands once");
        await ana.Tell(ben.Address, "for Ben alone");
        var ask = await ana.Opens(Asking.Help("What is zero?").To(ben, cleo));
        await ben.Does(ask, "claim");

        var (whole, cut) = (await ben.Read(), await Compact(ben, $"{ben.Projection}?form=compact"));

        var (all, rows) = (whole.Messages(), cut.GetProperty("rows").EnumerateArray().ToList());
        Assert.Equal(all.Select(row => (row.Seq(), row.Text("event_id"), row.Text("event_type"), row.Text("created_at"))),
            rows.Select(row => (row.Seq(), row.Text("event_id"), row.Text("type"), row.Text("at"))));
        Assert.Equal(whole.GetProperty("watermark").GetInt64(), cut.GetProperty("watermark").GetInt64());
        var said = rows.Single(row => row.Text("text").Contains("stands once", StringComparison.Ordinal));
        Assert.Equal(ana.Address, said.Text("from"));
        Assert.Matches("^«FENCE BEGIN ([0-9a-f]{32})»\na word that stands once\n«FENCE END \\1»$", said.Text("text"));
        Assert.False(said.TryGetProperty("to", out _));
        Assert.Equal(ben.Address, rows.Single(row => row.Text("text").Contains("for Ben", StringComparison.Ordinal)).Text("to"));
        Assert.All(
            rows.Where(row => row.TryGetProperty("ask", out _)), row => Assert.Equal($"{ben.Address} {cleo.Address}", row.Text("to")));
        Assert.Contains("answer_ask", rows[^1].GetProperty("next").EnumerateArray().Select(act => act.GetString()));
        Assert.DoesNotContain(rows[..^1], row => row.TryGetProperty("next", out _));
        Assert.True(Size(cut) < Size(whole) / 2, $"{Size(cut)} of {Size(whole)} bytes.");
    }

    [Fact]
    public async Task of_a_queue_says_what_each_entry_waits_for()
    {
        var (ana, ben, _) = await Three();
        var ask = await ana.Opens(Asking.Logs().To(ben));
        await ana.Tell(ben.Address, "and a message");

        var rows = (await Compact(ben, $"/v/rooms/{ben.RoomID}/responsive-delivery?form=compact")).GetProperty("rows");

        Assert.Equal(ask, rows[0].GetProperty("waits_for").GetProperty("ask_id").GetGuid());
        Assert.NotEqual(Guid.Empty, rows[1].GetProperty("reply_route_id").GetGuid());
        Assert.Equal("message", rows[1].GetProperty("waits_for").Text("about"));
        Assert.Equal(2, (await Compact(ben, $"/v/rooms/{ben.RoomID}/inbound?form=compact&since_seq={rows[0].Seq() - 1}"))
            .GetProperty("rows").GetArrayLength());
    }

    [Theory, InlineData("help"), InlineData("logs"), InlineData("review"), InlineData("approval")]
    public async Task of_an_ask_is_small_and_can_be_acted_on(string kind)
    {
        var (ana, ben, _) = await Three();
        var ask = await ana.Opens(Asking.Of(kind).With("context", Asking.Packet("some lines")));
        var cut = await Compact(ben, $"{ben.AsksOf()}/{ask}?form=compact");

        Assert.True(Size(cut) <= 4 * 1024, $"{Size(cut)} bytes: {cut.GetRawText()}");
        Assert.Equal((kind, "open"), (cut.GetProperty("ask").Text("kind"), cut.GetProperty("ask").Text("state")));
        Assert.Contains("«FENCE BEGIN", Assert.Single(cut.GetProperty("rows").EnumerateArray()).Text("text"), StringComparison.Ordinal);
        Assert.Equal("part-0.txt", cut.GetProperty("context")[0].Text("name"));
        var act = kind is "approval" ? "decide_approval" : "claim_ask";
        Assert.Contains(act, cut.GetProperty("next").EnumerateArray().Select(one => one.GetString()));
        Assert.Contains(act, cut.GetProperty("offers").EnumerateArray().Select(one => one.Text("action")));
    }

    [Fact]
    public async Task of_words_that_were_taken_away_has_none()
    {
        var (ana, ben, _) = await Three();
        var said = await (await ana.Say("a secret that slipped out")).Json(HttpStatusCode.Created);
        await (await ana.Send(HttpMethod.Post, $"/v/rooms/{ana.RoomID}/redactions",
            $$"""{"event_id":"{{said.Text("event_id")}}","reason":"mistake"}""", "gone")).Json(HttpStatusCode.Created);

        var cut = (await Compact(ben, $"{ben.Projection}?form=compact")).GetRawText();

        Assert.DoesNotContain("slipped", cut, StringComparison.Ordinal);
        Assert.Contains("Redacted by", cut, StringComparison.Ordinal);
    }

    [Fact]
    public async Task is_the_only_one_with_a_name()
    {
        var (_, ben, _) = await Three();
        foreach (var path in (string[])["projection", "inbound", "responsive-delivery", $"asks/{Guid.NewGuid()}"])
        {
            await (await ben.Send(HttpMethod.Get, $"/v/rooms/{ben.RoomID}/{path}?form=short")).IsRefused("malformed_request");
        }
    }

    private static int Size(JsonElement json) => Encoding.UTF8.GetByteCount(json.GetRawText());

    private static async Task<JsonElement> Compact(TestAgent agent, string path) =>
        await (await agent.Send(HttpMethod.Get, path)).Json(HttpStatusCode.OK);

    private async Task<(TestAgent Ana, TestAgent Ben, TestAgent Cleo)> Three()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission, History.FromAdmission);
        return (room.Agents[0], room.Agents[1], room.Agents[2]);
    }
}
