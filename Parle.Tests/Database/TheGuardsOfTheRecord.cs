using System.Net;
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
    [InlineData("grant update on parle.mt_events to public")]
    [InlineData("alter table parle.kept_answers owner to parle_service")]
    [InlineData("drop trigger caller_changes on parle.agent_tokens")]
    [InlineData("alter table parle.seats disable trigger caller_changes")]
    [InlineData("create or replace function parle.caller_changes_since(seen pg_snapshot) returns uuid[] language sql strict as 'select ''{}''::uuid[]'")]
    public async Task are_missed_and_put_back(string tampering)
    {
        var database = await cluster.NewDatabase();
        await using (var service = await ParleService.Start(database, ("PARLE_MIGRATE", "0")))
        {
            Assert.Equal(HttpStatusCode.OK, await Readiness(service));
            await service.Rows(tampering, _ => 0);
        }

        await using (var service = await ParleService.Start(database, ("PARLE_MIGRATE", "0")))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await Readiness(service));
        }

        await using (var service = await ParleService.Start(database))
        {
            Assert.Equal(HttpStatusCode.OK, await Readiness(service));
        }
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

    private static async Task<HttpStatusCode> Readiness(ParleService service) => (await service.Client().GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode;
}
