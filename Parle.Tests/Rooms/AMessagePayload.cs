using System.Text.Json;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Tests.Rooms;

public class AMessagePayload
{
    [Theory]
    [InlineData("""{"body":"hello"}""", """{"body":"hello"}""")]
    [InlineData("""{ "turn": 1.0, "body": "" }""", """{"body":"","turn":1}""")]
    [InlineData("""{"body":"a literal \\u0000 in six letters"}""", """{"body":"a literal \\u0000 in six letters"}""")]
    [InlineData("""{"body":"x","addressing":{"to":["@a.b"],"audience":"direct"}}""",
        """{"addressing":{"audience":"direct","to":["@a.b"]},"body":"x"}""")]
    public void is_kept_whole_in_its_canonical_form(string sent, string canonical)
    {
        Assert.Null(MessagePayload.Read(JsonElement.Parse(sent), out var kept));
        Assert.Equal(canonical, kept);
    }

    [Theory]
    [InlineData("[]", "object")]
    [InlineData("null", "object")]
    [InlineData("\"body\"", "object")]
    [InlineData("{}", "body")]
    [InlineData("""{"body":null}""", "body")]
    [InlineData("""{"body":{"text":"hello"}}""", "body")]
    [InlineData("""{"Body":"hello"}""", "body")]
    [InlineData("""{"body":"a\u0000b"}""", "U+0000")]
    [InlineData("""{"body":"x","deep":[{"k\u0000":1}]}""", "U+0000")]
    [InlineData("""{"body":"\ud800"}""", "surrogate")]
    [InlineData("""{"\ud800":1,"body":"x"}""", "surrogate")]
    [InlineData("""{"body":"x","\ud800":1}""", "surrogate")]
    [InlineData("""{"body":"x","n":9007199254740993}""", "2^53")]
    [InlineData("""{"body":"x","n":1e400}""", "double")]
    public void is_refused_with_the_reason(string sent, string because)
    {
        var refusal = MessagePayload.Read(JsonElement.Parse(sent), out var kept);
        Assert.Equal(Refusals.ValidationFailed with { Detail = refusal?.Detail }, refusal);
        Assert.Contains(because, refusal!.Detail, StringComparison.Ordinal);
        Assert.Empty(kept);
    }
}
