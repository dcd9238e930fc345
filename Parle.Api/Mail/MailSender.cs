namespace Parle.Api.Mail;

/// <summary>
/// Sends queued mail. The queues are in memory and bounded: no code or link is stored in clear, and the time of an answer does not reveal
/// whether mail was sent. When a node stops, its unsent mail is lost; its addressees ask again.
/// </summary>
/// <param name="transport">The way to send mail.</param>
/// <param name="log">The log of failures, without addresses.</param>
public sealed class MailSender(IMailTransport transport, ILogger<MailSender> log) : BackgroundService
{
    /// <summary>The number of mails of one queue that are sent at the same time.</summary>
    public const int Together = 4;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)];

    /// <summary>Whether mail can be sent at all.</summary>
    public bool CanSend => transport.CanSend;

    /// <summary>The queue of codes. It has senders of its own, so that no other mail can delay a sign-in.</summary>
    public MailQueue Codes { get; } = new();

    /// <summary>The queue of invitations.</summary>
    public MailQueue Invitations { get; } = new();

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        // Several at once, so that a slow mailbox holds up no other.
        Task.WhenAll(
            new[] { Codes, Invitations }.SelectMany(queue => Enumerable.Range(0, Together).Select(_ => SendAllOf(queue, stoppingToken))));

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        Codes.Close();
        Invitations.Close();
        if (ExecuteTask is { } sending)
        {
            await Task.WhenAny(sending, Task.Delay(Grace, cancellationToken)); // Other parts of the service have to stop in time too.
        }

        await base.StopAsync(cancellationToken);
    }

    private async Task SendAllOf(MailQueue queue, CancellationToken stopping)
    {
        await foreach (var message in queue.TakeAll())
        {
            await Send(message, stopping);
        }
    }

    private async Task Send(MailMessage message, CancellationToken stopping)
    {
        for (var attempt = 0; attempt <= Pauses.Length && !stopping.IsCancellationRequested; attempt++)
        {
            try
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                patience.CancelAfter(Patience);
                await transport.Send(message, patience.Token);
                return;
            }
            catch (Exception failure) // Any failure: the next mail is tried all the same.
            {
                // The failure's message may name the mailbox.
                log.LogInformation("A mail could not be sent at once ({Failure})", failure.GetType().Name);
                await Task.Delay(attempt < Pauses.Length ? Pauses[attempt] : TimeSpan.Zero, stopping)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        log.LogWarning("A mail was not sent");
    }
}
