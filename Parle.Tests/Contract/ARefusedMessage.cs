using System.Net;
using System.Text;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

/// Each case also sees that nothing was written, and that the key is still free.
public class ARefusedMessage(TestCluster cluster)
{
    private const string Malformed = "malformed_request";
    private const string Invalid = "validation_failed";

    [Theory]
    [InlineData(Malformed, "null"), InlineData(Malformed, "[]"), InlineData(Malformed, "1"), InlineData(Malformed, "\"x\""),
        InlineData(Malformed, "{"), InlineData(Malformed, "{}x"), InlineData(Malformed, "{} {}")]
    [InlineData(Malformed, "{'type':1}"), InlineData(Malformed, "{/**/}"), InlineData(Malformed, "{\"type\":\"message_submitted\",}"),
        InlineData(Malformed, "\ufeff{}"), InlineData(Malformed, "\0"), InlineData(Malformed, "NaN")]
    [InlineData(Malformed, """{"type":1,"payload":{"body":"x"}}"""), InlineData(Malformed, """{"type":{},"payload":{"body":"x"}}""")]
    [InlineData(Malformed, """{"type":"message_submitted","type":"message_submitted","payload":{"body":"x"}}""")]
    [InlineData(Malformed, """{"type":"message_submitted","payload":{"body":"x"},"payload":{"body":"y"}}""")]
    [InlineData(Malformed, """{"type":"message_submitted","payload":{"body":"x","body":"y"}}""")]
    [InlineData(Malformed, """{"type":"message_submitted","payload":{"body":"x","\u0062ody":"y"}}""")]
    [InlineData(Malformed, """{"type":"message_submitted","payload":{"body":"x","a":{"b":1,"b":1}}}""")]
    [InlineData(Malformed, """{"type":"message_submitted","payload":{"body":"x","n":01}}"""),
        InlineData(Malformed, """{"type":"message_submitted","payload":{"body":"x","n":Infinity}}""")]
    [InlineData(Malformed, "{\"type\":\"message_submitted\",\"payload\":{\"body\":\"a\nb\"}}"),
        InlineData(Malformed, "{\"type\":\"message_submitted\",\"payload\":{\"body\":\"a\0b\"}}")]
    [InlineData(Malformed, """{"type":"\ud800","payload":{"body":"x"}}""")]
    [InlineData(Invalid, "{}"), InlineData(Invalid, """{"type":"message_submitted"}"""),
        InlineData(Invalid, """{"payload":{"body":"x"}}"""), InlineData(Invalid, """{"type":null,"payload":{"body":"x"}}""")]
    [InlineData(Invalid, """{"type":"message_submitted","payload":null}"""),
        InlineData(Invalid, """{"type":"message_submitted","payload":[]}"""),
        InlineData(Invalid, """{"type":"message_submitted","payload":"x"}""")]
    [InlineData(Invalid, """{"type":"message_submitted","payload":{}}"""),
        InlineData(Invalid, """{"type":"message_submitted","payload":{"body":null}}"""),
        InlineData(Invalid, """{"type":"message_submitted","payload":{"body":1}}""")]
    [InlineData(Invalid, """{"type":"message_submitted","payload":{"body":["x"]}}"""),
        InlineData(Invalid, """{"type":"message_submitted","payload":{"Body":"x"}}""")]
    [InlineData(Invalid, """{"type":"message_submitted","payload":{"body":"\u0000"}}"""),
        InlineData(Invalid, """{"type":"message_submitted","payload":{"body":"x","a":["\u0000"]}}""")]
    [InlineData(Invalid, """{"type":"message_submitted","payload":{"body":"x","a\u0000":1}}""")]
    [InlineData(Invalid, """{"type":"message_submitted","payload":{"body":"\ud800"}}"""),
        InlineData(Invalid, """{"type":"message_submitted","payload":{"body":"\udc00\ud800"}}""")]
    [InlineData(Invalid, """{"type":"message_submitted","payload":{"body":"x","a":"\ud83d"}}""")]
    [InlineData(Invalid, """{"type":"message_submitted","payload":{"body":"x","n":1e400}}"""),
        InlineData(Invalid, """{"type":"message_submitted","payload":{"body":"x","n":9007199254740993}}""")]
    [InlineData(Invalid, """{"type":"message_submitted","payload":{"body":"x","n":-9007199254740993}}""")]
    [InlineData(Invalid, """{"type":"direct_message","payload":{"body":"x"}}"""),
        InlineData(Invalid, """{"type":"direct_delivery","payload":{"body":"x"}}""")]
    [InlineData(Invalid, """{"type":"Message_Submitted","payload":{"body":"x"}}"""),
        InlineData(Invalid, """{"type":"seat_admitted","payload":{"body":"x"}}"""),
        InlineData(Invalid, """{"type":"","payload":{"body":"x"}}""")]
    public Task says_what_is_wrong_with_it(string code, string json) => IsRefused(code, agent => agent.Post(json, "key"));

