using Parle.Tests.Crash;
using Parle.Tests.Laws;
using Parle.Tests.Replaying;
using Parle.Tests.Service;
using Parle.Tests.Tokens;

namespace Parle.Tests.Authority;

/// A node that remembers who is calling knows with the next call whatever has changed.
public class AKnownCaller(TestCluster cluster)
{
    // All that the lookup reads.
    private static readonly string[] tables = ["credentials", "agent_tokens", "agents", "principals", "rooms", "seats", "agent_sessions",
        "session_aliases", "participants", "invitations", "operators"];

    private static readonly Dictionary<string, string> another = new()
    {
        ["uuid"] = "gen_random_uuid()",
        ["text"] = "coalesce({0}, '') || 'x'",
        ["bytea"] = "{0} || '\\x00'",
        ["bigint"] = "{0} + 1",
        ["integer"] = "coalesce({0}, 1) + 1",
        ["boolean"] = "not {0}",
        ["timestamp with time zone"] = "coalesce({0}, now()) - interval '1 day'",
        ["text[]"] = "coalesce({0}, '{{}}') || 'x'::text",
        ["uuid[]"] = "coalesce({0}, '{{}}') || gen_random_uuid()",
    };

    [Fact]
    public async Task is_asked_for_again_after_any_change_of_what_it_rests_on()
    {
        var database = await cluster.NewDatabase();
        await using var a = await ParleService.Start(database);
        await using var b = await ParleService.Start(database);
        var (token, session) = await SomebodyWithEverything(a);
        Task Compare(string after) => Callers.AreKnownAsTheyAre(after, token, session, a, b);
        await Compare("nothing");
        var different = new HashSet<string>();
        foreach (var table in tables)
        {
            await a.Execute($"create table public.{table} as table parle.{table}");
            foreach (var (column, type) in await Columns(a, table))
            {
                var before = await a.Fresh(token, session);
                await a.Execute($"update parle.{table} set {column} = "
                    + $"{string.Format(System.Globalization.CultureInfo.InvariantCulture, another[type], column)}");
                await Compare($"an update of {table}.{column}");
                different.UnionWith(before == await b.Fresh(token, session) ? [] : [$"{table} {column}"]);

                await a.Execute($"delete from parle.{table}");
                await Compare($"a delete from {table}");
                await a.Execute($"insert into parle.{table} table public.{table}");
                await Compare($"an insert into {table}");
            }

            await a.Execute($"truncate parle.{table}");
            await Compare($"a truncate of {table}");
            await a.Execute($"insert into parle.{table} table public.{table}");
            await Compare($"an insert into the empty {table}");
        }

        // Each table matters, else this would show nothing.
        Assert.Equal(tables, different.Select(changed => changed.Split(' ')[0]).Distinct());
        Assert.Superset(
            new HashSet<string>
            {
                "agent_tokens revoked_at", "agent_tokens expires_at", "agents deleted_at", "rooms archived_at", "seats removed_at",
                "agent_sessions ended_at", "session_aliases released_at", "participants removed_at", "invitations seat_id",
                "operators revoked_at"
            },
            different);
    }

    [Fact]
    public async Task is_nobody_once_a_token_above_its_own_is_over_by_time_alone()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var (token, session) = await SomebodyWithEverything(service);
        var seconds = 1;
        do
        {
            await service.Execute(
                $"update parle.agent_tokens set expires_at = clock_timestamp() + interval '{seconds *= 2} seconds' where path = '{{}}'");
        }
        while (await service.Known(token, session) == "nobody"); // It must be known before its time is over, however slow this is.

        await Until.Holds(async () => await service.Fresh(token, session) == "nobody");
        Assert.Equal("nobody", await service.Known(token, session));
    }

    /// Pruned changes cannot be read any more: a node that has not read them drops its cache.
    [Fact]
    public async Task is_asked_for_again_when_what_changed_was_pruned_meanwhile()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var (token, session) = await SomebodyWithEverything(service);
        Assert.NotEqual("nobody", await service.Known(token, session));

        await service.Execute("update parle.agent_tokens set revoked_at = now()");
        await Until.Holds(async () =>
        {
            // A running transaction elsewhere may keep it from being pruned.
            await service.Execute("select parle.prune_caller_changes(pg_current_snapshot())");
            return await service.Scalar<long>("select count(*) from parle.caller_changes where key is not null") == 0;
        });
        Assert.Equal("nobody", await service.Known(token, session));
        Assert.Equal(1, await service.Scalar<long>("select count(*) from parle.caller_changes"));
    }

    [Fact]
    public async Task is_not_remembered_without_the_session_it_came_with()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var (token, session) = await SomebodyWithEverything(service);
        await service.Execute("create table public.sessions as table parle.agent_sessions; delete from parle.agent_sessions");
        var without = await service.Known(token, session);
        await service.Execute("insert into parle.agent_sessions table public.sessions");

        Assert.NotEqual(without, await service.Known(token, session));
        await Callers.AreKnownAsTheyAre("its session came back", token, session, service);
    }

    /// An agent whose answer has a value in every place: a token below another, with uses, and a session with an alias, in a room that it
    /// joined with the key of somebody whom an operator signed in.
    private static async Task<(string Token, string? Session)> SomebodyWithEverything(ParleService service)
    {
        var night = Assert.Single((await service.Provision(new(Operators: [new("night-shift")]), newTokens: true)).Operators!);
        var made = await new Visitor(service.Client()) { Token = night.Token }
            .Ask(HttpMethod.Post, "/v/operator/provision", new { principals = new[] { new { handle = "ana", person_session = true } } });
        var ana = new Visitor(service.Client()) { Cookie = made.GetProperty("principals")[0].GetProperty("person_session").GetString() };
        var roomID = (await ana.Ask(HttpMethod.Post, "/v/rooms", new { kind = "shared" })).GetProperty("room_id").GetGuid();
        var key = (await ana.Ask(HttpMethod.Post, $"/v/rooms/{roomID}/join-keys", new { })).GetProperty("key").GetString();
        var guest = new TestAgent(service.Client(), roomID,
            (await new Visitor(service.Client()).Ask(HttpMethod.Post, "/v/join", new { key })).GetProperty("token").GetString()!);
        await guest.StartSession();
        await guest.Enter();
        await guest.Claim("main", 0);
        var parent = await guest.Narrowed(service, new { uses = 9 });
        var child = await parent.Narrowed(service, new { uses = 5, actions = new[] { "read_projection" } });
        return (child.Token, child.Credential);
    }

    private static Task<IReadOnlyList<(string Name, string Type)>> Columns(ParleService service, string table) => service.Rows(
        "select a.attname::text, format_type(a.atttypid, a.atttypmod) from pg_attribute a where a.attrelid = ('parle.' || $1)::regclass "
        + "and a.attnum > 0 and not a.attisdropped",
        row => (row.GetString(0), row.GetString(1)), table);
}
