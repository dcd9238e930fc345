using Npgsql;

namespace Parle.Api.Record;

/// <summary>
/// Signs a checkpoint of each room that gained facts, now and then: what was signed cannot be changed unnoticed, by whoever has the
/// database. One node does it at a time.
/// </summary>
public sealed class Checkpointer(
    NpgsqlDataSource database, Checkpoints checkpoints, TimeProvider clock, IConfiguration configuration, ILogger<Checkpointer> log)
    : BackgroundService
{
    /// <summary>The setting that says how often, in seconds; 0: only when somebody asks for one.</summary>
    public const string Setting = "Parle:CheckpointSeconds";

    /// <summary>How often, unless it is set.</summary>
    public const int DefaultSeconds = 60;

    private const int RoomsAtOnce = 1000;

    // Rooms whose stream is longer than what was signed of it.
    private const string DueSql = """
        select r.room_id from parle.rooms r
        cross join lateral (select version from parle.mt_streams s where s.id = r.room_id limit 1) as s
        left join lateral (select size from parle.checkpoints c where c.log_id = r.room_id order by size desc limit 1) as c on true
        where s.version > coalesce(c.size, 0) and r.room_id > $2 order by r.room_id limit $1
        """;

    /// <summary>Signs what is due now. Answers how many rooms that were; 0 too when another node is at it.</summary>
    public async Task<int> SignDue(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var turn = new NpgsqlCommand("select pg_try_advisory_xact_lock(hashtext('parle.checkpointer'))", connection))
        {
            if (!(bool)(await turn.ExecuteScalarAsync(cancellation))!)
            {
                return 0;
            }
        }

        var signed = 0;
        for (var due = await Due(connection, Guid.Empty, cancellation); due.Count > 0;
            due = due.Count < RoomsAtOnce ? [] : await Due(connection, due[^1], cancellation))
        {
            foreach (var roomID in due.Except(checkpoints.Broken))
            {
                try
                {
                    signed += await checkpoints.Now(new RoomLog(roomID), cancellation) is null ? 0 : 1;
                }
                catch (BrokenRecordException)
                {
                    // Said where it was found; the other rooms are no worse for it.
                }
            }
        }

        return signed;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (configuration.GetValue(Setting, DefaultSeconds) is not (> 0 and var seconds))
        {
            return;
        }

        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(seconds), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SignDue(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException) // Whatever it is, the service goes on.
            {
                log.LogError(failure, "Not all checkpoints could be signed; they are tried again at the next turn");
            }
        }
    }

    private static async Task<List<Guid>> Due(NpgsqlConnection connection, Guid after, CancellationToken cancellation)
    {
        await using var command =
            new NpgsqlCommand(DueSql, connection) { Parameters = { new() { Value = RoomsAtOnce }, new() { Value = after } } };
        var due = new List<Guid>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            due.Add(rows.GetGuid(0));
        }

        return due;
    }
}
