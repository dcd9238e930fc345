using System.Net;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class ModerationOfARoom(TestCluster cluster)
{
    [Theory]
    [InlineData("moderation", """{"active":null}""")]
    [InlineData("moderation/history", """{"versions":[],"change_event_type":"moderation_policy_changed"}""")]
    public async Task is_none_and_says_so_to_members(string what, string answer)
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2);
        var path = $"/v/rooms/{room.RoomID}/{what}";
        Assert.Equal(answer, (await (await room.Owner.Get(path)).Json(HttpStatusCode.OK)).GetRawText());
        Assert.Equal(answer, (await (await room.Agents[1].Send(HttpMethod.Get, path)).Json(HttpStatusCode.OK)).GetRawText());
        await (await room.People[1].Get(path)).IsRefusedAsNothing();
        await (await room.Owner.Post($"/v/rooms/{room.RoomID}/{what}", "{}")).IsRefused("method_not_allowed");
    }
}
