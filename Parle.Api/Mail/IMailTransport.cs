using Parle.Domain.Names;

namespace Parle.Api.Mail;

/// <summary>A mail to send. <see cref="ToString"/> shows neither its text nor its address, which are private.</summary>
/// <param name="To">The mailbox.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">Plain text.</param>
public sealed record MailMessage(EmailAddress To, string Subject, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => "(mail)";
}

/// <summary>A way to send mail.</summary>
public interface IMailTransport
{
    /// <summary>Whether mail can be sent at all.</summary>
    bool CanSend { get; }

    /// <summary>Sends one mail; throws when it could not.</summary>
    /// <param name="message">The mail.</param>
    /// <param name="cancellation">Gives up.</param>
    Task Send(MailMessage message, CancellationToken cancellation);
}

/// <summary>The transport that a service is configured to have.</summary>
public static class MailTransports
{
    /// <summary>SMTP when <c>Parle:Smtp:Host</c> is set; else, for developers, standard output; else none.</summary>
    public static IMailTransport Of(IConfiguration configuration, IHostEnvironment environment) =>
        SmtpSettings.Read(configuration) is { } smtp ? new SmtpTransport(smtp)
        : environment.IsDevelopment() ? new PrintingTransport()
        : new NoTransport();

    // Standard output rather than the log, since logs are collected and kept.
    private sealed class PrintingTransport : IMailTransport
    {
        public bool CanSend => true;

        public Task Send(MailMessage message, CancellationToken cancellation) =>
            Console.Out.WriteLineAsync($"\nMail to {message.To.Text}: {message.Subject}\n{message.Text}\n".AsMemory(), cancellation);
    }

    private sealed class NoTransport : IMailTransport
    {
        public bool CanSend => false;

        public Task Send(MailMessage message, CancellationToken cancellation) =>
            throw new InvalidOperationException("There is no way to send mail.");
    }
}
