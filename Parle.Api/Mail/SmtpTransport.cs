using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Parle.Api.Mail;

/// <summary>The settings of the mail server (<c>Parle:Smtp</c>).</summary>
/// <param name="Host">Its name.</param>
/// <param name="Port">Its port: 587, or 465 for TLS from the start.</param>
/// <param name="Security">The protection of the connection.</param>
/// <param name="From">The sender's address.</param>
/// <param name="User">The account; null when none is needed.</param>
/// <param name="Password">Its password.</param>
public sealed record SmtpSettings(string Host, int Port, SecureSocketOptions Security, MailboxAddress From, string? User, string? Password)
{
    /// <summary>Reads the settings; null when no host is named.</summary>
    /// <exception cref="SmtpSettingsException">The settings are invalid.</exception>
    public static SmtpSettings? Read(IConfiguration configuration)
    {
        var smtp = configuration.GetSection("Parle:Smtp");
        if (smtp["Host"] is not { Length: > 0 } host)
        {
            return null;
        }

        var security = smtp["Security"] switch
        {
            null or "" or "starttls" => SecureSocketOptions.StartTls,
            "tls" => SecureSocketOptions.SslOnConnect,
            "none" => SecureSocketOptions.None,
            _ => throw new SmtpSettingsException("Parle:Smtp:Security must be starttls, tls or none."),
        };
        return new(
            host,
            smtp.GetValue("Port", security is SecureSocketOptions.SslOnConnect ? 465 : 587),
            security,
            MailboxAddress.TryParse(smtp["From"], out var from)
                ? from : throw new SmtpSettingsException("Parle:Smtp:From must be the sender's address."),
            smtp["User"],
            smtp["Password"]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"(mail server {Host})";
}

/// <summary>The settings of the mail server are invalid.</summary>
/// <param name="message">The correction.</param>
public sealed class SmtpSettingsException(string message) : Exception(message);

/// <summary>Sends mail through a mail server, over a connection of its own for each: mails are few.</summary>
/// <param name="settings">The mail server.</param>
public sealed class SmtpTransport(SmtpSettings settings) : IMailTransport
{
    /// <inheritdoc/>
    public bool CanSend => true;

    /// <inheritdoc/>
    public async Task Send(MailMessage message, CancellationToken cancellation)
    {
        using var letter = new MimeMessage
        {
            Subject = message.Subject,
            Body = new TextPart("plain") { Text = message.Text },
            Headers = { new Header("Auto-Submitted", "auto-generated") }, // So that no robot answers (RFC 3834 §5).
        };
        letter.From.Add(settings.From);
        letter.To.Add(new MailboxAddress(null, message.To.Text));

        using var server = new SmtpClient();
        await server.ConnectAsync(settings.Host, settings.Port, settings.Security, cancellation);
        if (settings.User is { Length: > 0 } user)
        {
            await server.AuthenticateAsync(user, settings.Password ?? "", cancellation);
        }

        await server.SendAsync(letter, cancellation);
        await server.DisconnectAsync(quit: true, cancellation);
    }
}
