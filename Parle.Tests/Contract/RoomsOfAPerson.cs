using System.Net;
using System.Text;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class RoomsOfAPerson(TestCluster cluster)
{
    [Fact]
    public async Task are_opened_shared_with_a_seat_for_the_owner()
    {
        var ana = await (await cluster.Service).NewPerson();
        var room = await (await ana.Post("/v/rooms", new { kind = "shared", room_handle = "build" })).Json(HttpStatusCode.Created);

        room.HasExactly("room_id", "room_handle", "private", "kind", "seat_id");
        room.IsUuid("room_id", "seat_id");
        Assert.Equal(("build", false, "shared"), (room.Text("room_handle"), room.GetProperty("private").GetBoolean(), room.Text("kind")));
    }

    [Fact]
    public async Task are_private_unless_they_are_said_to_be_shared()
    {
        var ana = await (await cluster.Service).NewPerson();
        var room = await (await ana.Post("/v/rooms", new { room_handle = "diary" })).Json(HttpStatusCode.Created);
        Assert.Equal(("diary", true, "private"), (room.Text("room_handle"), room.GetProperty("private").GetBoolean(), room.Text("kind")));
    }

    [Fact]
    public async Task can_go_without_a_handle_when_they_are_shared()
    {
        var ana = await (await cluster.Service).NewPerson();
        foreach (var _ in (int[])[1, 2])
        {
            (await (await ana.Post("/v/rooms", new { kind = "shared" })).Json(HttpStatusCode.Created)).IsNull("room_handle");
        }

        Assert.Equal(2, (await (await ana.Get("/v/rooms")).Json(HttpStatusCode.OK)).GetProperty("rooms").GetArrayLength());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"kind":"private"}""")]
    [InlineData("""{"kind":"public","room_handle":"build"}""")]
    [InlineData("""{"kind":"shared","room_handle":"Build"}""")]
    [InlineData("""{"kind":"shared","room_handle":"rooms"}""")]
    [InlineData("""{"kind":"shared","room_handle":""}""")]
    public async Task are_refused_with_a_kind_or_a_handle_that_there_is_not(string body)
    {
        var ana = await (await cluster.Service).NewPerson();
        await (await ana.Post("/v/rooms", body)).IsRefused("validation_failed");
    }

    [Fact]
    public async Task have_handles_that_are_unique_among_the_owners()
    {
        var service = await cluster.Service;
        var (ana, ben) = (await service.NewPerson(), await service.NewPerson());
        var first = await ana.Opens(name: "build");
        await ben.Opens(name: "build");
        await (await ana.Post("/v/rooms", new { room_handle = "build" })).IsRefused("handle_unavailable");

        await (await ana.Delete($"/v/rooms/{first}")).IsEmptyWith(HttpStatusCode.NoContent);
        Assert.NotEqual(first, await ana.Opens(name: "build"));
    }

    [Fact]
    public async Task are_opened_once_for_one_handle_however_many_try()
    {
        var ana = await (await cluster.Service).NewPerson();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ana.Post("/v/rooms", new { room_handle = "build" })));
        Assert.Equal([HttpStatusCode.Created, .. Enumerable.Repeat(HttpStatusCode.Conflict, 7)],
            answers.Select(answer => answer.StatusCode).Order());
    }

    /// Law 3.
    [Fact]
    public async Task are_opened_once_for_one_key()
    {
        var service = await cluster.Service;
        var ana = await service.NewPerson();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ana.Post("/v/rooms", new { kind = "shared" }, "one-key")));

        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Bytes()))).Distinct());
        Assert.Single((await (await ana.Get("/v/rooms")).Json(HttpStatusCode.OK)).GetProperty("rooms").EnumerateArray());
        await (await ana.Post("/v/rooms", new { kind = "private", room_handle = "other" }, "one-key")).IsRefused("idempotency_conflict");
    }

    [Fact]
    public async Task are_listed_with_their_owner_and_how_one_belongs_to_them()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2);
        var (ana, ben) = (room.Owner, room.People[1]);
        await service.Admit(ben, room.RoomID);
        var diary = await ben.Opens("private", "diary");

        var list = await (await ben.Get("/v/rooms")).Json(HttpStatusCode.OK);

        list.HasExactly("rooms", "next");
        list.IsNull("next");
        var rows = list.GetProperty("rooms").EnumerateArray().ToList();
        Assert.All(rows, row =>
        {
            row.HasExactly("room_id", "room_handle", "private", "created_at", "relationship", "owner");
            row.GetProperty("owner").HasExactly("principal_id", "principal_handle");
            row.IsUuid("room_id");
            row.GetProperty("owner").IsUuid("principal_id");
            row.Timestamp("created_at");
        });
        Assert.Equal(
            [(room.RoomID, "build", false, "member", ana.Handle), (diary, "diary", true, "owner", ben.Handle)],
            rows.Select(row => (
                row.GetProperty("room_id").GetGuid(), row.Text("room_handle"), row.GetProperty("private").GetBoolean(),
                row.Text("relationship"), row.GetProperty("owner").Text("principal_handle"))));
    }

    [Fact]
    public async Task come_in_pages_that_a_client_can_take()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var ana = await service.NewPerson("a234567890123456789z");
        for (var i = 0; i < 250; i++)
        {
            await ana.Opens(name: $"room-{i:D15}");
        }

        var (seen, cursors, after) = (new List<Guid>(), new List<string>(), "");
        while (true)
        {
            var answer = await ana.Get($"/v/rooms{after}");
            var text = await answer.Content.ReadAsStringAsync();
            var page = System.Text.Json.JsonElement.Parse(text);
            Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, 64 * 1024);
            Assert.InRange(page.GetProperty("rooms").GetArrayLength(), 1, 200);
            seen.AddRange(page.GetProperty("rooms").EnumerateArray().Select(row => row.GetProperty("room_id").GetGuid()));
            if (page.GetProperty("next").GetString() is not { } next)
            {
                break;
            }

            cursors.Add(next);
            after = $"?after={next}";
        }

        Assert.Equal((250, 250), (seen.Count, seen.Distinct().Count()));
        Assert.Single(cursors);
    }

    [Theory, InlineData("x"), InlineData(""), InlineData("00000000-0000-0000-0000-000000000000&after=x")]
    public async Task are_not_listed_from_nowhere(string after)
    {
        var ana = await (await cluster.Service).NewPerson();
        await (await ana.Get($"/v/rooms?after={after}")).IsRefused("malformed_request");
    }

    [Fact]
    public async Task can_be_opened_by_an_agent_that_may()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(1, "create_room");
        var opened = await (await room.Agents[0].Send(HttpMethod.Post, "/v/rooms", """{"kind":"shared"}""")).Json(HttpStatusCode.Created);

        Assert.Equal(2, (await (await room.Owner.Get("/v/rooms")).Json(HttpStatusCode.OK)).GetProperty("rooms").GetArrayLength());
        Assert.Equal(
            [($"agent:{(await service.IDOfAgent(room.Agents[0]))}/session:{room.Agents[0].SessionID}", room.Owner.PrincipalID.ToString())],
            (await service.Rows("select headers->>'actor', headers->>'principal' from parle.mt_events where stream_id = $1",
                row => (row.GetString(0), row.GetString(1)), opened.GetProperty("room_id").GetGuid())).Distinct());
    }

    [Fact]
    public async Task cannot_be_opened_by_any_agent()
    {
        var room = await (await cluster.Service).NewOwnedRoom(1);
        var error = await (await room.Agents[0].Send(HttpMethod.Post, "/v/rooms", """{"kind":"shared"}"""))
            .IsRefused("forbidden", "reason", "unlock");
        Assert.Equal("missing_scope", error.Text("reason"));
    }

    [Fact]
    public async Task have_a_bound()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase(), ("Parle:Limits:RoomsPerPrincipal", "2"));
        var ana = await service.NewPerson();
        var first = await ana.Opens();
        await ana.Opens();

        var error = await (await ana.Post("/v/rooms", new { kind = "shared" }))
            .IsRefused("resource_limit_exceeded", "cap", "used", "limit", "recovery");
        Assert.Equal(
            ("principal_rooms", 2, 2), (error.Text("cap"), error.GetProperty("used").GetInt32(), error.GetProperty("limit").GetInt32()));
        Assert.NotEmpty(error.Text("recovery"));

        await (await ana.Delete($"/v/rooms/{first}")).IsEmptyWith(HttpStatusCode.NoContent);
        await ana.Opens();
    }
}
