using Parle.Api.Provisioning;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Provisioning;

/// Rights, seats of principals, auditors and operators; doing it twice changes nothing the second time.
public class ProvisioningAuthority(TestCluster cluster)
{
    [Fact]
    public async Task makes_everything_once()
    {
        var service = await cluster.Service;
        var (ana, ben, ops) = ($"p{Guid.NewGuid():N}"[..16], $"p{Guid.NewGuid():N}"[..16], $"o{Guid.NewGuid():N}"[..16]);
        var wanted = Api.Provisioning.Provision.Parse($$"""
            {
              "principals": [{ "handle": "{{ana}}" }, { "handle": "{{ben}}" }],
              "agents": [{ "principal": "{{ben}}", "handle": "helper" }],
              "operators": [{ "label": "{{ops}}" }],
              "rooms": [{
                "handle": "build", "owner": "{{ana}}",
                "seats": [{ "principal": "{{ben}}", "rights": ["invite_members"] }, { "agent": "@{{ben}}.helper", "rights": ["admin"], "history": "all" }],
                "auditors": [{ "label": "Year's end" }, { "label": "Year's end", "contents": true }]
              }]
            }
            """);
        var made = await service.Provision(wanted);
        var room = made.Rooms[0];
        var facts = await service.Scalar<long>("select count(*) from parle.mt_events where stream_id = $1", room.RoomID);
        var rights = await service.Rows("select agent_id is null, rights from parle.seats where room_id = $1 and principal_id <> $2",
            row => (row.GetBoolean(0), string.Join(' ', row.GetFieldValue<string[]>(1))), room.RoomID, made.Principals[0].PrincipalID);

        Assert.Equal([(false, "invite_members remove_members revoke_invites"), (true, "invite_members")], rights.Order());
        Assert.All(room.Auditors!, auditor => Assert.StartsWith("parle_aud_", auditor.Token));
        Assert.StartsWith("parle_opr_", Assert.Single(made.Operators!).Token);

        var again = await service.Provision(wanted);
        Assert.Equal(facts, await service.Scalar<long>("select count(*) from parle.mt_events where stream_id = $1", room.RoomID));
        Assert.Equal(room.Auditors!.Select(auditor => (auditor.AuditorID, (string?)null)),
            again.Rooms[0].Auditors!.Select(auditor => (auditor.AuditorID, auditor.Token)));
        Assert.Equal((made.Operators![0].OperatorID, null), (again.Operators![0].OperatorID, again.Operators[0].Token));
        Assert.NotEqual(made.Operators[0].Token, (await service.Provision(wanted, newTokens: true)).Operators![0].Token);
        await service.Provision(new(Operators: [new(ops, Dismissed: true)]));
        Assert.Equal(
            2, await service.Scalar<long>("select count(*) from parle.operators where label = $1 and revoked_at is not null", ops));
    }

    /// An error is one the second time too, even where it would change nothing.
    [Theory]
    [InlineData("""{"principals":[{"handle":"$","display_name":"^"}]}""")]
    [InlineData("""{"agents":[{"principal":"$","handle":"helper","display_name":"^"}]}""")]
    [InlineData("""{"rooms":[{"handle":"build","owner":"$","auditors":[{"label":"^"}]}]}""")]
    public async Task is_refused_for_a_bad_name_of_what_is_there_as_of_what_is_new(string wanted)
    {
        var service = await cluster.Service;
        var ana = $"p{Guid.NewGuid():N}"[..16];
        await service.Provision(new([new(ana)], [new(ana, "helper")], [new("build", ana, Auditors: [new("a")])]));
        foreach (var bad in (string[])["", new string('x', 101), " ", "\u3000\u2003", "\u200B\u2060", "a\nb"])
        {
            var json = wanted.Replace("$", ana, StringComparison.Ordinal)
                .Replace("\"^\"", System.Text.Json.JsonSerializer.Serialize(bad), StringComparison.Ordinal);
            Assert.Matches("display_name|label",
                (await Assert.ThrowsAsync<ProvisionException>(() => service.Provision(Api.Provisioning.Provision.Parse(json)))).Message);
        }
    }

    [Fact]
    public async Task is_refused_for_an_end_that_cannot_be_of_an_operator_who_is_there()
    {
        var service = await cluster.Service;
        var ops = $"o{Guid.NewGuid():N}"[..16];
        await service.Provision(new(Operators: [new(ops)]));
        foreach (var wanted in (ProvisionOperator[])[new(ops, TtlSeconds: 0), new(ops, TtlSeconds: 400L * 24 * 60 * 60),
            new(ops, TtlSeconds: 60, ExpiresAt: DateTimeOffset.UtcNow.AddDays(1))])
        {
            await Assert.ThrowsAsync<ProvisionException>(() => service.Provision(new(Operators: [wanted])));
        }
    }

    [Fact]
    public async Task is_refused_for_what_makes_no_sense()
    {
        var service = await cluster.Service;
        var ana = $"p{Guid.NewGuid():N}"[..16];
        foreach (var (seat, says) in ((ProvisionSeat, string)[])
            [(new(), "either"), (new($"@{ana}.helper", Principal: ana), "either"), (new(Principal: "nobody-at-all"), "no principal"),
                (new(Principal: ana, Rights: ["fly"]), "rights are")])
        {
            var wrong = await Assert.ThrowsAsync<ProvisionException>(
                () => service.Provision(new([new(ana)], [new(ana, "helper")], [new("build", ana, Seats: [seat])])));
            Assert.Contains(says, wrong.Message, StringComparison.Ordinal);
        }

        Assert.Contains("label", (await Assert.ThrowsAsync<ProvisionException>(
            () => service.Provision(new([new(ana)], Rooms: [new("build", ana, Auditors: [new("")])])))).Message, StringComparison.Ordinal);
        Assert.Contains("operator",
            (await Assert.ThrowsAsync<ProvisionException>(() => service.Provision(new(Operators: [new("Not a handle")])))).Message,
            StringComparison.Ordinal);
    }
}
