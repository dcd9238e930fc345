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

    [Fact]
    public async Task shows_long_pages_over_its_connections()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission);
        var said = Enumerable.Range(0, 40).Select(i => $"{i} {new string('x', 20 * i * i)}").ToList();
        foreach (var body in said)
        {
            await (await room.Agents[0].Say(body)).Json(HttpStatusCode.Created);
        }

        await using var process = await ParleProcess.Start(service.ConnectionString);
        var there = room.Agents[0].At(process.Client());
        for (var since = 0; since <= said.Count; since += 8)
        {
            var rows = new List<string>();
            for (var page = await there.Read(since); page.Messages().Count > 0;
                page = await there.Read(page.GetProperty("watermark").GetInt64()))
            {
                rows.AddRange(page.Messages().Select(row => row.Body()));
            }

            Assert.Equal(said[since..], rows);
        }
    }

    [Fact]
    public async Task answers_those_who_wait_before_it_stops()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission);
        await using var process = await ParleProcess.Start(
            service.ConnectionString, ("Logging__LogLevel__Microsoft.AspNetCore.Hosting.Diagnostics", "Information"));
        var waiting = room.Agents[0].At(process.Client()).Read(since: 0, wait: 30);
        await process.Says("wait=30");

        Assert.Equal(0, await process.Terminate());

        Assert.Empty((await waiting).Messages());
    }

    [Fact]
    public async Task answers_every_message_it_took_before_it_stops()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.All, History.All);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await using var process = await ParleProcess.Start(service.ConnectionString);
        var there = ana.At(process.Client());

        var saying = Enumerable.Range(0, 60).Select(i => Say(there, $"{i}")).ToList();
        await Task.WhenAny(saying);
        Assert.Equal(0, await process.Terminate());

        var answered = (await Task.WhenAll(saying)).OfType<string>().Order();
        Assert.NotEmpty(answered);
        Assert.Equal(answered, (await ben.Read()).Messages().Where(row => row.GetProperty("event_type").GetString() is "message_submitted")
            .Select(row => row.Body()).Order());
    }

    // The answer of a 201, or null when the service did not accept it any more.
    private static async Task<string?> Say(TestAgent agent, string body)
    {
        try
        {
            var answer = await agent.Say(body);
            Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.ServiceUnavailable, $"{answer.StatusCode}");
            return answer.StatusCode is HttpStatusCode.Created ? body : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
