using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;
using Parle.Domain.Invitations;
using Parle.Domain.Tokens;

namespace Parle.Api.Callers;

/// <summary>
/// Finds out who is calling. Who was found is remembered, but nobody is answered from memory alone: all calls that wait at the
/// same moment ask the database together what has changed since it was last asked. So a revocation holds for the next call on every node.
/// Tokens that nobody knows are looked for first, in a queue of their own: those that exist nowhere keep nobody waiting whose token does.
/// </summary>
public sealed class CallerLookup(NpgsqlDataSource database, ServerKey key, ILogger<CallerLookup> log) : BackgroundService
{
    private const int MaxTogether = 128;

    private const int MaxWaiting = 16_384;

    private const string ExistsSql = "select q.i from unnest($1) with ordinality as q(token, i) where exists (select from "
        + "parle.credentials c where c.hash = q.token)";

    private const string ChangesSql =
        "select pg_current_snapshot()::text, pg_postmaster_start_time(), now(), "
        + "coalesce(parle.caller_changes_since($1::pg_snapshot), '{}')";

    // One by one through the indexes ("limit 1"): the plan is made while the tables are small, and must hold when they are not. How many
    // are asked for is not the planner's to know (a select around the parameter): it would plan anew for each count, and takes longer than
    // the query.
    private const string Sql = $$"""
        select q.i, t.token_id, t.scopes, t.agent_id, a.handle, a.principal_id, p.handle, coalesce(t.room_id, '00000000-0000-0000-0000-000000000000'), r.handle,
               seat.seat_id, seat.since, s.session_id, s.agent_id, s.handle, s.created_at, s.expires_at, s.ended_at, pa.participant_id,
               s.superseded_at, sa.alias, sa.generation, t.path, t.actions, t.asks, bounded.token_ids, bounded.uses, pa.removed_at is not null, t.invite_id, t.seat_id is not null and seat.seat_id is null, t.ends_at,
               {{TokenQuota.IsGuest}},
               joined.joined_as, t.operators,
               t.own_above, case when s.token_id is not null then s.token_path || s.token_id end
        from unnest((select $1), (select $2)) with ordinality as q(token, session, i)
        cross join lateral (select subject_id from parle.credentials c where c.hash = q.token limit 1) as tc
        cross join lateral (
            select t.*, least(t.expires_at, (select min(above.expires_at) from parle.agent_tokens above where above.token_id = any(t.path))) as ends_at,
                   (select count(*) from parle.agent_tokens above where above.token_id = any(t.path) and above.agent_id = t.agent_id) as own_above
            from parle.agent_tokens t
            where t.token_id = tc.subject_id and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())
              and (t.path = '{}' or not exists (
                select 1 from parle.agent_tokens above where above.token_id = any(t.path) and (above.revoked_at is not null or above.expires_at <= now())))
              and (t.operators is null or not exists (select 1 from parle.operators o where o.operator_id = any(t.operators) and o.revoked_at is not null)) limit 1) as t
        left join lateral (
            select array_agg(b.token_id) as token_ids, array_agg(b.uses) as uses
            from parle.agent_tokens b where b.token_id = any(t.path || t.token_id) and b.uses is not null) as bounded on t.path <> '{}' or t.uses is not null
        cross join lateral (select * from parle.agents a where a.agent_id = t.agent_id and a.deleted_at is null limit 1) as a
        cross join lateral (select * from parle.principals p where p.principal_id = a.principal_id limit 1) as p
        left join lateral (select * from parle.rooms r where r.room_id = t.room_id and r.archived_at is null limit 1) as r on true
        left join lateral (
            select * from parle.seats s
            where s.agent_id = t.agent_id and s.room_id = r.room_id and s.removed_at is null and (t.seat_id is null or s.seat_id = t.seat_id) limit 1) as seat on true
        left join lateral (
            select coalesce(i.joined_as, case when i.accepted_by = i.inviter_id then 'guest' else 'itself' end) as joined_as
            from parle.invitations i where i.seat_id = seat.seat_id and i.kind = 'key' limit 1) as joined on true
        left join lateral (select subject_id from parle.credentials c where c.hash = q.session limit 1) as sc on true
        left join lateral (select * from parle.agent_sessions s where s.session_id = sc.subject_id limit 1) as s on true
        left join lateral (select alias, generation from parle.session_aliases sa where sa.session_id = s.session_id and sa.released_at is null limit 1) as sa on true
        left join lateral (
            select participant_id, removed_at from parle.participants p
            where p.session_id = s.session_id and p.room_id = t.room_id and p.seat_id = seat.seat_id and (p.left_at is null or p.removed_at is not null) limit 1) as pa on true
        """;

    // Whatever happens to a database that its triggers do not see, such as a restore under a running service, holds after this time too.
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromMinutes(1);

