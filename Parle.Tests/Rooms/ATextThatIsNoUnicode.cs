using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Rooms;

/// A lone surrogate is JSON, but no text.
public class ATextThatIsNoUnicode(TestCluster cluster)
{
    [Theory]
    [InlineData("""{"type":"message_submitted","payload":{"body":"\ud800"}}""", "validation_failed")]
    [InlineData("""{"type":"message_submitted","payload":{"body":"hello","\ud800":1}}""", "malformed_request")]
    [InlineData("""{"type":"message_submitted","payload":{"body":"hello"},"addressing":{"audience":"direct","to":"\ud800"}}""",
        "malformed_request")]
    [InlineData("""{"type":"message_submitted","payload":{"body":"hello"},"addressing":{"audience":"direct","to":["\ud800"]}}""",
        "malformed_request")]
    [InlineData("""{"type":"message_submitted","payload":{"body":"hello"},"addressing":{"audience":"\ud800"}}""", "malformed_request")]
    [InlineData("""{"type":"\ud800","payload":{"body":"hello"}}""", "malformed_request")]
    [InlineData("""{"type":"message_submitted","payload":{"body":"hello"},"\ud800":1}""", "malformed_request")]
    public async Task is_refused_wherever_it_stands(string message, string code)
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission);
        await (await room.Agents[0].Post(message, "key")).Refuses(code);
    }
}
