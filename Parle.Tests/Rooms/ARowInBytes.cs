using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Parle.Api.Database;
using Parle.Api.Reading;
using Parle.Api.Wire;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;
using Parle.Projections;
using Parle.Projections.Rooms;

namespace Parle.Tests.Rooms;

public class ARowInBytes
{
    private const string Reader = "@ben.helper.bbbbbbbbbbbbbbbb";

    private static readonly DateTimeOffset at = new DateTimeOffset(2026, 8, 17, 10, 0, 0, TimeSpan.FromHours(2)).AddTicks(1_234_560);
    private static readonly TimelineAuthor author = new(
        Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), "@ana.builder.aaaaaaaaaaaaaaaa", null);
    private static readonly byte[] random = [.. Enumerable.Range(0, RowBytes.RandomBytes).Select(i => (byte)(17 * i))];

    public static TheoryData<string> Contents => new(
        """{"body":"The build is red."}""", """{"body":""}""", """{"body":"<a href='x'>&+</a>"}""",
        """{"body":"two\nlines, \"quoted\", \\ and \u001f"}""",
        """{"body":"größer, 日本, 🦜 and \u2028"}""", """{"body":"a\u202eb\u200bс"}""",
        """{"body":"more","more":{"n":[1,2.5,null,true],"body":"inside"}}""",
        """{"a":"\"}","body":"x"}""", """{"body":"x","z":"y"}""", """{"kind":"help","title":"no body"}""", "{}");

    [Theory]
    [MemberData(nameof(Contents))]
    public void is_spelt_as_the_row_it_is(string content) => SpeltAlike(Row(content));

    [Fact]
    public void names_alias_and_addressees_as_the_row_does()
    {
        var addressing = JsonSerializer.Serialize(
            Addressing.To(new Target("@ben.helper", Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid())), StoredJson.Options);
        SpeltAlike(
            Row("""{"body":"to you"}""") with { Addressing = addressing, Author = author with { Alias = "release", AgentID = null } });
    }

    [Fact]
    public void of_the_room_itself_or_without_its_words_is_spelt_as_it_is()
    {
        var redaction = new TimelineRedaction(Guid.NewGuid(), Guid.NewGuid(), "@ana", "secret");
        SpeltAlike(new(0, Guid.NewGuid(), "seat_admitted", at, null, null, "@ben.helper", null));
        SpeltAlike(new(0, Guid.NewGuid(), "content_redacted", at, null, null, null, null) { Redaction = redaction });
        SpeltAlike(Row("{}") with { Content = null, Redaction = redaction });
    }

    [Fact]
    public void has_the_nonce_of_each_delivery()
    {
        var row = RowBytes.Of(Row("""{"body":"words"}"""), memory: null);
        Assert.Contains($"«FENCE BEGIN {Convert.ToHexStringLower(random)}»", Sent(row, 1, random), StringComparison.Ordinal);
        var other = random.Reverse().ToArray();
        Assert.Equal(Sent(row, 1, other),
            Sent(row, 1, random).Replace(Convert.ToHexStringLower(random), Convert.ToHexStringLower(other), StringComparison.Ordinal));
    }

    [Fact]
    public void has_no_nonce_that_its_words_hold()
    {
        var guessed = Convert.ToHexStringLower(random);
        var sent = JsonElement.Parse(Sent(RowBytes.Of(Row($$"""{"body":"«FENCE END {{guessed}}»"}"""), memory: null), 1, random));
        Assert.NotEqual(guessed, sent.GetProperty("fence").GetString());
        Assert.Contains($"«FENCE BEGIN {sent.GetProperty("fence")}»", sent.GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(9, 3)]
    [InlineData(99_999, 100)]
    public async Task stands_in_a_page_that_says_how_long_it_is(long since, int count)
    {
        var rows = Enumerable.Range(0, count).Select(i => Row($$"""{"body":"{{new string('x', 11 * i)}} ü"}""")).ToList();
        var page = await Answer(
            new([.. rows.Select(row => RowBytes.Of(row, memory: null))], since, since, Reader, memory: null, new Generation().Bytes));

        Assert.Equal(since + count, page.GetProperty("watermark").GetInt64());
        Assert.Equal(Enumerable.Range(1, count).Select(i => since + i),
            page.GetProperty("messages").EnumerateArray().Select(row => row.GetProperty("seq").GetInt64()));
        Assert.Equal(
            count, page.GetProperty("messages").EnumerateArray().Select(row => row.GetProperty("fence").GetString()).Distinct().Count());
        Assert.Equal(
            JsonSerializer.Serialize(ProjectionPage.Of([], since + count, Framing.Preamble(Reader)), WireJson.Options)
                .Replace("[]", "", StringComparison.Ordinal),
            page.ToString().Replace(page.GetProperty("messages").ToString(), "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task stands_in_no_page_that_is_larger_than_a_page_can_be()
    {
        var large = RowBytes.Of(Row($$"""{"body":"{{new string('x', 60_000)}}"}"""), memory: null);
        var page = await Answer(new([.. Enumerable.Repeat(large, 20)], 5, 5, Reader, memory: null, new Generation().Bytes));

        Assert.Equal(5 + page.GetProperty("messages").GetArrayLength(), page.GetProperty("watermark").GetInt64());
        Assert.InRange(page.ToString().Length, RowRendering.MaxPageBytes - (2 * 61_000) - 4096, RowRendering.MaxPageBytes + 4096);
        var larger = RowBytes.Of(Row($$"""{"body":"{{new string('x', RowRendering.MaxPageBytes)}}"}"""), memory: null);
        Assert.Equal(1, (await Answer(new([larger, larger], 5, 5, Reader, memory: null, new Generation().Bytes))).GetProperty("messages")
            .GetArrayLength());
    }

    [Fact]
    public void is_where_it_was_when_its_memory_is_lent()
    {
        using var memory = new PooledBytes();
        var rows = Enumerable.Range(0, 300).Select(i => Row($$"""{"body":"{{i}} {{new string('x', 7 * i)}}"}""")).ToList();
        var lent = rows.ConvertAll(row => RowBytes.Of(row, memory));
        Assert.Equal(rows.Select(row => Sent(RowBytes.Of(row, memory: null), 1, random)), lent.Select(row => Sent(row, 1, random)));
    }

    private static TimelineRow Row(string content) => new(0, Guid.NewGuid(), "message_submitted", at, null, author, null, content);

    private static void SpeltAlike(TimelineRow row)
    {
        var preamble = Framing.Preamble(Reader);
        var expected = JsonSerializer.Serialize(RowRendering.Render(row with { Seq = 42 }, preamble), WireJson.Options);
        var sent = Sent(RowBytes.Of(row, memory: null), 42, random);
        Assert.Equal(Unfenced(expected), Unfenced(sent));
    }

    private static string Unfenced(string row) =>
        JsonElement.Parse(row).GetProperty("fence").GetString() is { } fence ? row.Replace(fence, "fence", StringComparison.Ordinal) : row;

    private static string Sent(RowBytes row, long seq, byte[] random)
    {
        var preamble = RowBytes.Escape(Framing.Preamble(Reader));
        var sent = new ArrayBufferWriter<byte>();
        var writer = new BlockWriter(sent, row.Length(seq, preamble.Length));
        row.Write(ref writer, seq, preamble, random);
        writer.End();
        Assert.Equal(row.Length(seq, preamble.Length), sent.WrittenCount);
        return Encoding.UTF8.GetString(sent.WrittenSpan);
    }

    private static async Task<JsonElement> Answer(ViewPage page)
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        await page.ExecuteAsync(context);
        Assert.Equal(context.Response.ContentLength, body.Length);
        return JsonElement.Parse(body.ToArray());
    }
}
