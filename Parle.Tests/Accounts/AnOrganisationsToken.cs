using System.Net;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Parle.Api.Provisioning;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Accounts;

public class AnOrganisationsToken(AnIdentityProvider provider, TestCluster cluster) : IClassFixture<AnIdentityProvider>
{
    private readonly string subject = $"{Guid.NewGuid()}";

    [Fact]
    public async Task of_somebody_unknown_says_how_to_become_known()
    {
        var ana = Somebody();

        var error = await (await ana.Send(HttpMethod.Get, "/v/auth/whoami", headers: Bearer()))
            .IsRefused("unauthenticated", "reason", "unlock");

        Assert.Equal("not_onboarded", error.Text("reason"));
        Assert.Contains("/v/onboarding/oidc", error.Text("unlock"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task opens_what_a_session_opens_once_its_owner_is_known()
    {
        var ana = Somebody();

        var body = await (await Onboard(ana, ana.Handle, "Ana Lima")).Json(HttpStatusCode.Created);

        body.HasExactly("status", "principal_handle", "display_name", "setup");
        Assert.Equal(
            ("onboarded", ana.Handle, "Ana Lima"), (body.Text("status"), body.Text("principal_handle"), body.Text("display_name")));
        body.IsNull("setup");
        Assert.Equal(ana.Handle,
            (await (await ana.Send(HttpMethod.Get, "/v/auth/whoami", headers: Bearer())).Json(HttpStatusCode.OK)).Text("principal_handle"));
        // There is nothing to end.
        await (await ana.Send(HttpMethod.Post, "/v/auth/logout", headers: Bearer())).IsEmptyWith(HttpStatusCode.NoContent);
        await (await ana.Send(HttpMethod.Get, "/v/auth/whoami", headers: Bearer())).Json(HttpStatusCode.OK);
    }

    [Fact]
    public async Task makes_its_owner_known_once_however_often_it_is_sent()
    {
        var ana = Somebody();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Onboard(ana, ana.Handle)));

        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Bytes()))).Distinct());
        await answers[0].Json(HttpStatusCode.Created);
        Assert.Equal("already_onboarded",
            (await (await Onboard(ana, "another-handle")).IsRefused("link_conflict", "reason", "unlock")).Text("reason"));
    }

    [Fact]
    public async Task cannot_have_a_handle_that_is_taken_or_none()
    {
        var (ana, ben) = (Somebody(), Somebody());
        await (await Onboard(ana, ana.Handle)).Json(HttpStatusCode.Created);

        await (await Onboard(ben, ana.Handle, token: provider.Token("ben"))).IsRefused("handle_unavailable");
        await (await Onboard(ben, "system", token: provider.Token("ben"))).IsRefused("validation_failed");
    }

    [Fact]
    public async Task of_another_kind_or_for_another_client_opens_nothing()
    {
        var ana = Somebody();
        await (await Onboard(ana, ana.Handle)).Json(HttpStatusCode.Created);
        foreach (var good in new[]
        {
            provider.TokenOfKind(subject, "JWT"), provider.TokenOfKind(subject, "at+jwt"),
            provider.TokenOfKind(subject, null, claims: new Dictionary<string, object> { ["azp"] = AnIdentityProvider.Audience }),
        })
        {
            await (await ana.Send(HttpMethod.Get, "/v/auth/whoami", headers: ("Authorization", $"Bearer {good}"))).Json(HttpStatusCode.OK);
        }

        foreach (var bad in new[]
        {
            provider.TokenOfKind(subject, "logout+jwt"), provider.TokenOfKind(subject, "secevent+jwt"),
            provider.TokenOfKind(subject, "JWT", header: new Dictionary<string, object> { ["crit"] = new[] { "exp" } }),
            provider.TokenOfKind(subject, "JWT", claims: new Dictionary<string, object> { ["azp"] = "another-client" }),
        })
        {
            await (await ana.Send(HttpMethod.Get, "/v/auth/whoami", headers: ("Authorization", $"Bearer {bad}")))
                .IsRefused("unauthenticated");
        }
    }

    [Fact]
    public async Task stands_on_the_facts_that_it_allowed()
    {
        var ana = Somebody();
        await (await Onboard(ana, ana.Handle)).Json(HttpStatusCode.Created);

        var facts = await provider.Service.Rows(
            """
            select e.type, e.headers->>'actor', e.headers->'authority'->>0, e.data->>'hash', p.principal_id from parle.mt_events e
            join parle.principals p on e.stream_id = p.principal_id where p.handle = $1 order by e.seq_id
            """,
            row => (Type: row.GetString(0), Actor: row.GetString(1), Authority: row.GetString(2),
                Hash: row.IsDBNull(3) ? null : row.GetString(3), Principal: row.GetGuid(4)), ana.Handle);

        Assert.Equal(["principal_registered", "identity_linked"], facts.Select(fact => fact.Type));
        Assert.All(facts, fact => Assert.Equal(($"person:{fact.Principal}", $"oidc:{facts[1].Hash![..16]}"), (fact.Actor, fact.Authority)));
    }

    [Fact]
    public async Task is_believed_only_as_the_provider_signed_it_for_this_service()
    {
        var ana = Somebody();
        await (await Onboard(ana, ana.Handle)).Json(HttpStatusCode.Created);
        using var stranger = RSA.Create(2048);
        string[] tokens =
        [
            provider.Token(subject, issuer: "http://elsewhere.example"), provider.Token(subject, audience: "another-service"),
            provider.Token(subject, life: TimeSpan.FromMinutes(-2)),
            provider.Token(subject, signedBy: new RsaSecurityKey(stranger) { KeyId = "key-1" }), provider.Unsigned(subject),
            provider.Confused(subject), provider.Token(""), provider.Token(subject)[..^2] + "AA", "a.b.c",
        ];

        foreach (var token in tokens)
        {
            await (await ana.Send(HttpMethod.Get, "/v/auth/whoami", headers: Bearer(token))).IsRefused("unauthenticated");
            await (await Onboard(ana, ana.Handle, token: token)).IsRefused("unauthenticated");
        }
    }

    [Fact]
    public async Task that_is_not_believed_is_not_made_good_by_a_cookie()
    {
        var person = (await provider.Service.Provision(new([new($"p{Guid.NewGuid():N}"[..16], PersonSession: true)]))).Principals[0];
        var ana = Somebody();
        ana.Cookie = person.PersonSession;
        await ana.IsKnownAs(person.Handle);

        await (await ana.Send(HttpMethod.Get, "/v/auth/whoami", headers: Bearer(provider.Token("", audience: "another-service"))))
            .IsRefused("unauthenticated");
    }

    [Fact]
    public async Task is_no_agents_token()
    {
        await (await Somebody().Send(HttpMethod.Get, "/v/agent/self", headers: Bearer())).IsRefused("invalid_agent_token");
    }

    [Fact]
    public async Task is_no_session_where_no_provider_is_trusted()
    {
        using var client = (await cluster.Service).Client();
        var ana = new PersonWithMail(client, new());

        await (await ana.Send(HttpMethod.Get, "/v/auth/whoami", headers: Bearer())).IsRefused("unauthenticated");
        await (await Onboard(ana, ana.Handle)).IsRefused("unauthenticated");
    }

    [Fact]
    public async Task waits_for_a_provider_that_is_away()
    {
        await using var lonely = await ParleService.Start(
            provider.Service.ConnectionString, AnIdentityProvider.Settings("http://127.0.0.1:1"));
        var ana = new PersonWithMail(lonely.Client(), new());

        await (await ana.Send(HttpMethod.Get, "/v/auth/whoami", headers: Bearer())).IsRefused("service_unavailable");
    }

    [Fact]
    public async Task opens_the_principal_that_an_operator_named()
    {
        var handle = $"p{Guid.NewGuid():N}"[..16];
        await provider.Service.Provision(new([new(handle, Oidc: new ProvisionOidc(provider.Issuer, subject))]));

        Assert.Equal(handle, (await (await Somebody().Send(HttpMethod.Get, "/v/auth/whoami", headers: Bearer())).Json(HttpStatusCode.OK))
            .Text("principal_handle"));
    }

    private PersonWithMail Somebody() => new(provider.Service.Client(), new());

    private (string Name, string Value) Bearer(string? token = null) => ("Authorization", $"Bearer {token ?? provider.Token(subject)}");

    private Task<HttpResponseMessage> Onboard(PersonWithMail person, string handle, string? displayName = null, string? token = null) =>
        person.Send(HttpMethod.Post, "/v/onboarding/oidc", new { handle, display_name = displayName }, headers: Bearer(token));
}
