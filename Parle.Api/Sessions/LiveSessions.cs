using System.Data.Common;
using Marten;
using Npgsql;
using NpgsqlTypes;
using Parle.Api.Callers;
using Parle.Domain;
using Parle.Domain.Sessions;

namespace Parle.Api.Sessions;

/// <summary>How many sessions may live at the same time, and which ones end so that another can start.</summary>
public sealed class LiveSessions(SessionActivity activity, NpgsqlDataSource database, TimeProvider clock, IConfiguration configuration)
{
    /// <summary>Live sessions of a token with those below it, unless configured otherwise. 0 stands for any number.</summary>
    public const int DefaultCap = 25;

    private const string LiveSql = """
        select s.session_id, s.token_path || s.token_id, coalesce(a.last_seen_at, s.created_at), coalesce(a.held_until > $2, false)
        from parle.agent_sessions s left join parle.session_activity a using (session_id)
        where s.agent_id = $1 and s.ended_at is null and s.superseded_at is null and s.expires_at > $2 and s.token_id is not null
        """;

    // Of each token with a number of uses: whether it and those below it started as many sessions as go with them.
    private const string StartsSql = """
        select exists (
            select from unnest($2, $3) as b(token_id, uses)
            where b.uses <= (
                select count(*) from parle.agent_tokens t join parle.agent_sessions s on s.token_id = t.token_id
                where t.agent_id = $1 and b.token_id = any(t.path || t.token_id)))
        """;

    private const string RevokedSql = "select exists (select from parle.agent_tokens where token_id = any($1) and revoked_at is not null)";

    private readonly SessionCap cap = new(Math.Max(0, configuration.GetValue("Parle:LiveSessions", DefaultCap)));

    /// <summary>
    /// The sessions that must end so that the caller's token can start one more, or why it cannot. Exact for whoever has the agent's turn,
    /// which a revocation takes too.
    /// </summary>
    public async Task<(Refusal? Refusal, IReadOnlyList<Guid> Ending)> MakeRoom(
        IDocumentSession session, Caller caller, CancellationToken cancellation)
    {
        Task<DbDataReader> Ask(NpgsqlCommand command) => session.ExecuteReaderAsync(command, cancellation);
        await using var revoked = new NpgsqlCommand(RevokedSql) { Parameters = { Ids([.. caller.TokenPath, caller.TokenID]) } };
        return await IsTrue(revoked, Ask) ? (Refusals.InvalidAgentToken, []) : await MakeRoom(caller, Ask);
    }

    /// <summary>Why the caller's token can start no more sessions; null when it can. Affordances ask this, without a turn.</summary>
    public async Task<Refusal?> Obstacle(Caller caller, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return (await MakeRoom(caller, async command =>
        {
            command.Connection = connection;
            return await command.ExecuteReaderAsync(cancellation);
        })).Refusal;
    }

    private static NpgsqlParameter Ids(Guid[] ids) => new() { Value = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };

    private static async Task<bool> IsTrue(NpgsqlCommand command, Func<NpgsqlCommand, Task<DbDataReader>> ask)
    {
        await using var rows = await ask(command);
        return await rows.ReadAsync() && rows.GetBoolean(0);
    }

    private async Task<(Refusal? Refusal, IReadOnlyList<Guid> Ending)> MakeRoom(Caller caller, Func<NpgsqlCommand, Task<DbDataReader>> ask)
    {
        if (caller.BoundedUses.Count > 0)
        {
            await using var starts = new NpgsqlCommand(StartsSql)
            {
                Parameters =
                {
                    new() { Value = caller.AgentID }, Ids([.. caller.BoundedUses.Select(token => token.TokenID)]),
                    new()
                    {
                        Value = caller.BoundedUses.Select(token => Math.Max(token.Uses, SessionCap.FewestStarts)).ToArray(),
                        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer
                    },
                },
            };
            if (await IsTrue(starts, ask))
            {
                return (SessionCap.NoStartLeft, []);
            }
        }

        var noted = activity.Noted; // Before the database: so no sign falls between.
        await using var command =
            new NpgsqlCommand(LiveSql) { Parameters = { new() { Value = caller.AgentID }, new() { Value = clock.GetUtcNow() } } };
        var live = new List<LiveSession>();
        await using var rows = await ask(command);
        while (await rows.ReadAsync())
        {
            var (id, seen) = (rows.GetGuid(0), rows.GetFieldValue<DateTimeOffset>(2));
            live.Add(new(id, rows.GetFieldValue<Guid[]>(1), noted.TryGetValue(id, out var later) && later > seen ? later : seen,
                rows.GetBoolean(3) || activity.IsHeldHere(id)));
        }

        return cap.MakeRoom(caller.OwnTokens, live);
    }
}