    [Theory]
    [InlineData("""{"type":"message_submitted","payload":{"body":"x","\ud800":1}}"""),
        InlineData("""{"type":"message_submitted","payload":{"\ud800":1,"body":"x"}}""")]
    [InlineData("""{"type":"message_submitted","payload":{"body":"x","\ud800":1,"\ud801":1}}"""),
        InlineData("""{"\ud800":1,"type":"message_submitted","payload":{"body":"x"}}""")]
    [InlineData("""{"type":"message_submitted","payload":{"body":"x"},"unknown":"\ud800"}""")]
    public async Task with_half_a_character_in_a_name_is_not_the_services_failure(string json)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var answer = await ana.Post(json, "key");
        Assert.True((int)answer.StatusCode < 500, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        Assert.All((await ana.Read()).Messages(), row => Assert.Equal("x", row.Body()));
    }

    [Theory]
    [InlineData("\"broadcast\""), InlineData("[]"), InlineData("1"), InlineData("{}"), InlineData("""{"audience":null}"""),
        InlineData("""{"audience":"everyone"}"""), InlineData("""{"audience":"Direct","to":"@a1.b1"}""")]
    [InlineData("""{"audience":"direct"}"""), InlineData("""{"audience":"direct","to":null}"""),
        InlineData("""{"audience":"direct","to":1}"""), InlineData("""{"audience":"direct","to":{}}""")]
    [InlineData("""{"audience":"direct","to":[]}"""), InlineData("""{"audience":"direct","to":["@a1.b1",1]}"""),
        InlineData("""{"audience":"broadcast","to":"@a1.b1"}"""), InlineData("""{"to":"@a1.b1"}""")]
    [InlineData("""{"audience":"direct","audience":"broadcast","to":"@a1.b1"}"""),
        InlineData("""{"audience":"direct","to":"@a1.\ud800"}"""), InlineData("""{"audience":"direct","to":["@a1.\ud800"]}""")]
    public Task with_malformed_addressing_is_malformed(string addressing) =>
        IsRefused(
            Malformed, agent => agent.Post($$"""{"type":"message_submitted","payload":{"body":"x"},"addressing":{{addressing}}}""", "key"));

    [Theory]
    [InlineData("@nobody.helper"), InlineData("@nobody.helper.aaaaaaaaaaaaaaaa")]
    public Task to_an_address_that_reaches_nobody_tells_nothing(string to) =>
        IsRefused("address_not_deliverable", agent => agent.Say("x", "key", to));

    [Fact]
    public Task in_bad_utf8_is_malformed() =>
        IsRefused(Malformed, agent => Send(agent, new ByteArrayContent(
            [.. """{"type":"message_submitted","payload":{"body":"""u8, (byte)'"', 0xC3, 0x28, (byte)'"', .. "}}"u8])));

    [Fact]
    public Task in_utf16_is_malformed() =>
        IsRefused(Malformed, agent => Send(agent, new ByteArrayContent(Encoding.Unicode.GetBytes(Message("x")))));

    [Theory, InlineData("["), InlineData("{\"a\":")]
    public Task nested_too_deeply_is_malformed(string opening) =>
        IsRefused(Malformed, agent => agent.Post(
            $$"""{"type":"message_submitted","payload":{"body":"x","deep":{{string.Concat(Enumerable.Repeat(opening, 10_000))}}""", "key"));

