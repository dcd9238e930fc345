using System.Net;
using Npgsql;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class EndingASession(TestCluster cluster)
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task answers_nothing(bool saysThatItSendsNothing)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var path = $"/v/agent/sessions/{ana.SessionID}/end";
        await (saysThatItSendsNothing ? await ana.SendNothing(path) : await ana.Send(HttpMethod.Post, path))
            .IsEmptyWith(HttpStatusCode.NoContent);
    }

    [Theory, InlineData("end"), InlineData("heartbeat")]
    public async Task needs_the_callers_own_session_in_the_path(string what)
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        foreach (var other in (string[])[$"{ben.SessionID}", $"{Guid.CreateVersion7()}", "nonsense", $"{ana.SessionID}x"])
        {
            await (await ana.Send(HttpMethod.Post, $"/v/agent/sessions/{other}/{what}")).IsRefused("agent_session_mismatch");
        }

        await ana.Read();
        await ben.Read();
    }

    [Fact]
    public async Task twice_is_answered_as_any_later_use()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var path = $"/v/agent/sessions/{ana.SessionID}/end";
        await ana.Send(HttpMethod.Post, path);
        await (await ana.Send(HttpMethod.Post, path)).IsRefused("agent_session_ended");
    }

    [Fact]
    public async Task at_the_same_moment_from_several_sides_ends_it_once()
    {
        var service = await cluster.Service;
        var ana = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => ana.Send(HttpMethod.Post, $"/v/agent/sessions/{ana.SessionID}/end")));

        Assert.Contains(answers, answer => answer.StatusCode is HttpStatusCode.NoContent);
        Assert.All(answers, answer => Assert.True(
            answer.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.Unauthorized or HttpStatusCode.ServiceUnavailable));
        Assert.Equal(2, (await service.RecordOf(ana.SessionID)).Facts); // It started, and it ended.
    }

    [Fact]
    public async Task takes_it_out_of_its_room()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await (await ben.Say("still there?", to: ana.Address)).Json(HttpStatusCode.Created);

        await ana.Send(HttpMethod.Post, $"/v/agent/sessions/{ana.SessionID}/end");
        await Left(service, ana.ParticipantID);

        await (await ben.Say("still there?", to: ana.Address)).IsRefused("address_not_deliverable");
    }

    private static async Task Left(ParleService service, Guid participantID)
    {
        await using var database = NpgsqlDataSource.Create(service.ConnectionString);
        await using var command = database.CreateCommand("select left_at is not null from parle.participants where participant_id = $1");
        command.Parameters.Add(new() { Value = participantID });
        await Crash.Until.Holds(async () => await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) is true);
    }
}
