using Parle.Domain.Names;

namespace Parle.Api.Mail;

/// <summary>A mail to be sent. It prints nothing: both what it says and to whom are private.</summary>
/// <param name="To">Whose mailbox.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">Plain text.</param>
public sealed record Letter(EmailAddress To, string Subject, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => "(mail)";
}

/// <summary>What takes mail to mailboxes.</summary>
public interface ICarrier
{
    /// <summary>Whether there is a way to send mail at all.</summary>
    bool CanCarry { get; }

    /// <summary>Takes one mail there; throws when it could not.</summary>
    Task Carry(Letter letter, CancellationToken cancellation);
}

/// <summary>Which carrier this service has.</summary>
public static class Carrier
{
    /// <summary>SMTP when <c>Parle:Smtp:Host</c> is set; else, for developers, standard output; else none.</summary>
    public static ICarrier Of(IConfiguration configuration, IHostEnvironment environment) =>
        SmtpSettings.Read(configuration) is { } smtp ? new SmtpCarrier(smtp)
        : environment.IsDevelopment() ? new PrintingCarrier()
        : new NoCarrier();

    // Standard output and not the log: logs are collected and kept.
    private sealed class PrintingCarrier : ICarrier
    {
        public bool CanCarry => true;

        public Task Carry(Letter letter, CancellationToken cancellation) =>
            Console.Out.WriteLineAsync($"\nMail to {letter.To.Text}: {letter.Subject}\n{letter.Text}\n".AsMemory(), cancellation);
    }

    private sealed class NoCarrier : ICarrier
    {
        public bool CanCarry => false;

        public Task Carry(Letter letter, CancellationToken cancellation) =>
            throw new InvalidOperationException("There is no way to send mail.");
    }
}
