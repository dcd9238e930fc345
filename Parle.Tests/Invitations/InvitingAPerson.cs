using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Parle.Api.Mail;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Invitations;

public class InvitingAPerson(TestCluster cluster)
{
    [Fact]
    public async Task by_handle_answers_as_the_contract_says()
    {
        var (service, host) = await Host();
        var guest = await service.NewPerson();
        var invited = await Invite(host, $"@{guest.Handle}", HttpStatusCode.Created, "key");

        invited.HasExactly(
            "invite_id", "room_id", "target_kind", "target_principal_id", "target_agent_id", "agent_admission", "offered_rights",
            "target_display", "invitation_url", "expires_at", "replayed");
        invited.IsUuid("invite_id", "room_id", "target_principal_id");
        invited.IsNull("target_agent_id", "agent_admission");
        Assert.Equal(($"{host.RoomID}", "principal", $"{guest.PrincipalID}"),
            (invited.Text("room_id"), invited.Text("target_kind"), invited.Text("target_principal_id")));
        Assert.Equal(guest.Handle, invited.GetProperty("target_display").Text("handle"));
        Assert.Equal($"http://localhost/room-invitations/{invited.Text("invite_id")}", invited.Text("invitation_url"));
        Assert.Equal((0, false), (invited.GetProperty("offered_rights").GetArrayLength(), invited.GetProperty("replayed").GetBoolean()));
        Assert.InRange(invited.Timestamp("expires_at"), DateTimeOffset.UtcNow.AddDays(6), DateTimeOffset.UtcNow.AddDays(8));

        var again = await Invite(host, $"@{guest.Handle}", HttpStatusCode.OK, "key");
        Assert.Equal((invited.Text("invite_id"), true), (again.Text("invite_id"), again.GetProperty("replayed").GetBoolean()));
        await (await host.Owner.Post(Path(host), new { target = "@nobody-else" }, "key")).Refuses("validation_failed");
        await (await host.Owner.Post(Path(host), new { target = $"@{host.Owner.Handle}" }, "key")).Refuses("idempotency_conflict");
        Assert.Equal(1, await service.Count(host.RoomID, "invitation_minted"));
    }

    [Fact]
    public async Task names_a_host_that_is_not_this_machine_with_tls()
    {
        var (service, host) = await Host();
        var guest = await service.NewPerson();
        using var elsewhere = service.Client();
        elsewhere.DefaultRequestHeaders.Host = "parle.example";
        var invited = await (await host.Owner.At(elsewhere).Post(Path(host), new { target = $"@{guest.Handle}" }, "key"))
            .Json(HttpStatusCode.Created);
        Assert.StartsWith("https://parle.example/room-invitations/", invited.Text("invitation_url"));
    }

    [Fact]
    public async Task seats_the_person_once_it_accepts()
    {
        var (service, host) = await Host();
        var guest = await service.NewPerson();
        var id = (await Invite(host, $"@{guest.Handle}", HttpStatusCode.Created)).Text("invite_id");

        var preview = await (await guest.Get($"/v/room-invitations/{id}")).Json(HttpStatusCode.OK);
        preview.HasExactly(
            "invite_id", "state", "room_id", "room_handle", "inviter_principal_id", "inviter_handle", "seat_type", "offered_rights",
            "history_visible", "expires_at", "principal_seat_active");
        Assert.Equal(("pending", "principal", host.Owner.Handle),
            (preview.Text("state"), preview.Text("seat_type"), preview.Text("inviter_handle")));
        Assert.Equal((false, false),
            (preview.GetProperty("history_visible").GetBoolean(), preview.GetProperty("principal_seat_active").GetBoolean()));

        var seated = await (await guest.Post($"/v/room-invitations/{id}/accept", "{}")).Json(HttpStatusCode.Created);
        seated.HasExactly("room_id", "seat_id", "participant_id", "state");
        seated.IsUuid("room_id", "seat_id", "participant_id");
        Assert.Equal(($"{host.RoomID}", "seated"), (seated.Text("room_id"), seated.Text("state")));
        Assert.Equal(
            seated.GetRawText(), (await (await guest.Post($"/v/room-invitations/{id}/accept", "{}")).Json(HttpStatusCode.OK)).GetRawText());

        var accepted = await (await guest.Get($"/v/room-invitations/{id}")).Json(HttpStatusCode.OK);
        Assert.Equal(("accepted", true), (accepted.Text("state"), accepted.GetProperty("principal_seat_active").GetBoolean()));
        accepted.Timestamp("accepted_at");
        Assert.Equal(
            guest.Handle, (await guest.Details(host.RoomID)).GetProperty("roster").GetProperty("principal_seats")[1].Text("handle"));
        await (await host.Owner.Post(Path(host), new { target = $"@{guest.Handle}" }, "another")).Refuses("already_member");

        await (await host.Owner.Post($"/v/rooms/{host.RoomID}/seats/{seated.Text("seat_id")}/remove")).Json(HttpStatusCode.NoContent);
        var ended = await (await guest.Get($"/v/room-invitations/{id}")).Json(HttpStatusCode.OK);
        Assert.Equal(("membership_ended", false), (ended.Text("state"), ended.GetProperty("principal_seat_active").GetBoolean()));
        await (await guest.Post($"/v/room-invitations/{id}/accept", "{}")).Refuses("not_found");
    }