    private readonly KnownCallers known = new();
    // Null is the wish to forget.
    private readonly Channel<Question?> questions = Channel.CreateBounded<Question?>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly Channel<Question> strangers = Channel.CreateBounded<Question>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    /// <summary>
    /// The caller, or null when the token is unknown, revoked or expired. The session is for the caller of this to judge.
    /// </summary>
    public Task<Caller?> Find(Secret token, Secret? session) => Find(Presented(token, session));

    /// <summary>The same of what <see cref="Presented"/> made.</summary>
    /// <exception cref="TimeoutException">The service is stopping, or too many wait.</exception>
    public async Task<Caller?> Find(PresentedCredentials presented)
    {
        var found = await Ask(presented);
        var isWhole = found is not null && (presented.Session.Length == 0 || found.Session is not null);
        return isWhole || !await Credentials.Adopt(database, key, presented.Former, CancellationToken.None) ? found : await Ask(presented);
    }

    private Task<Caller?> Ask(PresentedCredentials presented)
    {
        var question = new Question(presented, new(TaskCreationOptions.RunContinuationsAsynchronously));
        var isAsked = Knows(presented) ? questions.Writer.TryWrite(question) : strangers.Writer.TryWrite(question);
        return isAsked ? question.Answer.Task
            : Task.FromException<Caller?>(new TimeoutException("The service is stopping, or too many callers wait."));
    }

    /// <summary>What came with a request, as it is looked for.</summary>
    public PresentedCredentials Presented(Secret token, Secret? session) =>
        new(key.HashOf(token), session is { } secret ? key.HashOf(secret) : [])
        { Former = key.Others.Count == 0 ? [] : Credentials.Former(key, [token, session]) };

    /// <summary>Whether this opened something of late.</summary>
    public bool Knows(PresentedCredentials presented) => known.Find(presented) is not null;

    /// <inheritdoc/>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        strangers.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(AnswerAll(), AnswerStrangers(), ForgetAndPrune(stoppingToken));

    // Nothing that was not found is remembered, or a token that is minted later would stay unknown.
    private async Task AnswerStrangers()
    {
        var waiting = new List<Question>(MaxTogether);
        while (await strangers.Reader.WaitToReadAsync(CancellationToken.None))
        {
            waiting.Clear();
            while (waiting.Count < MaxTogether && strangers.Reader.TryRead(out var question))
            {
                waiting.Add(question);
            }

            try
            {
                await using var command = database.CreateCommand(ExistsSql);
                command.Parameters.Add(new()
                {
                    Value = waiting.ConvertAll(question => question.Credentials.Token),
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea
                });
                await using var rows = await command.ExecuteReaderAsync();
                while (await rows.ReadAsync())
                {
                    await questions.Writer.WriteAsync(waiting[(int)rows.GetInt64(0) - 1]);
                    waiting[(int)rows.GetInt64(0) - 1] = Question.Nobodys;
                }

                waiting.ForEach(question => question.Answer.TrySetResult(null));
            }
            catch (Exception failure) // Whatever it is, it belongs to those who wait, and the next ones get their own try.
            {
                waiting.ForEach(question => question.Answer.TrySetException(failure));
            }
        }

        questions.Writer.TryComplete();
    }

    private async Task AnswerAll()
    {
        var waiting = new List<Question>(MaxTogether);
        while (await questions.Reader.WaitToReadAsync(CancellationToken.None))
        {
            waiting.Clear();
            while (waiting.Count < MaxTogether && questions.Reader.TryRead(out var question))
            {
                if (question is null)
                {
                    known.ForgetAll();
                    continue;
                }

                waiting.Add(question);
            }

            if (waiting.Count == 0)
            {
                continue; // An idle service stays idle.
            }

            try
            {
                await Answer(waiting);
            }
            catch (Exception failure) // Whatever it is, it belongs to those who wait, and the next ones get their own try.
            {
                known.ForgetAll();
                waiting.ForEach(question => question.Answer.TrySetException(failure));
            }
        }
    }

