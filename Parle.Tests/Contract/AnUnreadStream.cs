using System.Net;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

/// A client may open a stream and never look at it.
public class AnUnreadStream(TestCluster cluster)
{
    private const int Messages = 3000;
    private static readonly string words = new('x', 2000);

    [Fact]
    public async Task slows_nobody_and_loses_no_work()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        await using var process = await ParleProcess.Start(service.ConnectionString);
        var (ana, ben) = (room.Agents[0].At(process.Client()), room.Agents[1].At(process.Client()));
        using var hints = await ben.Send(HttpMethod.Get, "/v/agent/wake");
        using var rows = await ben.Send(HttpMethod.Get, $"/v/rooms/{room.RoomID}/stream");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (hints.StatusCode, rows.StatusCode));

        // More bytes than any connection holds on to by itself.
        await Parallel.ForAsync(0, Messages, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
            await (await ana.Say($"{i} {words}", to: ben.Address)).Json(HttpStatusCode.Created));

        var drained = new List<int>();
        while ((await ben.Drain()).Messages() is { Count: > 0 } work)
        {
            drained.AddRange(work.Select(row => int.Parse(row.Body().Split(' ')[0])));
            await (await ben.Ack(work[^1])).Json(HttpStatusCode.OK);
        }

        Assert.Equal(Enumerable.Range(0, Messages), drained.Order());
        Assert.Equal(0, await process.Terminate());
    }
}
