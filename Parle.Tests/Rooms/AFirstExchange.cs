using System.Net;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Rooms;

public class AFirstExchange(TestCluster cluster)
{
    [Fact]
    public async Task reaches_the_other_agent_once()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);

        var first = await (await ana.Say("hello", "key-1")).Json(HttpStatusCode.Created);
        var again = await (await ana.Say("hello", "key-1")).Json(HttpStatusCode.OK);
        var page = await ben.Read();

        Assert.Equal(first.GetProperty("event_id").GetGuid(), again.GetProperty("event_id").GetGuid());
        Assert.Equal("hello", Assert.Single(page.Messages()).Body());
    }
}