    [Theory, InlineData(false), InlineData(true)]
    public Task of_65537_bytes_is_too_large(bool chunked) => IsRefused("payload_too_large", agent => Send(agent, Content(65537, chunked)));

    [Theory, InlineData(false), InlineData(true)]
    public async Task of_65536_bytes_is_none(bool chunked)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await (await Send(ana, Content(65536, chunked))).Json(HttpStatusCode.Created);
        Assert.Equal(65536 - Message("").Length, Assert.Single((await ana.Read()).Messages()).Body().Length);
    }

    [Theory, InlineData("text/plain"), InlineData("application/x-www-form-urlencoded"), InlineData("application/json; charset=iso-8859-1"),
        InlineData("application/json; charset=utf-16"), InlineData("nonsense"), InlineData("text/json")]
    public Task that_calls_itself_something_else_is_unsupported(string type) =>
        IsRefused("unsupported_media_type", agent => Send(agent, Content(100), type));

    [Theory, InlineData("gzip"), InlineData("identity, gzip"), InlineData("br, gzip")]
    public Task that_is_encoded_is_unsupported(string encoding) => IsRefused("unsupported_media_type", agent =>
    {
        var content = Content(100);
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return Send(agent, content);
    });

    [Theory, InlineData("application/json"), InlineData("Application/JSON; Charset=UTF-8"),
        InlineData("application/json;charset=\"utf-8\""), InlineData("application/json; charset=utf8"), InlineData(null)]
    public async Task that_calls_itself_json_is_none(string? type)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await (await Send(ana, Content(100), type)).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task that_says_that_nothing_was_done_to_it_is_none()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var content = Content(100);
        content.Headers.TryAddWithoutValidation("Content-Encoding", "identity");
        await (await Send(ana, content)).Json(HttpStatusCode.Created);
    }

    [Theory, InlineData(null), InlineData(""), InlineData(" "), InlineData("a b"), InlineData("é"), InlineData("a\tb"),
        InlineData("\u007f")]
    public Task without_a_key_is_malformed(string? key) => IsRefused(Malformed, agent => agent.Post(Message("x"), key));

    [Fact]
    public async Task for_its_key_is_one_with_256_characters_or_two_keys()
    {
        await IsRefused(Malformed, agent => agent.Say("x", new('k', 256)));
        await IsRefused(Malformed, agent =>
        {
            var request = Request(agent, Content(100), "application/json");
            request.Headers.Add("Idempotency-Key", "key");
            return agent.Send(request);
        });
    }

    [Theory, InlineData("!"), InlineData("~\"',;=")]
    public async Task for_its_key_is_none_with_visible_characters(string key)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await (await ana.Say("x", key)).Json(HttpStatusCode.Created);
        await (await ana.Say("x", key)).Json(HttpStatusCode.OK);
        await (await ana.Say("x", key.PadRight(255, 'k'))).Json(HttpStatusCode.Created);
    }

    private async Task IsRefused(string code, Func<TestAgent, Task<HttpResponseMessage>> attempt)
    {
        var service = await cluster.Service;
        var ana = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var before = await service.RecordOf(ana.RoomID);

        await (await attempt(ana)).IsRefused(code);

        Assert.Equal(before, await service.RecordOf(ana.RoomID));
        await (await ana.Say("afterwards", "key")).Json(HttpStatusCode.Created);
    }

    private static string Message(string body) => $$$"""{"type":"message_submitted","payload":{"body":"{{{body}}}"}}""";

    private static HttpContent Content(int bytes, bool chunked = false)
    {
        var text = Encoding.UTF8.GetBytes(Message(new('x', bytes - Message("").Length)));
        return chunked ? new StreamContent(new Unsized(text)) : new ByteArrayContent(text);
    }

    private static Task<HttpResponseMessage> Send(TestAgent agent, HttpContent content, string? type = "application/json") =>
        agent.Send(Request(agent, content, type));

    private static HttpRequestMessage Request(TestAgent agent, HttpContent content, string? type)
    {
        var request = agent.Request(HttpMethod.Post, agent.Messages);
        request.Content = content;
        _ = type is null || content.Headers.TryAddWithoutValidation("Content-Type", type);
        request.Headers.Add("Idempotency-Key", "key");
        return request;
    }

    /// Bytes whose number nobody is told before the end.
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
