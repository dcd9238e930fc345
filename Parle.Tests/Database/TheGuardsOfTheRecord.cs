using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Parle.Projections.Record;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Database;

public class TheGuardsOfTheRecord(TestCluster cluster)
{
    private const string Guards = "select t.oid::text from pg_trigger t where t.tgname like 'record\\_%' order by 1";

    [Theory]
    [InlineData("drop trigger record_keeps_facts on parle.mt_events")]
    [InlineData("alter table parle.mt_events disable trigger record_admits_facts")]
    [InlineData("create or replace function parle.refuse_change() returns trigger language plpgsql as 'begin return null; end'")]
    [InlineData("grant delete on parle.contents to parle_service")]
    [InlineData("grant update (data) on parle.mt_events to parle_service")]
    [InlineData("grant truncate on parle.rooms to parle_service")]
    [InlineData("grant update on sequence parle.mt_events_sequence to parle_service")]
    [InlineData("grant create on schema parle to parle_service")]
    [InlineData("alter table parle.mt_events enable row level security")]
    [InlineData("create rule swallowed as on insert to parle.contents do instead nothing")]
    [InlineData("grant update on parle.mt_events to public")]
    [InlineData("alter table parle.kept_answers owner to parle_service")]
    [InlineData("drop trigger caller_changes on parle.agent_tokens")]
    [InlineData("alter table parle.seats disable trigger caller_changes")]
    [InlineData("create or replace function parle.caller_changes_since(seen pg_snapshot) returns uuid[] language sql strict as 'select "
        + "''{}''::uuid[]'")]
    public async Task are_missed_and_put_back(string tampering)
    {
        var database = await cluster.NewDatabase();
        IReadOnlyList<string> standing;
        await using (var service = await ParleService.Start(database, ("PARLE_MIGRATE", "0")))
        {
            Assert.Equal(HttpStatusCode.OK, await Readiness(service));
            standing = await service.Rows(RecordGuards.Things, row => $"{row.GetString(0)} {row.GetString(1)}");
            await service.Rows(tampering, _ => 0);
        }

        await using (var service = await ParleService.Start(database, ("PARLE_MIGRATE", "0")))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await Readiness(service));
        }

        await using (var service = await ParleService.Start(database))
        {
            Assert.Equal(HttpStatusCode.OK, await Readiness(service));
            Assert.Equal(standing, await service.Rows(RecordGuards.Things, row => $"{row.GetString(0)} {row.GetString(1)}"));
        }
    }

    /// The guards are checked again and again: a running service reports a fault within a minute, and its repair too.
    [Theory]
    [InlineData("alter table parle.mt_events disable trigger all", "alter table parle.mt_events enable trigger all; alter table "
        + "parle.mt_events enable always trigger record_keeps_facts; alter table parle.mt_events enable always trigger "
        + "record_removes_no_facts; alter table parle.mt_events enable always trigger record_admits_facts")]
    [InlineData("grant update (is_archived) on parle.mt_events to parle_service",
        "revoke update (is_archived) on parle.mt_events from parle_service")]
    [InlineData("create table public.beside () inherits (parle.mt_events)", "drop table public.beside")]
    [InlineData("create rule swallowed as on insert to parle.contents do instead nothing", "drop rule swallowed on parle.contents")]
    [InlineData("alter table parle.mt_events enable row level security", "alter table parle.mt_events disable row level security")]
    public async Task are_missed_in_a_running_service(string tampering, string mending)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var service = await ParleService.Start(
            await cluster.NewDatabase(), services => services.AddSingleton<TimeProvider>(clock), ("PARLE_MIGRATE", "0"));
        Assert.Equal(HttpStatusCode.OK, await Readiness(service));

        await service.Rows(tampering, _ => 0);
        clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "guards_altered"), await Reason(service));

        await service.Rows(mending, _ => 0);
        clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(HttpStatusCode.OK, await Readiness(service));
    }

    /// Nodes go on while the next version's schema is put in place, but not when what they rely on is taken away with it.
    [Fact]
    public async Task may_be_those_of_another_version()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var service = await ParleService.Start(
            await cluster.NewDatabase(), services => services.AddSingleton<TimeProvider>(clock), ("PARLE_MIGRATE", "0"));
        Assert.Equal(HttpStatusCode.OK, await Readiness(service));

        await service.Rows("comment on function parle.declare_migration(text) is 'another 0123 99.0.0'", _ => 0);
        clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(HttpStatusCode.OK, await Readiness(service));

        await service.Rows("alter table parle.mt_events disable trigger record_keeps_facts", _ => 0);
        clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "guards_altered"), await Reason(service));
    }

    [Fact]
    public async Task of_a_later_version_are_told_to_an_older_program()
    {
        var database = await cluster.NewDatabase();
        await using (var before = await ParleService.Start(database, ("PARLE_MIGRATE", "0")))
        {
            await before.Rows("comment on function parle.declare_migration(text) is 'another 0123 99.0.0'", _ => 0);
        }

        await using var service = await ParleService.Start(database, ("PARLE_MIGRATE", "0"));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "schema_newer"), await Reason(service));
    }

    [Fact]
    public async Task are_left_alone_when_they_stand()
    {
        var database = await cluster.NewDatabase();
        await using var before = await ParleService.Start(database);
        var standing = await before.Rows(Guards, row => row.GetString(0));
        await using var after = await ParleService.Start(database);

        Assert.NotEmpty(standing);
        Assert.Equal(standing, await after.Rows(Guards, row => row.GetString(0)));
    }

    private static async Task<(HttpStatusCode, string)> Reason(ParleService service)
    {
        using var answer = await service.Client().GetAsync("/health/ready", TestContext.Current.CancellationToken);
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .GetProperty("reason").GetString()!);
    }

    private static async Task<HttpStatusCode> Readiness(ParleService service) =>
        (await service.Client().GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode;
}
