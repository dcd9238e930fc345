using Npgsql;
using NpgsqlTypes;
using Parle.Api.Platform;
using Parle.Domain.Invitations;
using Parle.Domain.Tokens;
using Parle.Projections;
using Parle.Projections.Callers;
using Question = Parle.Api.Platform.Pending<Parle.Api.Callers.PresentedCredentials?, Parle.Api.Callers.Caller?>;

namespace Parle.Api.Callers;

/// <summary>
/// Finds the caller of a request. Callers are cached, but no answer comes from the cache alone: all calls that wait at the same moment
/// together ask the database for the changes since it was last asked. So a revocation holds for the next call on every node. A token that
/// is not in the cache first passes a queue of its own, where only its existence is looked up: so invalid tokens delay no valid one.
/// </summary>
public sealed class CallerLookup(NpgsqlDataSource database, ServerKey key, ILogger<CallerLookup> log) : BackgroundService
{
    private const int MaxTogether = 128;

    private const int MaxWaiting = 16_384;

    // A change that the database's triggers do not see, such as a restore under a running service, holds after this time.
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromMinutes(1);

    private readonly KnownCallers known = new();
    // A null empties the cache.
    private readonly Batcher<PresentedCredentials?, Caller?> questions = new(MaxWaiting, MaxTogether);
    private readonly Batcher<PresentedCredentials?, Caller?> strangers = new(MaxWaiting, MaxTogether);

    /// <summary>
    /// The caller, or null when the token is unknown, revoked or expired. Whether the session lives is not checked here.
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

    private Task<Caller?> Ask(PresentedCredentials presented) => (Knows(presented) ? questions : strangers).Ask(presented);

    /// <summary>The credentials of a request, in the form in which they are looked up.</summary>
    public PresentedCredentials Presented(Secret token, Secret? session) =>
        new(key.HashOf(token), session is { } secret ? key.HashOf(secret) : [])
        { Former = key.Others.Count == 0 ? [] : Credentials.Former(key, [token, session]) };

    /// <summary>Whether this opened something of late.</summary>
    public bool Knows(PresentedCredentials presented) => known.Find(presented) is not null;

    /// <inheritdoc/>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        strangers.Close();
        return base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(questions.Run(AnswerAll), AnswerStrangers(), ForgetAndPrune(stoppingToken));

    private async Task AnswerStrangers()
    {
        await strangers.Run(AnswerStrangers);
        questions.Close();
    }

