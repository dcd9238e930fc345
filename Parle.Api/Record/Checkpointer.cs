using Npgsql;
using Parle.Projections.Record;

namespace Parle.Api.Record;

/// <summary>
/// Signs a checkpoint of each room with new facts, at regular intervals. Signed facts cannot be changed unnoticed, not even by the owner of
/// the database. One node does it at a time.
/// </summary>
public sealed class Checkpointer(
    NpgsqlDataSource database, Checkpoints checkpoints, TimeProvider clock, IConfiguration configuration, ILogger<Checkpointer> log)
    : BackgroundService
{
    /// <summary>The setting: seconds between two rounds; 0 to sign only on request.</summary>
    public const string Setting = "Parle:CheckpointSeconds";

    /// <summary>The default of <see cref="Setting"/>, in seconds.</summary>
    public const int DefaultSeconds = 60;

    private const int RoomsAtOnce = 1000;

    /// <summary>Signs a checkpoint of each room that is due. Returns the number of rooms; 0 too when another node is doing it.</summary>
    public async Task<int> SignDue(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await SignedNotes.TryLock(connection, cancellation))
        {
            return 0;
        }

        var signed = 0;
        for (var due = await SignedNotes.Due(connection, Guid.Empty, RoomsAtOnce, cancellation); due.Count > 0;
            due = due.Count < RoomsAtOnce ? [] : await SignedNotes.Due(connection, due[^1], RoomsAtOnce, cancellation))
        {
            foreach (var roomID in due.Except(checkpoints.Broken))
            {
                try
                {
                    signed += await checkpoints.Now(new RoomLog(roomID), cancellation) is null ? 0 : 1;
                }
                catch (BrokenRecordException)
                {
                    // Logged already. The other rooms are not affected.
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
}
