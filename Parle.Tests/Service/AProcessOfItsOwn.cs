using System.Net;
using Parle.Domain.Rooms;

namespace Parle.Tests.Service;

public class AProcessOfItsOwn(TestCluster cluster)
{
    [Fact]
    public async Task serves_until_it_is_asked_to_stop()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission);
        await using var process = await ParleProcess.Start(service.ConnectionString);

        await (await room.Agents[0].At(process.Client()).Say("hello")).Json(HttpStatusCode.Created);

        Assert.Equal(0, await process.Terminate());
        Assert.Equal("hello", Assert.Single((await room.Agents[0].Read()).Messages()).Body());
    }
}