    // Misses are not cached: otherwise a token that is minted later would stay unknown.
    private async Task AnswerStrangers(IReadOnlyList<Question> waiting)
    {
        await using var command = database.CreateCommand(CallerRow.ExistsSql);
        command.Parameters.Add(new()
        {
            Value = waiting.Select(question => question.Request!.Token).ToList(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea
        });
        var exist = new HashSet<Question>();
        await using (var rows = await command.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
            {
                exist.Add(waiting[(int)new Row(rows).Get<long>("i") - 1]);
            }
        }

        foreach (var question in waiting)
        {
            if (exist.Contains(question))
            {
                await questions.Pass(question);
            }
            else
            {
                question.Resolve(null);
            }
        }
    }

    private async Task AnswerAll(IReadOnlyList<Question> waiting)
    {
        if (waiting.Any(question => question.Request is null))
        {
            known.ForgetAll();
        }

        var asked = waiting.Where(question => question.Request is not null).ToList();
        if (asked.Count == 0)
        {
            return; // An idle service stays idle.
        }

        try
        {
            await Answer(asked);
        }
        catch
        {
            known.ForgetAll();
            throw;
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
                    _ = questions.TryAsk(null); // Nobody waits for an answer to it.
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
            await using var command = database.CreateCommand(CallerRow.PruneSql);
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
        var unknown = waiting.FindAll(question => known.Find(question.Request!) is null);
        var now = await Look(unknown);
        var changed = waiting.FindAll(question => !AnswerFromMemory(question, now));
        if (changed.Count > 0)
        {
            await using var command = database.CreateCommand(CallerRow.Sql);
            command.Parameters.AddRange(Parameters(changed));
            await using var rows = await command.ExecuteReaderAsync();
            await AnswerFrom(rows, changed);
        }
    }

    // One round trip brings the changes and the callers that are not in the cache. The later query sees no less than the earlier one.
    private async Task<DateTime> Look(List<Question> unknown)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(
            new(CallerRow.ChangesSql)
            { Parameters = { new() { Value = (object?)known.AsOf ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } } });
        if (unknown.Count > 0)
        {
            var command = new NpgsqlBatchCommand(CallerRow.Sql);
            command.Parameters.AddRange(Parameters(unknown));
            batch.BatchCommands.Add(command);
        }

        await using var rows = await batch.ExecuteReaderAsync();
        await rows.ReadAsync();
        var row = new Row(rows);
        var now = row.Get<DateTime>("now");
        known.MoveTo(row.Get<string>("snapshot"), row.Get<DateTime>("start_of_server"), row.Get<Guid?[]>("changed"));
        if (await rows.NextResultAsync())
        {
            await AnswerFrom(rows, unknown);
        }

        return now;
    }

    private bool AnswerFromMemory(Question question, DateTime now)
    {
        if (question.Answer.IsCompleted)
        {
            return true;
        }

        switch (known.Find(question.Request!))
        {
            case null:
                return false;
            case { EndsAt: { } end } when end <= now:
                known.Forget(question.Request!);
                return false;
            case { Caller: var caller }:
                question.Resolve(caller);
                return true;
        }
    }

    private async Task AnswerFrom(NpgsqlDataReader rows, List<Question> asked)
    {
        while (await rows.ReadAsync())
        {
            var row = CallerRow.Read(new(rows));
            var (question, caller) = (asked[(int)row.Place - 1], Read(row));
            // Misses are not cached: otherwise a later insert would stay invisible.
            if (question.Request!.Session.Length == 0 || caller.Session is not null)
            {
                known.Add(question.Request!, new(caller, row.EndsAt?.UtcDateTime));
            }

            question.Resolve(caller);
        }

        asked.ForEach(question => question.Resolve(null)); // The rest has no row.
    }

    private static NpgsqlParameter[] Parameters(List<Question> asked) =>
    [
        new() { Value = asked.ConvertAll(question => question.Request!.Token), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
        new()
        { Value = asked.ConvertAll(question => question.Request!.Session), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
    ];

    private static Caller Read(CallerRow row) => new(
        row.TokenID, row.Scopes, row.AgentID, row.AgentHandle, row.PrincipalID, row.PrincipalHandle, row.RoomID, row.RoomHandle,
        row.Seat is var (seatID, since) ? new(seatID, since) : null,
        row.Session is not { } session ? null : new(
            session.SessionID, session.AgentID, session.Handle, session.Alias is var (alias, generation) ? new(alias, generation) : null,
            session.CreatedAt, session.ExpiresAt, session.EndedAt, session.SupersededAt)
        { Tokens = session.Tokens },
        row.WasRemoved ? null : row.ParticipantID)
    {
        WasSentOut = row.WasRemoved,
        SeatIsOver = row.SeatIsOver,
        As = row.JoinedAs switch
        {
            null => null,
            "guest" => JoinedAs.Guest,
            "hosts_agent" => JoinedAs.HostsAgent,
            _ => JoinedAs.Itself,
        },
        Operators = row.Operators,
        InvitationID = row.InvitationID,
        TokenPath = row.Path,
        OwnAbove = (int)row.OwnAbove,
        EndsAt = row.EndsAt,
        Limits = row.Actions is null && row.Asks is null ? TokenLimits.None : new(row.Actions, row.Asks),
        HasGuestsShare = row.IsGuest,
        BoundedUses = row.BoundedUses,
    };
}
