using Parle.Domain.Rooms;
using Parle.Tests.Laws;
using Parle.Tests.Service;
using Parle.Tests.Tidiness;

namespace Parle.Tests.Samples;

public class TheSampleAgents(TestCluster cluster)
{
    [Fact]
    public async Task ask_answer_and_decide_with_nothing_but_a_base_url_and_a_token()
    {
        var service = await cluster.Service;
        var room = await service.NewRoom(History.FromAdmission, History.FromAdmission, History.FromAdmission);
        await using var process = await ParleProcess.Start(service.ConnectionString);

        using var builder = AgentProcess.Start("BuildAgent", process.Address, room.Agents[0].Token);
        using var reviewer = AgentProcess.Start("ReviewAgent", process.Address, room.Agents[1].Token);
        using var other = AgentProcess.Start("ReviewAgent", process.Address, room.Agents[2].Token);
        var printed = new List<string>();
        await foreach (var ended in Task.WhenEach(builder.Output(), reviewer.Output(), other.Output()))
        {
            printed.Add(await ended);
        }

        Assert.Contains(printed, lines => lines.Contains("A second use is not possible: ask_is_consumed.", StringComparison.Ordinal));
        Assert.Equal(
            [
                "ask_opened", "ask_claimed", "ask_answered", "ask_accepted", // Logs.
                "ask_opened", "ask_claimed", "ask_answered", "ask_accepted", // A review.
                "ask_opened", "ask_decided", "ask_decided", "ask_consumed", // An approval, used once.
            ],
            await service.Rows("select type from parle.mt_events where stream_id = $1 and type like 'ask%' order by version",
                row => row.GetString(0), room.RoomID));
        Assert.Equal(2, await service.Scalar<long>(
            """
            select count(distinct decided.headers->>'principal') from parle.mt_events decided
            where decided.stream_id = $1 and decided.type = 'ask_decided' and decided.headers->>'principal' not in
                (select opened.headers->>'principal' from parle.mt_events opened where opened.stream_id = $1 and opened.type = 'ask_opened')
            """,
            room.RoomID));
        Assert.Equal(3, await service.Count(room.RoomID, "participant_left"));
    }

    [Fact]
    public void know_no_address_beforehand()
    {
        var files = SourceFiles.All(".cs").Where(file => file.StartsWith("samples", StringComparison.Ordinal)).ToList();

        Assert.Contains(files, file => Path.GetFileName(file) == "OpenApi.cs");
        Assert.Empty(
            from file in files
            from line in SourceFiles.Lines(file).Index()
            where line.Item.Contains("/v/", StringComparison.OrdinalIgnoreCase)
            select $"{file}:{line.Index + 1}: {line.Item.Trim()}");
    }
}
