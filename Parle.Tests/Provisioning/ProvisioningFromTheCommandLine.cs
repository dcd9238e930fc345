using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Npgsql;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Provisioning;

public class ProvisioningFromTheCommandLine(TestCluster cluster)
{
    private const string Wanted = """
        {
          "principals": [{ "handle": "ana", "display_name": "Ana" }, { "handle": "ben" }],
          "agents": [{ "principal": "ana", "handle": "builder" }, { "principal": "ben", "handle": "helper", "display_name": "Help" }],
          "rooms": [{
            "handle": "build", "owner": "ana", "kind": "shared",
            "seats": [{ "agent": "@ana.builder", "history": "all" }, { "agent": "@ben.helper" }],
            "tokens": [{ "agent": "@ana.builder" }, { "agent": "@ben.helper", "scopes": ["participate"] }]
          }]
        }
        """;

    [Fact]
    public async Task makes_everything_once_beside_a_running_service()
    {
        var database = await cluster.NewDatabase();
        await using var service = await ParleProcess.Start(database);

        var made = await Provision(database, ["-"], Wanted);

        made.HasExactly("base", "principals", "agents", "rooms");
        Assert.StartsWith("http://127.0.0.1:", made.Text("base"));
        Assert.All(made.GetProperty("principals").EnumerateArray(),
            principal => { principal.HasExactly("handle", "principal_id"); principal.IsUuid("principal_id"); });
        Assert.Equal(["ana", "ben"], made.GetProperty("principals").EnumerateArray().Select(principal => principal.Text("handle")));
        Assert.All(
            made.GetProperty("agents").EnumerateArray(), agent => { agent.HasExactly("handle", "agent_id"); agent.IsUuid("agent_id"); });
        Assert.Equal(["@ana.builder", "@ben.helper"], made.GetProperty("agents").EnumerateArray().Select(agent => agent.Text("handle")));
        var room = Assert.Single(made.GetProperty("rooms").EnumerateArray());
        room.HasExactly("handle", "room_id", "tokens");
        Assert.Equal("build", room.Text("handle"));
        Assert.All(Tokens(made), token => { token.HasExactly("agent", "agent_token_id", "token"); token.IsUuid("agent_token_id"); });

        // The running service knows them at once.
        var ana = new TestAgent(service.Client(), room.GetProperty("room_id").GetGuid(), Tokens(made)[0].Text("token"));
        await ana.StartSession();
        await ana.Enter();
        await (await ana.Say("hello")).Json(HttpStatusCode.Created);

        // A second time nothing is new, and no token can be shown again.
        var facts = await Facts(database);
        var file = Path.Combine(Path.GetTempPath(), $"parle-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, Wanted);
        var again = await Provision(database, [file]);
        Assert.Equal(facts, await Facts(database));
        Assert.All(Tokens(again), token => token.HasExactly("agent", "agent_token_id"));
        Assert.Equal(
            Tokens(made).Select(token => token.Text("agent_token_id")), Tokens(again).Select(token => token.Text("agent_token_id")));

        // Unless new ones are asked for; the older ones stay valid.
        var renewed = await Provision(database, ["--new-tokens", file]);
        Assert.Equal(facts + 2, await Facts(database));
        Assert.Empty(Tokens(made).Select(token => token.Text("token")).Intersect(Tokens(renewed).Select(token => token.Text("token"))));
        await ana.Read();
        File.Delete(file);
    }

    [Fact]
    public async Task refuses_with_one_line_and_nothing_else()
    {
        var database = await cluster.NewDatabase();
        var facts = await Facts(database);
        foreach (var (arguments, input, says) in (IEnumerable<(string[], string, string)>)
            [
                (["-"], """{"principals":[{"handel":"ana"}]}""", "handel"),
                (["-"], """{"principals":[{"display_name":"Ana"}]}""", "handle"),
                (["-"], """{"agents":[{"principal":"nobody","handle":"helper"}]}""", "there is no principal nobody"),
                (["-"], """{"principals":[{"handle":"Ana!"}]}""", "handle"),
                (["-"], "not json", "invalid"),
                (["no-such-file.json"], "", "no-such-file.json"),
                (["-"], """{"rooms":[{"handle":"build","owner":"ana","kind":"public"}]}""", "shared"),
                (["-"], """{"principals":[{"handle":"ana"},{"handle":"ana"}],"agents":[{"principal":"ana","handle":"a b"}]}""", "agent"),
                (["-"], """
                    {"principals":[{"handle":"ana"}],"agents":[{"principal":"ana","handle":"builder"}],"operators":[{"label":"night"}],
                     "rooms":[{"handle":"build","owner":"ana","seats":[{"agent":"@ana.builder"}],"tokens":[{"agent":"@ana.builder"}],"auditors":[{"label":"year end"}]},
                              {"handle":"other","owner":"nobody"}]}
                    """, "there is no principal nobody"),
                (["-"],
                    """{"principals":[{"handle":"ana"},{"handle":"ben"}],"rooms":[{"handle":"build","owner":"ana","seats":[{"principal":"ben","rights":["fly"]}]}]}""",
                    "rights are"),
                (["-"], """{"principals":[{"handle":"ana","email":"ana@example.org"},{"handle":"ben","email":"ana@example.org"}]}""",
                    "ben"),
            ])
        {
            var (exitCode, output, errors) = await ParleProcess.Run(database, ["provision", .. arguments], input);

            Assert.Equal((1, ""), (exitCode, output));
            Assert.Contains(
                says, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(facts, await Facts(database));
    }

    /// A reader that went away takes no token with it: what nobody was told is not good, and is made by the next run.
    [Theory]
    [InlineData("| true"), InlineData("> /dev/full"), InlineData(">&-")]
    public async Task makes_no_token_that_nobody_was_told(string output)
    {
        var (database, data) = (await cluster.NewDatabase(), Directory.CreateTempSubdirectory("parle-test-"));
        var file = Path.Combine(data.FullName, "people.json");
        await File.WriteAllTextAsync(file, Wanted, TestContext.Current.CancellationToken);
        var start =
            new ProcessStartInfo("bash", ["-c", $"dotnet '{ParleProcess.Program}' provision '{file}' {output}; exit ${{PIPESTATUS[0]}}"])
            { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in ((string, string)[])[("ASPNETCORE_ENVIRONMENT", "Testing"), ("ConnectionStrings__Parle", database),
            ("PARLE_SERVER_KEY", ParleService.ServerKey)])
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 1, errors);
        Assert.Contains("again", Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal(0, await Count(database, "select count(*) from parle.agent_tokens"));
        Assert.All(Tokens(await Provision(database, [file])), token => Assert.StartsWith("parle_agt_", token.Text("token")));
        Assert.Equal(2, await Count(database, "select count(*) from parle.agent_tokens"));
        data.Delete(recursive: true);
    }

    /// An unreadable description makes nothing: no folder, no database, no key.
    [Theory]
    [InlineData("provision nofile.json"), InlineData("provision -"), InlineData("room import nofile.ndjson --keys nokeys.json"),
        InlineData("room import nofile.ndjson")]
    public async Task makes_nothing_at_all_where_there_is_nothing_to_read(string arguments)
    {
        var data = Directory.CreateTempSubdirectory("parle-test-");
        var folder = Path.Combine(data.FullName, "data");
        var (exitCode, output, errors) = await ParleProcess.Run(
            "", arguments.Split(' '), "", ("PARLE_DATA", folder), ("PARLE_SERVER_KEY", ""));

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(Directory.Exists(folder), errors);
        data.Delete(recursive: true);
    }

    /// A description that says a thing twice has it once; only the first is told the secret, as if it had been run twice.
    [Fact]
    public async Task makes_once_what_is_said_twice()
    {
        var made = await Provision(await cluster.NewDatabase(), ["-"], """
            {"principals":[{"handle":"ana"},{"handle":"ana"}],"agents":[{"principal":"ana","handle":"builder"},{"principal":"ana","handle":"builder"}],
             "rooms":[{"handle":"build","owner":"ana","seats":[{"agent":"@ana.builder"}],"tokens":[{"agent":"@ana.builder"},{"agent":"@ana.builder"}]},
                      {"handle":"build","owner":"ana"}]}
            """);

        Assert.Single(made.GetProperty("principals").EnumerateArray().Select(principal => principal.Text("principal_id")).Distinct());
        Assert.Single(made.GetProperty("rooms").EnumerateArray().Select(room => room.Text("room_id")).Distinct());
        Assert.Single(Tokens(made).Select(token => token.Text("agent_token_id")).Distinct());
        Assert.Equal([true, false], Tokens(made).Select(token => token.TryGetProperty("token", out _)));
    }

    private static async Task<JsonElement> Provision(string database, string[] arguments, string input = "")
    {
        var (exitCode, output, errors) = await ParleProcess.Run(database, ["provision", .. arguments], input);
        Assert.True(exitCode == 0, errors);
        return JsonElement.Parse(output);
    }

    private static IReadOnlyList<JsonElement> Tokens(JsonElement provisioned) =>
        [.. provisioned.GetProperty("rooms")[0].GetProperty("tokens").EnumerateArray()];

    private static Task<long> Facts(string connectionString) => Count(connectionString, "select count(*) from parle.mt_events");

    private static async Task<long> Count(string connectionString, string sql)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
