using System.Net;
using Parle.Tests.Contract;
using Parle.Tests.Laws;

namespace Parle.Tests.Accounts;

public class SigningOut(APostedService posted) : IClassFixture<APostedService>
{
    [Fact]
    public async Task ends_the_session_and_clears_the_cookie()
    {
        var ana = await posted.SomebodyKnown();

        var answer = await ana.SignsOut();

        await answer.IsEmptyWith(HttpStatusCode.NoContent);
        Assert.Equal("__Host-parle_session=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",
            Assert.Single(answer.Headers.GetValues("Set-Cookie")));
        await (await ana.AsksWhoItIs()).IsRefused("unauthenticated");
        await (await ana.SignsOut()).IsRefused("unauthenticated");
    }

    [Fact]
    public async Task holds_at_once_on_every_node_and_for_that_session_alone()
    {
        await using var other = await posted.AnotherNode();
        var ana = await posted.SomebodyKnown();
        var elsewhere = ana.At(other);
        elsewhere.Cookie = PersonWithMail.CookieOf(await ana.SignsIn(await ana.AsksForACode()));
        await elsewhere.IsKnownAs(ana.Handle);
        await ana.At(other).IsKnownAs(ana.Handle);

        await ana.SignsOut();

        await (await ana.At(other).AsksWhoItIs()).IsRefused("unauthenticated");
        await elsewhere.IsKnownAs(ana.Handle);
    }

    [Fact]
    public async Task is_a_fact_of_the_person()
    {
        var ana = await posted.SomebodyKnown();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ana.SignsOut()));

        var (actor, authority) = Assert.Single(await posted.Service.Rows(
            """
            select e.headers->>'actor', e.headers->'authority'->>0 from parle.mt_events e
            join parle.principals p on (e.headers->>'principal')::uuid = p.principal_id where p.handle = $1 and e.type = 'person_session_ended'
            """,
            row => (row.GetString(0), row.GetString(1)), ana.Handle));
        Assert.Equal(actor[(actor.IndexOf("/session:", StringComparison.Ordinal) + 9)..], authority["person_session:".Length..]);
    }
}
