using System.Net;
using System.Text;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class StartingASession(TestCluster cluster)
{
    private const string Path = "/v/agent/sessions";

    [Fact]
    public async Task answers_what_a_client_keeps()
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        var started = await ana.StartSession();

        started.HasExactly(
            "agent_session_id", "session_credential", "session_handle", "address", "alias", "generation", "created_at", "expires_at",
            "agent_id", "principal", "rooms", "next");
        started.IsUuid("agent_session_id", "agent_id");
        started.IsNull("alias");
        Assert.Equal(0, started.GetProperty("generation").GetInt32());
        Assert.Matches("^parle_ses_[A-Za-z0-9_-]{43}$", started.Text("session_credential"));
        Assert.Matches("^[a-z2-7]{16}$", started.Text("session_handle"));
        Assert.Equal(
            $"@{started.GetProperty("principal").Text("handle")}.helper.{started.Text("session_handle")}", started.Text("address"));
        Assert.Equal(TimeSpan.FromHours(12), started.Timestamp("expires_at") - started.Timestamp("created_at"));
        Assert.Equal($"/v/rooms/{ana.RoomID}/participants", started.GetProperty("next").Text("path"));
    }

    [Theory, InlineData("{}"), InlineData(" { } "), InlineData(""), InlineData("""{"alias":null}"""),
        InlineData("""{"name":"x","agent_id":1,"principal":{}}""")]
    public async Task needs_nothing_in_its_body(string body)
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        await (await ana.Send(HttpMethod.Post, Path, body)).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task needs_no_body_at_all()
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        await (await ana.Send(HttpMethod.Post, Path)).Json(HttpStatusCode.Created);
        await (await ana.SendNothing(Path)).Json(HttpStatusCode.Created);
    }

    [Theory, InlineData("\"reviewer\""), InlineData("1"), InlineData("{}"), InlineData("\"\"")]
    public async Task takes_no_alias(string alias)
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        await (await ana.Send(HttpMethod.Post, Path, $$"""{"alias":{{alias}}}""")).IsRefused("validation_failed");
        Assert.Empty((await (await ana.Send(HttpMethod.Get, Path)).Json(HttpStatusCode.OK)).GetProperty("sessions").EnumerateArray());
    }

    [Theory, InlineData("null"), InlineData("[]"), InlineData("1"), InlineData("{"), InlineData("""{"alias":null,"alias":null}"""),
        InlineData("{}{}")]
    public async Task takes_nothing_but_an_object(string body)
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        await (await ana.Send(HttpMethod.Post, Path, body)).IsRefused("malformed_request");
    }

    [Fact]
    public async Task takes_nothing_but_json()
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        using var request = ana.Request(HttpMethod.Post, Path);
        request.Content = new StringContent("{}", Encoding.UTF8, "text/plain");
        await (await ana.Send(request)).IsRefused("unsupported_media_type");
    }

    [Fact]
    public async Task twice_starts_two_of_which_both_live()
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        var (first, second) = (await ana.StartSession(), await ana.StartSession());
        foreach (var member in (string[])["agent_session_id", "session_credential", "session_handle"])
        {
            Assert.NotEqual(first.Text(member), second.Text(member));
        }

        ana.Credential = first.Text("session_credential");
        await ana.Enter();
    }
}

public class ListingSessions(TestCluster cluster)
{
    private const string Path = "/v/agent/sessions";

