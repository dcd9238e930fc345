using System.Net;
using System.Text.Json;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Accounts;

public class WhereAPersonIsSignedIn(APostedService posted) : IClassFixture<APostedService>
{
    [Fact]
    public async Task is_listed_for_it_alone()
    {
        var (ana, ben) = (await posted.SomebodyKnown(), await posted.SomebodyKnown());
        var elsewhere = await Elsewhere(ana);
        var byOperator = await ByAnOperator(ana);

        var listed = await Sessions(ana);
        listed[0].HasExactly("session_id", "current", "method", "operator", "created_at", "last_seen_at", "expires_at");
        Assert.Equal(["operator", "email_code", "email_code"], listed.Select(session => session.Text("method")));
        Assert.Equal([false, false, true], listed.Select(session => session.GetProperty("current").GetBoolean()));
        Assert.NotEqual(JsonValueKind.Null, listed[2].GetProperty("last_seen_at").ValueKind);
        Assert.Equal([false, true, false], (await Sessions(elsewhere)).Select(session => session.GetProperty("current").GetBoolean()));
        Assert.Single(await Sessions(ben));
        Assert.Equal(3, (await Sessions(byOperator)).Count);
    }

    [Fact]
    public async Task names_the_operator_who_signed_it_in()
    {
        var ana = await posted.SomebodyKnown();
        var label = $"o-{Guid.NewGuid():N}"[..16];
        var night = Assert.Single((await posted.Service.Provision(new(Operators: [new(label)]))).Operators!);
        using var client = posted.Service.Client();
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {night.Token}");
        await (await client.PostAsync("/v/operator/provision", new StringContent(
            $$"""{"principals":[{"handle":"{{ana.Handle}}","person_session":true}]}""", System.Text.Encoding.UTF8, "application/json")))
            .Json(HttpStatusCode.OK);

        var (one, own) = ((await Sessions(ana))[0], (await Sessions(ana))[1]);
        Assert.Equal(("operator", label, $"{night.OperatorID}"),
            (one.Text("method"), one.GetProperty("operator").Text("label"), one.GetProperty("operator").Text("operator_id")));
        Assert.Equal(JsonValueKind.Null, own.GetProperty("operator").ValueKind);
    }

    [Fact]
    public async Task ends_one_by_one_with_the_next_call_on_every_node()
    {
        await using var other = await posted.AnotherNode();
        var (ana, ben) = (await posted.SomebodyKnown(), await posted.SomebodyKnown());
        var elsewhere = await Elsewhere(ana);
        await elsewhere.At(other).IsKnownAs(ana.Handle);
        var id = (await Sessions(ana)).Single(session => !session.GetProperty("current").GetBoolean()).Text("session_id");

        await (await ben.Send(HttpMethod.Post, $"/v/auth/sessions/{id}/end")).Refuses("not_found");
        await elsewhere.At(other).IsKnownAs(ana.Handle);
        await (await ana.Send(HttpMethod.Post, $"/v/auth/sessions/{id}/end", key: "end")).IsEmptyWith(HttpStatusCode.NoContent);

        await (await elsewhere.At(other).AsksWhoItIs()).IsRefused("unauthenticated");
        await ana.IsKnownAs(ana.Handle);
        await (await ana.Send(HttpMethod.Post, $"/v/auth/sessions/{id}/end", key: "end")).IsEmptyWith(HttpStatusCode.NoContent);
        await (await ana.Send(HttpMethod.Post, $"/v/auth/sessions/{id}/end")).Refuses("not_found");
        await (await ana.Send(HttpMethod.Post, $"/v/auth/sessions/{Guid.NewGuid()}/end")).Refuses("not_found");
        Assert.Single(await Sessions(ana));
    }

    [Fact]
    public async Task ends_all_at_once_but_for_the_one_that_asks()
    {
        var (ana, ben) = (await posted.SomebodyKnown(), await posted.SomebodyKnown());
        PersonWithMail[] others = [await Elsewhere(ana), await ByAnOperator(ana)];

        Assert.Equal(2, (await (await ana.Send(HttpMethod.Post, "/v/auth/sessions/end-others")).Json(HttpStatusCode.OK))
            .GetProperty("ended").GetInt32());

        foreach (var one in others)
        {
            await (await one.AsksWhoItIs()).IsRefused("unauthenticated");
        }

        await ana.IsKnownAs(ana.Handle);
        await ben.IsKnownAs(ben.Handle);
        Assert.Equal(0, (await (await ana.Send(HttpMethod.Post, "/v/auth/sessions/end-others")).Json(HttpStatusCode.OK))
            .GetProperty("ended").GetInt32());
    }

    private async Task<PersonWithMail> Elsewhere(PersonWithMail person)
    {
        var elsewhere = person.At(posted.Service);
        elsewhere.Cookie = PersonWithMail.CookieOf(await person.SignsIn(await person.AsksForACode()));
        return elsewhere;
    }

    private async Task<PersonWithMail> ByAnOperator(PersonWithMail person)
    {
        var signedIn = person.At(posted.Service);
        signedIn.Cookie = (await posted.Service.Provision(new([new(person.Handle, PersonSession: true)]))).Principals[0].PersonSession;
        return signedIn;
    }

    private static async Task<IReadOnlyList<JsonElement>> Sessions(PersonWithMail person) =>
        [.. (await (await person.Send(HttpMethod.Get, "/v/auth/sessions")).Json(HttpStatusCode.OK)).GetProperty("sessions")
            .EnumerateArray()];
}
