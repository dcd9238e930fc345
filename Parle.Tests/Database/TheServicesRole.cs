using System.Net;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Parle.Api.LocalPostgres;
using Parle.Domain.Rooms;
using Parle.Projections.Rooms;
using Parle.Tests.Crash;
using Parle.Tests.Laws;
using Parle.Tests.Service;
using DataFolder = Parle.Tests.Hosting.DataFolder;

namespace Parle.Tests.Database;

public class TheServicesRole(TestCluster cluster)
{
    [Fact]
    public async Task is_taken_on_by_its_connections()
    {
        var database = (await cluster.Service).Host.Services.GetRequiredService<NpgsqlDataSource>();
        await using var command = database.CreateCommand("select current_user::text");

        Assert.Equal("parle_service", await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task is_enough_to_rebuild_a_view_and_not_to_put_facts_away()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var agent = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await (await agent.Say("hello")).Json(HttpStatusCode.Created);
        var before = await service.Rows("select r::text from parle.timeline_rows r order by 1", row => row.GetString(0));

        var store = service.Host.Services.GetRequiredService<IDocumentStore>();
        using (var daemon = await store.BuildProjectionDaemonAsync())
        {
            await daemon.RebuildProjectionAsync<Timeline>(TestContext.Current.CancellationToken);
        }

        Assert.Equal(before, await service.Rows("select r::text from parle.timeline_rows r order by 1", row => row.GetString(0)));
        await using var session = store.LightweightSession();
        session.Events.ArchiveStream(agent.RoomID);
        await Assert.ThrowsAnyAsync<Exception>(() => session.SaveChangesAsync(TestContext.Current.CancellationToken));
        Assert.Equal([false], await service.Rows(
            "select distinct is_archived from parle.mt_events where stream_id = $1", row => row.GetBoolean(0), agent.RoomID));
    }

    [Fact]
    public async Task must_be_granted_to_an_owner_who_cannot_make_it()
    {
        var (owner, database) = await OwnerOfADatabase();

        var (exitCode, _, errors) = await ParleProcess.Run(database, ["provision", "-"], "{}", ("PARLE_MIGRATE", "1"));
        Assert.Equal(1, exitCode);
        Assert.Contains($"{owner} may not act as parle_service. As a superuser, once: grant parle_service to {owner};", errors,
            StringComparison.Ordinal);

        await Do(await cluster.NewDatabase(), $"grant parle_service to {owner}");
        await using var service = await ParleService.Start(database);
        await Works(service);
    }

    [Fact]
    public async Task that_does_not_see_what_others_are_at_is_told_of_at_the_start()
    {
        using var data = new DataFolder();
        await using var postgres = await EmbeddedPostgres.StartAsync(data.Path, durable: false, ct: TestContext.Current.CancellationToken);
        await using (await ParleService.Start(postgres.ConnectionString))
        {
            await Do(postgres.ConnectionString, "revoke pg_read_all_stats from parle_service");
        }

        await using var process = await ParleProcess.Start(postgres.ConnectionString);

        await Until.Holds(() => Task.FromResult(
            process.Errors.Contains("As a superuser, once: grant pg_read_all_stats to parle_service;", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task can_be_all_that_the_service_is_given()
    {
        var database = await cluster.NewDatabase();
        var login = $"node_{Guid.NewGuid():N}";
        await Do(database, $"create role {login} login in role parle_service");

        await using var service = await ParleService.Start(As(login, database), ("PARLE_MIGRATE", "0"));
        Assert.Equal(
            HttpStatusCode.OK, (await service.Client().GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode);
        await Works(service);
    }

    [Fact]
    public async Task leaves_the_schema_to_an_owner_named_apart()
    {
        var database = await cluster.EmptyDatabase();
        var login = $"node_{Guid.NewGuid():N}";
        await Do(database, $"create role {login} login in role parle_service");

        await using var service = await ParleService.Start(As(login, database), ("ConnectionStrings:ParleOwner", database));
        await Works(service);
    }

    /// Its search path then begins with the schema, so that the catalog tells names otherwise than to the service.
    [Fact]
    public async Task is_enough_beside_an_owner_who_is_called_as_the_schema_is()
    {
        var database = await cluster.EmptyDatabase();
        var login = $"node_{Guid.NewGuid():N}";
        await Do(
            database, "do $$ begin create role parle login superuser; exception when duplicate_object then null; end $$",
            $"create role {login} login in role parle_service",
            $"alter database {new NpgsqlConnectionStringBuilder(database).Database} owner to parle");
        await using (await ParleService.Start(As("parle", database)))
        {
            // It put the schema in place.
        }

        await using var service = await ParleService.Start(As(login, database), ("PARLE_MIGRATE", "0"));

        Assert.Equal(
            HttpStatusCode.OK, (await service.Client().GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode);
        await Works(service);
    }

    private async Task<(string Owner, string Database)> OwnerOfADatabase()
    {
        var database = await cluster.EmptyDatabase();
        var owner = $"owner_{Guid.NewGuid():N}";
        await Do(database, $"create role {owner} login",
            $"alter database {new NpgsqlConnectionStringBuilder(database).Database} owner to {owner}");
        return (owner, As(owner, database));
    }

    private static async Task Works(ParleService service)
    {
        var agent = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await (await agent.Say("hello")).Json(HttpStatusCode.Created);
        Assert.Equal("hello", (await agent.Read()).Messages()[^1].Body());
    }

    private static string As(string role, string database) =>
        new NpgsqlConnectionStringBuilder(database) { Username = role }.ConnectionString;

    private static async Task Do(string database, params string[] statements)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }
}
