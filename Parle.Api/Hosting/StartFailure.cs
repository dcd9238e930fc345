using Microsoft.AspNetCore.Connections;
using Npgsql;
using Parle.Api.Contract;
using Parle.Api.Mail;

namespace Parle.Api.Hosting;

/// <summary>What keeps the service from starting and is the operator's to mend: told in a line, without a stack trace.</summary>
public static class StartFailure
{
    /// <summary>The line for <paramref name="failure"/>; null for what nobody foresaw.</summary>
    public static string? Of(Exception failure) => failure switch
    {
        SettingsException or ServerKeyException or SmtpSettingsException or OidcSettingsException or PostgresNotFoundException or PostgresStartException => failure.Message,
        PostgresException refused => $"The database refused: {refused.MessageText}",
        IOException { InnerException: AddressInUseException } => $"{failure.Message} Another service listens there; name another address with --urls.",
        AggregateException several => several.InnerExceptions.Select(Of).ToList() is var lines && lines.TrueForAll(line => line is not null)
            ? string.Join(Environment.NewLine, lines.Distinct()) : null, // Parts that started side by side failed together: what is not foreseen of it is not left out.
        NpgsqlException => $"The database cannot be reached: {failure.Message}",
        _ => null,
    };
}
