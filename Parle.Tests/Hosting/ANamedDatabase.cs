using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;
using Parle.Tests.Service;

namespace Parle.Tests.Hosting;

public class ANamedDatabase(TestCluster cluster)
{
    [Fact]
    public async Task without_a_schema_is_left_alone_until_it_is_applied()
    {
        var database = await cluster.EmptyDatabase();
        await using (var early = ParleProcess.Launch(database, []))
        {
            await early.Answers("/health/live", HttpStatusCode.OK);
            using var client = early.Client();
            var ready = await client.GetAsync("/health/ready");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Contains("db-apply", await ready.Content.ReadAsStringAsync());
            Assert.Equal(0, await early.Terminate());
        }

        var (refused, nothing, why) = await ParleProcess.Run(database, ["provision", "-"], "{}");
        Assert.Equal((1, ""), (refused, nothing));
        Assert.Contains("db-apply", Assert.Single(why.Split('\n', StringSplitOptions.RemoveEmptyEntries)));

        var (exitCode, output, errors) = await ParleProcess.Run(database, ["db-apply"]);
        Assert.True(exitCode == 0, output + errors);

        await using var service = await ParleProcess.Start(database);
        Assert.Equal(0, await service.Terminate());
    }

    [Theory]
    [InlineData("drop index parle.sign_in_codes_expiry")]
    [InlineData("alter table parle.wolverine_dead_letters drop column exception_message")]
    [InlineData("alter table parle.mt_events disable trigger record_keeps_facts")]
    [InlineData("drop function parle.erase")]
    public async Task that_lost_something_since_it_was_found_current_is_not_ready(string loss)
    {
        var database = await cluster.NewDatabase();
        await using (await ParleProcess.Start(database))
        {
        }

        await using var owner = NpgsqlDataSource.Create(database);
        await using (var seen = owner.CreateCommand("select obj_description('parle'::regnamespace)"))
        {
            Assert.StartsWith("current for", await seen.ExecuteScalarAsync() as string);
        }

        await using (var lose = owner.CreateCommand(loss))
        {
            await lose.ExecuteNonQueryAsync();
        }

        await using var service = ParleProcess.Launch(database, []);
        await service.Answers("/health/live", HttpStatusCode.OK);
        using var client = service.Client();
        using var answer = await client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("db-apply", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task is_not_served_where_somebody_else_listens()
    {
        var database = await cluster.NewDatabase();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var (exitCode, _, errors) = await ParleProcess.Run(database, ["--urls", $"http://{other.LocalEndpoint}"]);

        Assert.Equal(1, exitCode);
        Assert.Contains("address already in use. Another service listens there", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task is_not_served_under_another_server_key()
    {
        var database = await cluster.NewDatabase();
        await using (await ParleProcess.Start(database))
        {
        }

        foreach (var arguments in (string[][])[[], ["provision", "-"]])
        {
            var (exitCode, output, errors) = await ParleProcess.Run(
                database, arguments, "{}", ("PARLE_SERVER_KEY", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))));

            Assert.Equal((1, ""), (exitCode, output));
            Assert.Contains("another server key", SaysBriefly(errors));
        }
    }

    [Fact]
    public async Task is_not_served_under_something_that_is_no_key()
    {
        var (exitCode, output, errors) = await ParleProcess.Run(await cluster.NewDatabase(), [], "", ("PARLE_SERVER_KEY", "too-short"));
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("PARLE_SERVER_KEY", SaysBriefly(errors));
        Assert.DoesNotContain("too-short", errors);
    }

    [Fact]
    public async Task that_cannot_be_reached_is_said_in_one_line()
    {
        foreach (var arguments in (string[][])[[], ["provision", "-"]])
        {
            var (exitCode, output, errors) = await ParleProcess.Run("Host=127.0.0.1;Port=1;Database=none;Username=none", arguments, "{}");
            Assert.Equal((1, ""), (exitCode, output));
            Assert.Contains("database cannot be reached", SaysBriefly(errors));
        }
    }

    private static string SaysBriefly(string errors)
    {
        Assert.DoesNotContain("   at ", errors); // No stack trace: the operator can do nothing with it.
        return errors;
    }
}
