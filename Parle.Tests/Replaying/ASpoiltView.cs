using System.Net;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Parle.Domain.Rooms;
using Parle.Projections;
using Parle.Tests.Asks;
using Parle.Tests.Auditing;
using Parle.Tests.Contract;
using Parle.Tests.Invitations;
using Parle.Tests.Laws;
using Parle.Tests.Service;
using Weasel.Postgresql.Tables;

namespace Parle.Tests.Replaying;

/// One row of it was altered by hand.
public class ASpoiltView(TestCluster cluster)
{
    // Rows that no fact made, for views which have none here.
    private static readonly Dictionary<string, (string Row, string Key)> Forged = new()
    {
        ["identities"] =
            ("insert into parle.identities (hash, kind, principal_id, linked_at) values ('forged', 'email', gen_random_uuid(), now())",
                """{"hash": "forged"}"""),
        ["redactions"] = (
            $"insert into parle.redactions (shown_at, event_id, fact_id, seat_id, reason) values ('{Guid.Empty}', gen_random_uuid(), "
            + "gen_random_uuid(), gen_random_uuid(), 'forged')",
            $$"""{"shown_at": "{{Guid.Empty}}"}"""),
    };

    [Fact]
    public async Task is_named_by_a_check_and_put_right_by_a_rebuild_while_everybody_goes_on()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        await Guests.ComeAndGo(service);
        var before = await service.NewRoomWithPresent(History.All, History.All);
        await before.Agents[0].Claim("desk", 0);
        await before.Agents[1].Opens(Asking.Of("help").To([before.Agents[0]]));
        await service.IsSettled();
        var spoilt = new List<(View View, string Key)>();
        foreach (var view in Views.Named())
        {
            spoilt.Add((view, await Spoil(service, view.Projection.Tables[0])));
        }

        using var enough = new CancellationTokenSource();
        using var over = new CancellationTokenSource();
        var room = await service.NewRoomWithPresent(History.All, History.All);
        var (writing, reading) = (Write(room.Agents[0], enough.Token), Read(room.Agents[1], over.Token));
        var found = await service.Check();
        var replaced = await service.Rebuild();
        var after = await service.Check();
        await enough.CancelAsync();
        var said = await writing;
        await over.CancelAsync();

        Assert.Equal(
            spoilt.Select(row => (row.View.Name, 1L, row.Key)), found.Select(view => (view.View.Name, view.Differing, view.First!.Key)));
        Assert.Equal(
            spoilt.Select(row => (row.View.Name, 1L, row.Key)), replaced.Select(view => (view.View.Name, view.Differing, view.First!.Key)));
        Assert.All(after, view => Assert.True(view.Agrees, $"{view.View}: {view.First}"));
        await service.Host.Services.GetRequiredService<IDocumentStore>().Storage.Database
            .AssertDatabaseMatchesConfigurationAsync(TestContext.Current.CancellationToken);
        Assert.Equal(said, await reading);
    }

    /// Alters the first row that there is, or brings one in that no fact made; answers its key.
    private static async Task<string> Spoil(ParleService service, Table table)
    {
        var name = table.Identifier.QualifiedName;
        if (await service.Scalar<long>($"select count(*) from {name}") == 0)
        {
            await service.Execute(Forged[table.Identifier.Name].Row);
            return Forged[table.Identifier.Name].Key;
        }

        var key = string.Join(", ", table.PrimaryKeyColumns);
        var row = await service.Scalar<string>($"select to_jsonb(k)::text from (select {key} from {name} order by ctid limit 1) k");
        var column = table.Columns.First(column => !column.IsPrimaryKey && column.Type is "text" or "timestamptz" or "uuid"
            && !table.PrimaryKeyColumns.Contains(column.Name));
        var other = column.Type switch { "text" => "'forged'", "uuid" => "gen_random_uuid()", _ => "now()" };
        await service.Execute($"update {name} set {column.Name} = {other} where ctid = (select ctid from {name} order by ctid limit 1)");
        return row;
    }

    private static async Task<IReadOnlyList<string>> Write(TestAgent agent, CancellationToken over)
    {
        var said = new List<string>();
        while (!over.IsCancellationRequested)
        {
            said.Add((await (await agent.Say($"{said.Count}")).Json(HttpStatusCode.Created)).Text("event_id"));
        }

        return said;
    }

    /// Every page, from the first to the last, is a piece of the one conversation.
    private static async Task<IReadOnlyList<string>> Read(TestAgent agent, CancellationToken over)
    {
        var (read, since, last) = (new List<string>(), 0L, false);
        while (!last)
        {
            last = over.IsCancellationRequested; // Once more after the last word.
            for (var more = true; more;)
            {
                var page = await agent.Read(since);
                var rows = page.Messages().ToList();
                Assert.Equal(Enumerable.Range(1, rows.Count).Select(i => since + i), rows.Select(row => row.GetProperty("seq").GetInt64()));
                read.AddRange(rows.Where(row => row.Text("event_type") == "message_submitted").Select(row => row.Text("event_id")));
                since += rows.Count;
                more = rows.Count > 0;
            }
        }

        return read;
    }
}