    [Fact]
    public async Task shows_a_session_as_soon_as_it_has_started_and_not_once_it_ended()
    {
        var room = await (await cluster.Service).NewRoom(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var started = await ana.StartSession();
        await ben.StartSession();

        var listed = Assert.Single((await List(ana)).GetProperty("sessions").EnumerateArray());

        listed.HasExactly(
            "agent_session_id", "session_handle", "alias", "generation", "created_at", "expires_at", "last_seen_at", "address");
        listed.IsNull("alias");
        Assert.Equal(0, listed.GetProperty("generation").GetInt32());
        Assert.All((string[])["agent_session_id", "session_handle", "address", "created_at", "expires_at"],
            member => Assert.Equal(started.Text(member), listed.Text(member)));
        Assert.True(listed.Timestamp("last_seen_at") >= listed.Timestamp("created_at"));

        await ana.Send(HttpMethod.Post, $"{Path}/{ana.SessionID}/end");
        Assert.Empty((await List(ana)).GetProperty("sessions").EnumerateArray());
    }

    [Fact]
    public async Task never_shows_credentials_and_is_never_stored()
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        await ana.StartSession();

        var answer = await ana.Send(HttpMethod.Get, Path);

        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.DoesNotContain("parle_", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task leaves_out_those_whose_life_is_over()
    {
        var service = await cluster.Service;
        var ana = (await service.NewRoom(History.FromAdmission)).Agents[0];
        await service.StartExpiredSession(ana);
        Assert.Empty((await List(ana)).GetProperty("sessions").EnumerateArray());
    }

    [Fact]
    public async Task goes_on_where_the_page_before_ended()
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        var started = new List<string>();
        for (var i = 0; i < 25; i++)
        {
            started.Add((await ana.StartSession()).Text("agent_session_id"));
        }

        var (listed, next) = (new List<string>(), "");
        do
        {
            var page = await List(ana, next is "" ? "" : $"?after={next}");
            page.HasExactly("sessions", "next");
            listed.AddRange(page.GetProperty("sessions").EnumerateArray().Select(session => session.Text("agent_session_id")));
            next = page.GetProperty("next") is { ValueKind: JsonValueKind.String } cursor ? cursor.GetString() : null;
        }
        while (next is { Length: > 0 });

        Assert.Null(next);
        Assert.Equal(started.Order(StringComparer.Ordinal), listed);
    }

    [Fact]
    public async Task of_exactly_one_page_has_no_next()
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        for (var i = 0; i < 10; i++)
        {
            await ana.StartSession();
        }

        var page = await List(ana);
        Assert.Equal(10, page.GetProperty("sessions").GetArrayLength());
        page.IsNull("next");
    }

    [Theory, InlineData("?after="), InlineData("?after=x"), InlineData("?after=1"),
        InlineData("?after=019a7c1e-0b44-7a0c-9d3e-5c7b9a1f3d02&after=019a7c1e-0b44-7a0c-9d3e-5c7b9a1f3d02")]
    public async Task goes_on_from_nothing_but_a_next(string query)
    {
        var ana = (await (await cluster.Service).NewRoom(History.FromAdmission)).Agents[0];
        await (await ana.Send(HttpMethod.Get, Path + query)).IsRefused("malformed_request");
    }

    internal static async Task<JsonElement> List(TestAgent agent, string query = "") =>
        await (await agent.Send(HttpMethod.Get, Path + query)).Json(HttpStatusCode.OK);
}

public class ASignOfLife(TestCluster cluster)
{
    [Theory, InlineData("heartbeat"), InlineData("projection")]
    public async Task is_listed_at_once_and_extends_nothing(string kind)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var credential = ana.Credential;
        var before = await Listed();

        _ = kind is "heartbeat"
            ? await ana.Send(HttpMethod.Post, $"/v/agent/sessions/{ana.SessionID}/heartbeat")
            : await ana.Send(HttpMethod.Get, ana.Projection);

        var after = await Listed();
        Assert.True(after.Timestamp("last_seen_at") > before.Timestamp("last_seen_at"));
        Assert.Equal(before.Text("expires_at"), after.Text("expires_at"));

        async Task<JsonElement> Listed()
        {
            ana.Credential = null; // The look itself must not be the sign.
            var listed = Assert.Single((await ListingSessions.List(ana)).GetProperty("sessions").EnumerateArray());
            ana.Credential = credential;
            return listed;
        }
    }

    [Fact]
    public async Task needs_no_body_and_gives_none()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var path = $"/v/agent/sessions/{ana.SessionID}/heartbeat";
        await (await ana.Send(HttpMethod.Post, path)).IsEmptyWith(HttpStatusCode.NoContent);
        await (await ana.SendNothing(path)).IsEmptyWith(HttpStatusCode.NoContent);
    }
}
