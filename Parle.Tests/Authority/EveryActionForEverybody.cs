using System.Text;
using System.Text.Json;
using Parle.Api;
using Parle.Api.Accounts;
using Parle.Api.Invitations;
using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Api.Sessions;
using Parle.Tests.Service;

namespace Parle.Tests.Authority;

/// Every row of the registry, tried by everybody who could come to the door.
public class EveryActionForEverybody(TestCluster cluster)
{
    // Visitors without standing in the room of the path; for them it is like one that does not exist (law 9).
    private static readonly string[] outsiders = ["nobody", "a made-up token", "a revoked token", "another room's agent",
        "an ex-member's agent", "signed out", "a stranger", "an ex-member", "another room's auditor"];

    [Fact]
    public async Task is_let_in_or_turned_away_as_the_table_says()
    {
        var service = await cluster.Service;
        var rows = new string[Actions.All.Count];
        var lasting = await Site.Build(service); // For what changes nothing that others name.
        foreach (var (i, action) in Actions.All.Index())
        {
            rows[i] = await RowOf(action, IsRepeatable(action) ? lasting : await Site.Build(service), service);
        }

        var table = new StringBuilder("# Who is let in\n\nWhat each action of the registry answers to whom, and how it refuses the others. "
            + "Tried against the running service by the tests.\n\n")
            .Append("| action | ").AppendJoin(" | ", Site.Columns).Append(" |\n|---|")
            .Append(string.Concat(Site.Columns.Select(_ => "---|"))).Append('\n').AppendJoin('\n', rows).Append('\n');
        Golden.Golden.Matches("access.md", table.ToString());
    }

    [Fact]
    public async Task who_has_no_standing_in_a_room_cannot_tell_it_from_one_that_is_not_there()
    {
        var site = await Site.Build(await cluster.Service);
        foreach (var action in Actions.All.Where(action => action.InRoom))
        {
            foreach (var (visitor, column) in site.Visitors.Zip(Site.Columns).Where(pair => outsiders.Contains(pair.Second)))
            {
                Assert.True(
                    await Bytes(visitor, site.Call(action)) is var there && there == await Bytes(visitor, site.CallElsewhere(action)),
                    $"{action.Id} tells {column}: {there}");
            }
        }
    }

    private static bool IsRepeatable(ParleAction action) => action.IsSafe
        || (Actions.PathParametersOf(action).All(parameter => parameter.Name == "room") && action.Method == "POST"
            && action != InvitationActions.Join && action != AccountActions.Logout && action != SessionActions.EnterRoom
            && action != RoomActions.SeatAgent);

    private static async Task<string> RowOf(ParleAction action, Site site, ParleService service)
    {
        var cells = new List<string>();
        foreach (var column in Enumerable.Range(0, Site.Columns.Count))
        {
            var (method, path, body) = site.Call(action);
            using var answer = await site.Visitors[column].Send(method, path, body);
            cells.Add(await CellOf(answer));
            if (answer.IsSuccessStatusCode && !IsRepeatable(action))
            {
                site = await Site.Build(service); // Its effects may be in the way of the next one.
            }
        }

        return $"| `{action.Id}` | {string.Join(" | ", cells)} |";
    }

    private static async Task<string> CellOf(HttpResponseMessage answer)
    {
        if (answer.IsSuccessStatusCode)
        {
            return $"**{(int)answer.StatusCode}**";
        }

        var error = JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("error");
        return $"{(int)answer.StatusCode} "
            + $"{error.GetProperty("code").GetString()}"
            + $"{(error.TryGetProperty("reason", out var reason) ? $" ({reason.GetString()})" : "")}";
    }

    private static async Task<string> Bytes(Visitor visitor, (HttpMethod Method, string Path, string? Body) call)
    {
        using var answer = await visitor.Send(call.Method, call.Path, call.Body);
        return $"{(int)answer.StatusCode}\n{answer.Headers}{answer.Content.Headers}"
            + $"{await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}";
    }
}
