using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Parle.Domain.Rooms;
using Parle.Tests.Contract;
using Parle.Tests.Crash;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Hosting;

/// A fault is reported before a caller meets it, and its end too.
public sealed class TheReadiness(TestCluster cluster)
{
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task tells_a_stranger_the_state_and_nothing_of_what_is_kept()
    {
        using var client = (await cluster.Service).Host.Server.CreateClient();

        Assert.Equal("""{"status":"ready"}""", await client.GetStringAsync("/health/ready", Ct));
    }

    [Fact]
    public async Task knows_a_database_that_takes_no_writes()
    {
        await using var service = await Start();
        var name = new NpgsqlConnectionStringBuilder(service.ConnectionString).Database;

        await Do(service, $"alter database {name} set default_transaction_read_only = on");
        await CutOff(service);
        await Until.Holds(async () => await Reason(service) == "database_read_only");

        await Do(service, $"alter database {name} reset default_transaction_read_only");
        await CutOff(service);
        await Until.Holds(async () => await Reason(service) is null);
    }

    /// The disk can be full for what has to grow, while a line that is there can still be written.
    [Fact]
    public async Task knows_of_writes_that_fail_where_they_are_tried()
    {
        await using var service = await Start();
        var agent = (await service.NewRoomWithPresent(History.All)).Agents[0];
        await service.Rows("create function parle.full() returns trigger language plpgsql as 'begin raise exception ''No space left on "
            + "device'' using errcode = ''53100''; end'", _ => 0);
        await service.Rows(
            "create trigger full_disk before insert on parle.timeline_rows for each statement execute function parle.full()", _ => 0);
        for (var i = 0; i < 4; i++)
        {
            await (await agent.Say("hello")).IsRefused("service_unavailable");
        }

        Assert.Equal("disk_full", await Reason(service));

        await service.Rows("drop trigger full_disk on parle.timeline_rows; drop function parle.full()", _ => 0);
        await (await agent.Say("hello")).Json(HttpStatusCode.Created);
        Assert.Null(await Reason(service));
    }

    /// Nobody writes to a node that is not ready, so that it would never learn that writes succeed again.
    [Fact]
    public async Task forgets_writes_that_failed_when_nobody_tries_any_more()
    {
        await using var service = await Start();
        var agent = (await service.NewRoomWithPresent(History.All)).Agents[0];
        await service.Rows("create function parle.full() returns trigger language plpgsql as 'begin raise exception ''No space left on "
            + "device'' using errcode = ''53100''; end'", _ => 0);
        await service.Rows(
            "create trigger full_disk before insert on parle.timeline_rows for each statement execute function parle.full()", _ => 0);
        for (var i = 0; i < 4; i++)
        {
            await agent.Say("hello");
        }

        Assert.Equal("disk_full", await Reason(service));
        await service.Rows("drop trigger full_disk on parle.timeline_rows; drop function parle.full()", _ => 0);
        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(await Reason(service));
    }

    [Fact]
    public async Task knows_that_it_may_not_write()
    {
        await using var service = await Start();

        await service.Rows("create function parle.broken() returns trigger language plpgsql as 'begin raise exception ''could not extend "
            + "file'' using errcode = ''58030''; end'", _ => 0);
        await service.Rows(
            "create trigger broken before insert on parle.write_probes for each statement execute function parle.broken()", _ => 0);
        clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal("writes_fail", await Reason(service));

        await service.Rows("drop trigger broken on parle.write_probes; drop function parle.broken()", _ => 0);
        Assert.Null(await Reason(service));
    }

    /// Otherwise the first caller that asks for a receipt would notice, long after.
    [Theory]
    [InlineData("seal = ''"), InlineData("seal = seal || '\\x00'"), InlineData("secret = '\\x05'")]
    public async Task knows_that_nothing_can_be_signed(string change)
    {
        await using var service = await Start();
        await service.Host.Services.GetRequiredService<Api.Record.SigningKeys>().All(Ct);
        Assert.Null(await Reason(service));

        await using (var owner = NpgsqlDataSource.Create(service.ConnectionString))
        await using (var alter = owner.CreateCommand($"update parle.signing_keys set {change}"))
        {
            await alter.ExecuteNonQueryAsync(Ct);
        }

        clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal("signing_fails", await Reason(service));
    }

    [Theory]
    [InlineData("/v/agent/self", null)]
    [InlineData("/v/agent/self", "parle_agt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")]
    [InlineData("/v/auth/whoami", null)]
    [InlineData("/no-such-address", null)]
    public async Task without_a_schema_is_no_business_of_any_request(string path, string? token)
    {
        var database = await cluster.EmptyDatabase();
        await using var service = await ParleService.Start(database, ("PARLE_MIGRATE", "0"));
        using var client = service.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        await (await client.SendAsync(request, Ct)).IsRefused("service_unavailable");
        using var live = await client.GetAsync("/health/live", Ct);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal("schema_missing", await Reason(service));
    }

    /// Health is public: asking for it a thousand times must cost what asking once does.
    [Fact]
    public async Task is_not_asked_of_the_database_for_everybody_who_asks()
    {
        await using var service = await Start();
        Assert.Null(await Reason(service));
        await service.Rows("update parle.write_probes set written_at = 'epoch'", _ => 0);
        using var client = service.Client();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => client.GetStringAsync("/health/ready", Ct)));

        Assert.Equal(1L, await service.Scalar<long>("select count(*) from parle.write_probes where written_at = 'epoch'"));
    }

    private Task<ParleService> Start() =>
        ParleService.Start(cluster.NewDatabase().GetAwaiter().GetResult(), services => services.AddSingleton<TimeProvider>(clock));

    private async Task<string?> Reason(ParleService service)
    {
        clock.Advance(TimeSpan.FromSeconds(2));
        using var answer = await service.Client().GetAsync("/health/ready", Ct);
        var said = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct));
        Assert.Equal(said.TryGetProperty("reason", out _) ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK, answer.StatusCode);
        return said.TryGetProperty("reason", out var reason) ? reason.GetString() : null;
    }

    // A database's setting holds for later connections; the earlier ones fail once.
    private static Task CutOff(ParleService service) => Do(
        service, "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");

    private static async Task Do(ParleService service, string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(service.ConnectionString)
            { Pooling = false, Options = "-c default_transaction_read_only=off" }.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }
}
