using Parle.Api.Provisioning;
using Parle.Tests.Accounts;
using Parle.Tests.Laws;

namespace Parle.Tests.Provisioning;

public class ProvisioningPeople(APostedService posted) : IClassFixture<APostedService>
{
    [Fact]
    public async Task lets_whoever_reads_the_mail_sign_in()
    {
        var ana = posted.Somebody();
        await posted.Service.Provision(new([new(ana.Handle, Email: ana.Email.ToUpperInvariant())]));

        ana.Cookie = PersonWithMail.CookieOf(await ana.SignsIn(await ana.AsksForACode()));

        await ana.IsKnownAs(ana.Handle);
    }

    [Fact]
    public async Task links_what_is_missing_and_nothing_twice()
    {
        var ana = posted.Somebody();
        await posted.Service.Provision(new([new(ana.Handle)]));
        foreach (var wanted in new[]
        {
            new ProvisionPrincipal(ana.Handle, Email: ana.Email),
            new(ana.Handle, Email: ana.Email, Oidc: new("https://id.example", ana.Handle))
        })
        {
            await posted.Service.Provision(new([wanted]));
            await posted.Service.Provision(new([wanted]));
        }

        Assert.Equal(["email", "oidc"], await posted.Service.Rows(
            "select kind from parle.identities join parle.principals using (principal_id) where handle = $1 order by kind",
            row => row.GetString(0), ana.Handle));
    }

    [Fact]
    public async Task gives_nobody_anothers_address_and_none_that_is_no_address()
    {
        var ana = await posted.SomebodyKnown();

        await Assert.ThrowsAsync<ProvisionException>(
            () => posted.Service.Provision(new([new(posted.Somebody().Handle, Email: ana.Email)])));
        await Assert.ThrowsAsync<ProvisionException>(() => posted.Service.Provision(new([new(posted.Somebody().Handle, Email: "nobody")])));
    }
}
