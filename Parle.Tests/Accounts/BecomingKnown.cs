using System.Net;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Accounts;

public class BecomingKnown(APostedService posted) : IClassFixture<APostedService>
{
    [Fact]
    public async Task takes_a_code_and_a_handle_and_signs_in()
    {
        var ana = posted.Somebody();

        var answer = await ana.Send(HttpMethod.Post, "/v/onboarding/complete", new
        { email = ana.Email, code = await ana.AsksForACode("/v/onboarding/start"), handle = ana.Handle, display_name = "Ana Lima" });

        var body = await answer.Json(HttpStatusCode.Created);
        body.HasExactly("status", "principal_handle", "display_name", "setup");
        Assert.Equal(
            ("onboarded", ana.Handle, "Ana Lima"), (body.Text("status"), body.Text("principal_handle"), body.Text("display_name")));
        body.IsNull("setup");
        ana.Cookie = PersonWithMail.CookieOf(answer);
        await ana.IsKnownAs(ana.Handle);
    }

    [Fact]
    public async Task shows_by_the_handle_who_names_nothing_else()
    {
        var ana = posted.Somebody();
        var body = await (await ana.Onboards(await ana.AsksForACode())).Json(HttpStatusCode.Created);
        Assert.Equal(ana.Handle, body.Text("display_name"));
    }

    [Fact]
    public async Task under_a_taken_handle_is_refused_and_leaves_the_code_good_for_another()
    {
        var (ana, ben) = (await posted.SomebodyKnown(), posted.Somebody());
        var code = await ben.AsksForACode();

        await (await ben.Onboards(code, handle: ana.Handle)).IsRefused("handle_unavailable");

        await (await ben.Onboards(code)).Json(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("system")]
    [InlineData("Ana Lima")]
    [InlineData("")]
    public async Task under_what_is_no_handle_is_refused_and_leaves_the_code_good(string handle)
    {
        var ana = posted.Somebody();
        var code = await ana.AsksForACode();

        await (await ana.Onboards(code, handle)).IsRefused("validation_failed");

        await (await ana.Onboards(code)).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task twice_is_refused_with_the_way_in_and_the_code_opens_it()
    {
        var ana = await posted.SomebodyKnown();
        var code = await ana.AsksForACode("/v/onboarding/start");

        var error = await (await ana.Onboards(code, $"q{ana.Handle}"[..16])).IsRefused("link_conflict", "reason", "unlock");
        Assert.Equal("already_onboarded", error.Text("reason"));
        Assert.Contains("/v/auth/email/complete", error.Text("unlock"), StringComparison.Ordinal);

        await (await ana.SignsIn(code)).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task tells_who_has_no_valid_code_nothing_about_handles_and_addresses()
    {
        var (ana, ben) = (await posted.SomebodyKnown(), posted.Somebody());

        var answers = new[]
        {
            await ana.Onboards("12345678"), await ana.Onboards("12345678", "free-handle"), await ben.Onboards("12345678", ana.Handle),
            await ben.Onboards("12345678"), await ben.SignsIn("12345678"),
        };

        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Bytes()))).Distinct());
        await answers[0].IsRefused("unauthenticated", "reason", "unlock");
    }

    [Fact]
    public async Task is_done_once_when_two_take_one_handle_at_once_and_the_other_keeps_its_code()
    {
        var (ana, ben) = (posted.Somebody(), posted.Somebody());
        var (anas, bens) = (await ana.AsksForACode(), await ben.AsksForACode());

        var answers = await Task.WhenAll(ana.Onboards(anas, ana.Handle), ben.Onboards(bens, ana.Handle));

        Assert.Equal([201, 409], answers.Select(answer => (int)answer.StatusCode).Order());
        await answers.Single(answer => answer.StatusCode is HttpStatusCode.Conflict).IsRefused("handle_unavailable");
        await (await (answers[0].StatusCode is HttpStatusCode.Created ? ben.Onboards(bens, ben.Handle) : ana.Onboards(anas, ben.Handle)))
            .Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task records_who_came_by_what_proof()
    {
        var ana = await posted.SomebodyKnown();

        var facts = await posted.Service.Rows(
            """
            select e.type, e.headers->>'actor', e.headers->'authority'->>0, e.data->>'kind', e.data->>'hash' from parle.mt_events e
            join parle.principals p on (e.headers->>'principal')::uuid = p.principal_id where p.handle = $1 order by e.seq_id
            """,
            row => (Type: row.GetString(0), Actor: row.GetString(1), Authority: row.GetString(2),
                Kind: row.IsDBNull(3) ? null : row.GetString(3), Hash: row.IsDBNull(4) ? null : row.GetString(4)), ana.Handle);

        Assert.Equal(["identity_linked", "person_session_started", "principal_registered"], facts.Select(fact => fact.Type).Order());
        var linked = facts.Single(fact => fact.Type is "identity_linked");
        Assert.Equal("email", linked.Kind);
        Assert.Matches("^[0-9a-f]{64}$", linked.Hash);
        Assert.All(facts, fact => Assert.Equal($"email:{linked.Hash![..16]}", fact.Authority));
        Assert.All(facts, fact => Assert.Matches("^person:[0-9a-f-]{36}/session:[0-9a-f-]{36}$", fact.Actor));
    }
}
