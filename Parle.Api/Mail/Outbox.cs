namespace Parle.Api.Mail;

/// <summary>
/// Mail that waits to be sent: in memory only and bounded, so that no code or link in clear lies in a database, and that nobody
/// can tell from an answer's time whether mail went out. What a stopped node did not send is asked for again by whoever misses it.
/// </summary>
public sealed class Outbox(ICarrier carrier, ILogger<Outbox> log) : BackgroundService
{
    /// <summary>How many of one tray are sent at the same time.</summary>
    public const int Together = 4;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)];

    /// <summary>Whether mail can be sent at all.</summary>
    public bool CanSend => carrier.CanCarry;

    /// <summary>Codes. They have a tray and senders of their own: whatever else is sent, people can sign in.</summary>
    public Tray Codes { get; } = new();

    /// <summary>Invitations.</summary>
    public Tray Invitations { get; } = new();

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        // One mailbox that is slow holds up no other.
        Task.WhenAll(
            new[] { Codes, Invitations }.SelectMany(tray => Enumerable.Range(0, Together).Select(_ => SendAllOf(tray, stoppingToken))));

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        Codes.Close();
        Invitations.Close();
        if (ExecuteTask is { } sending)
        {
            await Task.WhenAny(sending, Task.Delay(Grace, cancellationToken)); // Others have to stop in their time, too.
        }

        await base.StopAsync(cancellationToken);
    }

    private async Task SendAllOf(Tray tray, CancellationToken stopping)
    {
        await foreach (var letter in tray.TakeAll())
        {
            await Send(letter, stopping);
        }
    }

    private async Task Send(Letter letter, CancellationToken stopping)
    {
        for (var attempt = 0; attempt <= Pauses.Length && !stopping.IsCancellationRequested; attempt++)
        {
            try
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                patience.CancelAfter(Patience);
                await carrier.Carry(letter, patience.Token);
                return;
            }
            catch (Exception failure) // Whatever it is, the next mail gets its own try.
            {
                // Its message may name the mailbox.
                log.LogInformation("A mail could not be sent at once ({Failure})", failure.GetType().Name);
                await Task.Delay(attempt < Pauses.Length ? Pauses[attempt] : TimeSpan.Zero, stopping)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        log.LogWarning("A mail was not sent");
    }
}