    [Fact]
    public async Task shows_nobody_else_that_there_is_an_invitation()
    {
        var (service, host) = await Host();
        var (guest, other) = (await service.NewPerson(), await service.NewPerson());
        var id = (await Invite(host, $"@{guest.Handle}", HttpStatusCode.Created)).Text("invite_id");
        var revoked = (await Invite(host, $"@{guest.Handle}", HttpStatusCode.Created)).Text("invite_id");
        await (await host.Owner.Delete($"/v/rooms/{host.RoomID}/invites/{revoked}")).IsEmptyWith(HttpStatusCode.NoContent);
        var key = (await (await host.Owner.Post($"/v/rooms/{host.RoomID}/join-keys", new { })).Json(HttpStatusCode.Created))
            .Text("join_key_id");

        foreach (var (method, end) in ((HttpMethod, string)[])[(HttpMethod.Get, ""), (HttpMethod.Post, "/accept")])
        {
            var denials = new HashSet<string>();
            foreach (var (person, named) in ((TestPrincipal, string)[])[(other, id), (host.Owner, id), (guest, $"{Guid.NewGuid()}"),
                (guest, "kitchen"), (guest, revoked), (guest, key)])
            {
                var answer = await person.Send(method, $"/v/room-invitations/{named}{end}", method == HttpMethod.Post ? "{}" : null);
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
                denials.Add(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            }

            Assert.Single(denials);
            using var stranger = service.Client();
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.SendAsync(new(method, $"/v/room-invitations/{id}{end}"))).StatusCode);
        }
    }

    [Fact]
    public async Task needs_a_key_and_the_right_and_says_nothing_to_strangers()
    {
        var (service, host) = await Host();
        var (guest, stranger) = (await service.NewPerson(), await service.NewPerson());
        await (await host.Owner.Post(Path(host), new { target = $"@{guest.Handle}" })).Refuses("malformed_request");
        await (await host.Owner.Post(Path(host), new { target = "neither" }, "key")).Refuses("validation_failed");
        await (await host.Owner.Post(Path(host), new { target = $"@{guest.Handle}", offered_rights = new[] { "everything" } }, "key"))
            .Refuses("validation_failed");

        var denials = new HashSet<(HttpStatusCode, string)>();
        foreach (var (room, target) in ((string, string)[])[($"{host.RoomID}", guest.Handle), ($"{host.RoomID}", "nobody-at-all"),
            ($"{Guid.NewGuid()}", guest.Handle), ("kitchen", guest.Handle)])
        {
            denials.Add(await (await stranger.Post($"/v/rooms/{room}/invites/person", new { target = $"@{target}" }, "key")).Bytes());
        }

        Assert.Equal(HttpStatusCode.NotFound, Assert.Single(denials).Item1);

        await (await guest.Post(
            $"/v/room-invitations/{(await Invite(host, $"@{guest.Handle}", HttpStatusCode.Created)).Text("invite_id")}/accept", "{}"))
            .Json(HttpStatusCode.Created);
        var refused = await (await guest.Post(Path(host), new { target = $"@{stranger.Handle}" }, "key")).Refuses("forbidden");
        Assert.Equal("missing_right", refused.Text("reason"));
    }

    [Fact]
    public async Task is_void_when_the_inviter_may_not_invite_any_more()
    {
        var (service, host) = await Host();
        var (helper, guest) = (await service.NewPerson(), await service.NewPerson());
        var invited = (await (await host.Owner.Post(
            Path(host), new { target = $"@{helper.Handle}", offered_rights = new[] { "invite_members" } }, "key"))
            .Json(HttpStatusCode.Created)).Text("invite_id");
        var seat = (await (await helper.Post($"/v/room-invitations/{invited}/accept", "{}")).Json(HttpStatusCode.Created)).Text("seat_id");
        var id = (await (await helper.Post(Path(host), new { target = $"@{guest.Handle}" }, "key")).Json(HttpStatusCode.Created))
            .Text("invite_id");
        await (await guest.Get($"/v/room-invitations/{id}")).Json(HttpStatusCode.OK);

        await (await host.Owner.Delete($"/v/rooms/{host.RoomID}/seats/{seat}/rights/invite_members")).IsEmptyWith(HttpStatusCode.NoContent);

        await (await guest.Get($"/v/room-invitations/{id}")).Refuses("not_found");
        await (await guest.Post($"/v/room-invitations/{id}/accept", "{}")).Refuses("not_found");
    }

    [Fact]
    public async Task by_email_answers_the_same_to_every_address_and_lets_in_who_proves_it()
    {
        var mailbox = new Mailbox();
        await using var service = await ParleService.Start(
            await cluster.NewDatabase(), parts => parts.AddSingleton<IMailTransport>(mailbox));
        var host = await service.NewOwnedRoom(1);
        var (guest, other) = (await service.NewPerson(), await service.NewPerson());
        await service.Proves(guest, "dora@example.org");
        var answers = new List<(HttpStatusCode, string)>();
        foreach (var address in (string[])["dora@example.org", " Dora@Example.ORG ", "nobody@example.org"])
        {
            answers.Add(await (await host.Owner.Post(
                Path(host), new { target = address, offered_rights = Array.Empty<string>() }, $"key-{address.Trim()}")).Bytes());
        }

        answers.Add(await (await host.Owner.Post(
            Path(host), new { target = "nobody@example.org", offered_rights = Array.Empty<string>() }, "key-nobody@example.org")).Bytes());
        Assert.Equal((HttpStatusCode.Accepted, """{"status":"accepted"}"""), Assert.Single(answers.Distinct()));
        Assert.Empty(
            await service.Rows("select type from parle.mt_events where data::text ilike '%example.org%'", row => row.GetString(0)));

        var letters = await mailbox.Has(4); // A retry sends it again: perhaps nothing went out the first time.
        var id = letters.First(letter => letter.To.Text == "dora@example.org").Text.Split("/room-invitations/")[1].Trim();
        var preview = await (await guest.Get($"/v/room-invitations/{id}")).Json(HttpStatusCode.OK);
        Assert.InRange(preview.Timestamp("expires_at"), DateTimeOffset.UtcNow.AddDays(29), DateTimeOffset.UtcNow.AddDays(31));
        await (await other.Post($"/v/room-invitations/{id}/accept", "{}")).Refuses("not_found");
        await (await guest.Post($"/v/room-invitations/{id}/accept", "{}")).Json(HttpStatusCode.Created);
        await (await guest.Post($"/v/room-invitations/{id}/accept", "{}")).Json(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("InvitationsPerAddress", "dora@example.org", "dora@example.org", "ana@example.org")]
    [InlineData("InvitationMailsPerInviter", "dora@example.org", "ben@example.org", "ana@example.org")]
    public async Task by_email_is_answered_the_same_and_mails_no_more_once_it_was_often(
        string limit, string first, string second, string last)
    {
        var mailbox = new Mailbox();
        var answers = new List<(HttpStatusCode, string)>();
        await using (var service = await ParleService.Start(
            await cluster.NewDatabase(), parts => parts.AddSingleton<IMailTransport>(mailbox), ($"Parle:Limits:{limit}", "2")))
        {
            var (host, other) = (await service.NewOwnedRoom(1), await service.NewOwnedRoom(1));
            foreach (var (inviter, target, key) in new[]
            { (host, first, "1"), (host, second, "2"), (host, second, "2"), (host, second, "3"), (other, last, "1") })
            {
                answers.Add(
                    await (await inviter.Owner.Post(Path(inviter), new { target, offered_rights = Array.Empty<string>() }, key)).Bytes());
            }
        }

        Assert.Equal((HttpStatusCode.Accepted, """{"status":"accepted"}"""), Assert.Single(answers.Distinct()));
        // All is sent before the service stops.
        Assert.Equal(new[] { first, second, last }.Order(), (await mailbox.Has(3)).Select(letter => letter.To.Text).Order());
    }

    private static string Path(OwnedRoom host) => $"/v/rooms/{host.RoomID}/invites/person";

    private static async Task<System.Text.Json.JsonElement> Invite(
        OwnedRoom host, string target, HttpStatusCode status, string? key = null) =>
        await (await host.Owner.Post(Path(host), new { target, offered_rights = Array.Empty<string>() }, key ?? $"{Guid.NewGuid()}"))
            .Json(status);

    private async Task<(ParleService Service, OwnedRoom Host)> Host()
    {
        var service = await cluster.Service;
        return (service, await service.NewOwnedRoom(1));
    }
}
