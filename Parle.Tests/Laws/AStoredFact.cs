using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Parle.Api;
using Parle.Domain.Rooms;
using Parle.Projections;
using Parle.Tests.Asks;
using Parle.Tests.Contract;
using Parle.Tests.Crash;
using Parle.Tests.Invitations;
using Parle.Tests.Service;
using Parle.Tests.Tokens;

namespace Parle.Tests.Laws;

/// Laws 4 and 5, as far as they can be seen in the record.
public class AStoredFact(TestCluster cluster)
{
    /// Law 5, in a database of its own: other tests append facts past the service, and a refused batch leaves Marten's tombstones.
    [Fact]
    public async Task names_actor_principal_authority_and_cause()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        await Live(service, "hello");
        await End(service);
        await Guests.ComeAndGo(service);
        var nameless = await service.Rows(
            """
            select type from parle.mt_events
            where coalesce(headers->>'actor', '') = '' or (headers->>'principal')::uuid is null or coalesce(jsonb_array_length(headers->'authority'), 0) = 0 or coalesce(correlation_id, '') = ''
            """,
            row => row.GetString(0));
        var types = await service.Rows("select distinct type from parle.mt_events", row => row.GetString(0));

        Assert.Empty(nameless);
        // Nobody proves an address here, signs out, or takes a room in.
        Assert.Equal(EventNames.All.Keys.Except(["identity_linked", "identity_unlinked", "person_session_ended", "room_imported"]).Order(),
            types.Order());
    }

    [Fact]
    public async Task names_the_chain_from_seat_to_session()
    {
        var service = await cluster.Service;
        var agent = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await (await agent.Say("hello")).Json(HttpStatusCode.Created);

        var (actor, principal, authority) = Assert.Single(await service.Rows(
            "select headers->>'actor', headers->>'principal', headers->'authority' from parle.mt_events where stream_id = $1 and type = "
            + "'message_submitted'",
            row => (row.GetString(0), row.GetString(1), row.GetString(2)), agent.RoomID));
        var ids = Assert.Single(await service.Rows(
            """
            select s.agent_id, s.principal_id, s.seat_id, t.token_id from parle.seats s join parle.agent_tokens t on t.agent_id = s.agent_id and t.room_id = s.room_id where s.room_id = $1
            """,
            row => (Agent: row.GetGuid(0), Principal: row.GetGuid(1), Seat: row.GetGuid(2), Token: row.GetGuid(3)), agent.RoomID));

        Assert.Equal($"agent:{ids.Agent}/session:{agent.SessionID}", actor);
        Assert.Equal(ids.Principal, Guid.Parse(principal));
        Assert.Equal(
            [$"seat:{ids.Seat}", $"token:{ids.Token}", $"session:{agent.SessionID}"], JsonSerializer.Deserialize<string[]>(authority)!);
    }

    [Fact]
    public async Task commits_to_words_that_lie_in_contents_and_nowhere_else()
    {
        var service = await cluster.Service;
        var words = $"words of {Guid.NewGuid()}";
        await Live(service, words);

        foreach (var table in await service.Rows("select tablename from pg_tables where schemaname = 'parle'", row => row.GetString(0)))
        {
            var found = await service.Scalar<long>($"select count(*) from parle.{table} t where t::text like $1", $"%{words}%");
            Assert.True(found == (table == "contents" ? 2 : 0), $"{table} holds the words {found} times.");
        }
    }

    [Fact]
    public async Task commits_to_salt_and_words_together()
    {
        var service = await cluster.Service;
        var roomID = await Live(service, "héllo");
        var stored = await service.Rows(
            """
            select e.data->'content'->>'sha256', (e.data->'content'->>'bytes')::int, c.salt, c.body from parle.mt_events e
            join parle.contents c on c.content_id = e.id and c.room_id = e.stream_id and c.content_id = (e.data->>'message_id')::uuid where e.stream_id = $1 and e.type = 'message_submitted'
            """,
            row => (Sha256: row.GetString(0), Bytes: row.GetInt32(1), Salt: row.GetFieldValue<byte[]>(2), Body: row.GetString(3)), roomID);

        Assert.Equal(2, stored.Count);
        Assert.Equal(2, stored.Select(content => Convert.ToHexString(content.Salt)).Distinct().Count());
        Assert.All(stored, content =>
        {
            var body = Encoding.UTF8.GetBytes(content.Body);
            Assert.Equal("""{"body":"héllo"}""", content.Body);
            Assert.Equal(
                (Convert.ToHexStringLower(SHA256.HashData([.. content.Salt, .. body])), body.Length), (content.Sha256, content.Bytes));
        });
    }

    /// A room's life with every kind of fact; the words are said to all and to one.
    internal static async Task<Guid> Live(ParleService service, string words)
    {
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await AskAboutEverything(ana, ben);
        await (await ana.TryRevoke(await ana.Narrows(new { }))).Json(HttpStatusCode.NoContent);
        await (await ana.Say(words)).Json(HttpStatusCode.Created);
        await (await ana.Say(words, to: ben.Address)).Json(HttpStatusCode.Created);
        await ana.Claim("night-shift", 0);
        await ana.StartSession();
        await ana.Claim("night-shift", 1);
        await (await ana.Send(HttpMethod.Post, "/v/agent/session-aliases/night-shift/offline-delivery/disable")).Json(HttpStatusCode.OK);
        await (await ben.Send(HttpMethod.Post, $"/v/agent/sessions/{ben.SessionID}/end")).Json(HttpStatusCode.NoContent);
        return room.RoomID;
    }

    /// The owner's acts on a room and those in it, until it is archived.
    internal static async Task End(ParleService service)
    {
        var room = await service.NewOwnedRoom(4);
        var (owner, path) = (room.Owner, $"/v/rooms/{room.RoomID}");
        var said = await (await room.Agents[0].Say("too much")).Json(HttpStatusCode.Created);
        await (await owner.Post(
            $"{path}/redactions", new { event_id = said.GetProperty("event_id").GetGuid(), reason = "mistake" }, "redact"))
            .Json(HttpStatusCode.Created);
        await room.Agents[0].Claim("desk", 0);
        var alias = $"/v/agents/{await service.IDOfAgent(room.Agents[0])}/session-aliases/desk";
        await (await owner.Send(HttpMethod.Put, $"{alias}/offline-delivery", new { offline_delivery = false })).Json(HttpStatusCode.OK);
        await (await owner.Send(HttpMethod.Put, $"{alias}/offline-delivery", new { offline_delivery = true })).Json(HttpStatusCode.OK);
        await (await owner.Send(HttpMethod.Put, $"{alias}/offline-delivery", new { offline_delivery = false })).Json(HttpStatusCode.OK);
        await (await owner.Post($"{alias}/offline-delivery/restore-everywhere")).Json(HttpStatusCode.OK);
        await (await owner.Post($"{alias}/release/complete", new { expected_alias_generation = 1 }, "key")).Json(HttpStatusCode.OK);
        var seat = await owner.SeatOf(room.Agents[1]);
        await (await owner.Post($"{path}/seats/{seat}/rights", new { right_name = "invite_members" })).Json(HttpStatusCode.Created);
        await (await owner.Delete($"{path}/seats/{seat}/rights/invite_members")).Json(HttpStatusCode.NoContent);
        await (await owner.Post($"{path}/participants/{room.Agents[1].ParticipantID}/remove")).Json(HttpStatusCode.NoContent);
        await (await owner.Post($"{path}/seats/{await owner.SeatOf(room.Agents[2])}/remove")).Json(HttpStatusCode.NoContent);
        await (await room.People[3].Delete($"/v/agents/{await service.IDOfAgent(room.Agents[3])}")).Json(HttpStatusCode.NoContent);
        await (await owner.Delete(path)).Json(HttpStatusCode.NoContent);
        await Until.Holds(async () => await service.Scalar<long>(
            "select count(*) from parle.agent_tokens where room_id = $1 and revoked_at is null", room.RoomID) == 0);
    }

    /// An ask's life with every act, and with what time does to asks.
    private static async Task AskAboutEverything(TestAgent ana, TestAgent ben)
    {
        foreach (var action in Actions.All.Where(action => action.NamesAsk && action.Method == "POST"))
        {
            var ask = await AnAsk.For(action, ana, ben);
            await (await AnAffordance.Attempt(
                action, ana, ana.RoomID.ToString(), ask: ask, item: (await ana.ItemsOf(ask)).FirstOrDefault()))
                .Json(HttpStatusCode.Created);
        }

        var (lapses, expires) = (await ana.Opens(Asking.Help()),
            await ana.Opens(Asking.Help().With("due_at", DateTimeOffset.UtcNow.AddSeconds(1))));
        await ben.Does(lapses, "claim", new { lease_seconds = 1 });
        await Until.Holds(async () => (await ana.HistoryOf(lapses)).Contains("ask_claim_lapsed"));
        await Until.Holds(async () => (await ana.HistoryOf(expires)).Contains("ask_expired"));
    }
}
