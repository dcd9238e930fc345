using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Replaying;

public class TheProjectionsCommand(TestCluster cluster)
{
    [Fact]
    public async Task says_by_its_exit_code_whether_the_views_are_what_the_record_says()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        await service.NewRoomWithPresent(History.All);
        Task<(int ExitCode, string Output, string Errors)> Run(params string[] arguments) =>
            ParleProcess.Run(service.ConnectionString, ["projections", .. arguments]);

        var clean = await Run("check");
        await service.Execute("update parle.rooms set kind = 'forged'");
        var spoilt = await Run("check", "rooms", "timeline");
        var rebuilt = await Run("rebuild", "rooms");
        var after = await Run("check");
        var nonsense = await Run("rebuild", "rums");

        Assert.Equal((0, 1, 0, 0, 2), (clean.ExitCode, spoilt.ExitCode, rebuilt.ExitCode, after.ExitCode, nonsense.ExitCode));
        Assert.Contains("all as the record says", clean.Output, StringComparison.Ordinal);
        Assert.Contains("DIFFERS: 1 of", spoilt.Output, StringComparison.Ordinal);
        Assert.Contains("2 views", spoilt.Output, StringComparison.Ordinal);
        Assert.Contains("\"forged\"", spoilt.Output, StringComparison.Ordinal);
        Assert.Contains("1 put right", rebuilt.Output, StringComparison.Ordinal);
        Assert.Contains("Usage: projections", nonsense.Errors, StringComparison.Ordinal);
    }
}
