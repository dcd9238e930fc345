using System.Net;
using System.Text;
using System.Text.Json;
using Parle.Tests.Service;

namespace Parle.Tests.Asks;

/// A client that knows nothing of asks: it reads what is offered, prefers what it was told to prefer, and sends it as it stands.
public class AGenericClient(TestCluster cluster)
{
    public static TheoryData<string, string, string, string> Kinds => new()
    {
        { "help", "claim_ask answer_ask", "accept_answer", "closed" },
        { "logs", "claim_ask answer_ask", "accept_answer", "closed" },
        { "review", "claim_ask answer_ask", "accept_answer", "closed" },
        { "approval", "decide_approval", "consume_approval", "consumed" },
    };

    [Theory, MemberData(nameof(Kinds))]
    public async Task completes_an_ask_by_following_what_is_offered(string kind, string otherPrefers, string askerPrefers, string end)
    {
        var room = await (await cluster.Service).NewRoomWithKin();
        var (asker, other) = (room.Agents[0], room.Agents[2]);
        var ask = await asker.Opens(Asking.Of(kind));

        // The asker first: until an approval is used, who decided is offered to decide otherwise.
        while (await Follow(asker, [askerPrefers]) || await Follow(other, otherPrefers.Split(' ')))
        {
        }

        Assert.Equal(end, await asker.StateOf(ask));
    }

    /// Does the first of what it prefers that it is offered; false when that is nothing.
    private static async Task<bool> Follow(TestAgent agent, string[] prefers)
    {
        using var list = await agent.Send(HttpMethod.Get, $"/v/rooms/{agent.RoomID}/affordances");
        var offered = (await list.Json(HttpStatusCode.OK)).GetProperty("affordances").EnumerateArray()
            .Where(row => row.GetProperty("allowed").GetBoolean()).ToList();
        var row = prefers.Select(action => offered.FirstOrDefault(row => row.GetProperty("action").GetString() == action))
            .FirstOrDefault(row => row.ValueKind is JsonValueKind.Object);
        if (row.ValueKind is JsonValueKind.Undefined)
        {
            return false;
        }

        using var request = agent.Request(new(row.GetProperty("method").GetString()!), row.GetProperty("href").GetString()!);
        var headers = row.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!);
        request.Content = row.TryGetProperty("body", out var body)
            ? new StringContent(body.GetRawText(), Encoding.UTF8, headers["Content-Type"]) : null;
        foreach (var (name, value) in headers.Where(header => header.Key != "Content-Type"))
        {
            request.Headers.Add(name, value);
        }

        await (await agent.Send(request)).Json(HttpStatusCode.Created);
        return true;
    }
}
