using System.Net;
using Parle.Api;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class ReadingAffordances(TestCluster cluster)
{
    [Fact]
    public async Task names_every_action_and_whether_it_would_be_let_through()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];

        var answer = await (await ana.Send(HttpMethod.Get, $"/v/rooms/{ana.RoomID}/affordances")).Json(HttpStatusCode.OK);

        answer.HasExactly("affordances");
        var rows = answer.GetProperty("affordances").EnumerateArray().ToList();
        Assert.All(rows, row => row.HasExactly(row.GetProperty("allowed").GetBoolean() ? ["action", "method", "path", "allowed"] : ["action", "method", "path", "allowed", "reason", "unlock"]));
        Assert.Equal(
            Actions.All.Where(action => action.Access > Access.Anyone).Select(action => (action.Id, action.Method, action.Path)),
            rows.Select(row => (row.Text("action"), row.Text("method"), row.Text("path"))));
        Assert.All(rows, row => Assert.True(row.GetProperty("allowed").GetBoolean(), row.GetRawText()));
    }
}