    // A node that is not asked forgets everything and does nothing.
    private async Task ForgetAndPrune(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(ForgetEvery);
        try
        {
            for (string? seen = null, next; await timer.WaitForNextTickAsync(stopping); seen = next)
            {
                next = known.AsOf;
                if (next is not null)
                {
                    questions.Writer.TryWrite(null);
                }

                if (seen is not null)
                {
                    await Prune(seen, stopping);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    private async Task Prune(string seen, CancellationToken cancellation)
    {
        try
        {
            await using var command = database.CreateCommand("select parle.prune_caller_changes($1::pg_snapshot)");
            command.Parameters.Add(new() { Value = seen });
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (Exception outage) when (outage is NpgsqlException or TimeoutException)
        {
            // The next round takes them with it.
            log.LogInformation("Old changes of callers stay until the database can be reached ({Reason})", outage.Message);
        }
    }

    private async Task Answer(List<Question> waiting)
    {
        var unknown = waiting.FindAll(question => known.Find(question.Credentials) is null);
        var now = await Look(unknown);
        var changed = waiting.FindAll(question => !AnswerFromMemory(question, now));
        if (changed.Count > 0)
        {
            await using var command = database.CreateCommand(Sql);
            command.Parameters.AddRange(Parameters(changed));
            await using var rows = await command.ExecuteReaderAsync();
            await AnswerFrom(rows, changed);
        }
    }

    // In one round trip: what has changed, and who they are that nobody knows yet. The later query sees no less than the earlier one.
    private async Task<DateTime> Look(List<Question> unknown)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(
            new(ChangesSql) { Parameters = { new() { Value = (object?)known.AsOf ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } } });
        if (unknown.Count > 0)
        {
            var command = new NpgsqlBatchCommand(Sql);
            command.Parameters.AddRange(Parameters(unknown));
            batch.BatchCommands.Add(command);
        }

        await using var rows = await batch.ExecuteReaderAsync();
        await rows.ReadAsync();
        var now = rows.GetDateTime(2);
        known.MoveTo(rows.GetString(0), rows.GetDateTime(1), rows.GetFieldValue<Guid?[]>(3));
        if (await rows.NextResultAsync())
        {
            await AnswerFrom(rows, unknown);
        }

        return now;
    }

    private bool AnswerFromMemory(Question question, DateTime now)
    {
        if (question.Answer.Task.IsCompleted)
        {
            return true;
        }

        switch (known.Find(question.Credentials))
        {
            case null:
                return false;
            case { EndsAt: { } end } when end <= now:
                known.Forget(question.Credentials);
                return false;
            case { Caller: var caller }:
                question.Answer.TrySetResult(caller);
                return true;
        }
    }

    private async Task AnswerFrom(NpgsqlDataReader rows, List<Question> asked)
    {
        while (await rows.ReadAsync())
        {
            var (question, caller) = (asked[(int)rows.GetInt64(0) - 1], Read(rows));
            // Misses are not cached: otherwise a later insert would stay invisible.
            if (question.Credentials.Session.Length == 0 || caller.Session is not null)
            {
                known.Add(question.Credentials, new(caller, rows.IsDBNull(29) ? null : rows.GetDateTime(29)));
            }

            question.Answer.TrySetResult(caller);
        }

        asked.ForEach(question => question.Answer.TrySetResult(null)); // Those that no row answered.
    }

    private static NpgsqlParameter[] Parameters(List<Question> asked) =>
    [
        new() { Value = asked.ConvertAll(question => question.Credentials.Token), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
        new()
        { Value = asked.ConvertAll(question => question.Credentials.Session), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
    ];

    private static Caller Read(NpgsqlDataReader row) => new(
        row.GetGuid(1),
        row.GetFieldValue<string[]>(2),
        row.GetGuid(3),
        row.GetString(4),
        row.GetGuid(5),
        row.GetString(6),
        row.GetGuid(7),
        row.IsDBNull(8) ? null : row.GetString(8),
        row.IsDBNull(9) ? null : new(row.GetGuid(9), row.GetInt64(10)),
        row.IsDBNull(11) ? null : new(
            row.GetGuid(11), row.GetGuid(12), row.GetString(13), row.IsDBNull(19) ? null : new(row.GetString(19), row.GetInt64(20)),
            row.GetFieldValue<DateTimeOffset>(14), row.GetFieldValue<DateTimeOffset>(15),
            row.IsDBNull(16) ? null : row.GetFieldValue<DateTimeOffset>(16),
            row.IsDBNull(18) ? null : row.GetFieldValue<DateTimeOffset>(18))
        {
            Tokens = row.IsDBNull(34) ? [] : row.GetFieldValue<Guid[]>(34),
        },
        row.IsDBNull(17) || row.GetBoolean(26) ? null : row.GetGuid(17))
    {
        WasSentOut = row.GetBoolean(26),
        SeatIsOver = row.GetBoolean(28),
        As = row.IsDBNull(31)
            ? null : row.GetString(31) switch { "guest" => JoinedAs.Guest, "hosts_agent" => JoinedAs.HostsAgent, _ => JoinedAs.Itself },
        Operators = row.IsDBNull(32) ? [] : row.GetFieldValue<Guid[]>(32),
        InvitationID = row.IsDBNull(27) ? null : row.GetGuid(27),
        TokenPath = row.GetFieldValue<Guid[]>(21),
        OwnAbove = (int)row.GetInt64(33),
        EndsAt = row.IsDBNull(29) ? null : row.GetFieldValue<DateTimeOffset>(29),
        Limits = row.IsDBNull(22) && row.IsDBNull(23) ? TokenLimits.None
            : new(row.IsDBNull(22) ? null : row.GetFieldValue<string[]>(22), row.IsDBNull(23) ? null : row.GetFieldValue<Guid[]>(23)),
        HasGuestsShare = row.GetBoolean(30),
        BoundedUses = row.IsDBNull(24) ? [] : [.. row.GetFieldValue<Guid[]>(24).Zip(row.GetFieldValue<int[]>(25))],
    };

    private sealed record Question(PresentedCredentials Credentials, TaskCompletionSource<Caller?> Answer)
    {
        public static Question Nobodys { get; } = new(new([], []), new());
    }
}
