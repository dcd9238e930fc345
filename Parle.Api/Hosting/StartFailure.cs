using Microsoft.AspNetCore.Connections;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.LocalPostgres;
using Parle.Api.Mail;
using Parle.Api.Platform;

namespace Parle.Api.Hosting;

/// <summary>Errors at the start that the operator can correct: each becomes one line without a stack trace.</summary>
public static class StartFailure
{
    /// <summary>The environment variable that prints an unforeseen failure in full.</summary>
    public const string TraceVariable = "PARLE_TRACE";

    /// <summary>The line for <paramref name="failure"/>; null for an unforeseen one.</summary>
    public static string? Of(Exception failure) => failure switch
    {
        StartException or SettingsException or ServerKeyException or SmtpSettingsException or OidcSettingsException
            or PostgresNotFoundException => failure.Message,
        // PostgreSQL's own message has several lines.
        PostgresStartException => string.Join(" / ",
            failure.Message.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
        PostgresException refused => OfDatabase(refused),
        IOException { InnerException: AddressInUseException } =>
            $"{failure.Message} Another service listens there; name another address with --urls.",
        InvalidOperationException when failure.Message.Contains("No server certificate was specified", StringComparison.Ordinal) =>
            ListenAddresses.NoCertificate,
        AggregateException several => several.InnerExceptions.Select(Of).ToList() is var lines && lines.TrueForAll(line => line is not null)
            // Several parts failed while they started in parallel. If one failure is unforeseen, all are reported in full.
            ? string.Join(Environment.NewLine, lines.Distinct()) : null,
        NpgsqlException or TimeoutException =>
            $"The database cannot be reached: {failure.Message.TrimEnd('.')}. See that it runs, and look at ConnectionStrings__Parle.",
        _ when IsOfTheServer(failure) =>
            $"The server cannot listen as it is told: {FirstLine(failure.Message).TrimEnd('.')}. Look at ASPNETCORE_URLS, --urls and "
            + "Kestrel__Endpoints__… (an address is written as http://127.0.0.1:5080), and at Kestrel__Certificates__….",
        UnauthorizedAccessException or IOException => $"{failure.Message} Give this account the right to it, or take it out of the way.",
        _ => null,
    };

    /// <summary>The line for an unforeseen failure, with the way to see all of it; null when the exception is no failure.</summary>
    public static string? Unforeseen(Exception failure) => failure switch
    {
        HostAbortedException => null, // A tool that only wanted the host built.
        _ when Environment.GetEnvironmentVariable(TraceVariable) is "1" => failure.ToString(),
        _ when failure.GetBaseException() is var cause && cause != failure => "This failed, and nobody foresaw it: "
            + $"{FirstLine(failure.Message)} ({cause.GetType().Name}: {FirstLine(cause.Message)}). With {TraceVariable}=1 it tells where.",
        _ => $"This failed, and nobody foresaw it: {FirstLine(failure.Message)} ({failure.GetType().Name}). With {TraceVariable}=1 it "
            + "tells where.",
    };

    // Errors of the web server about addresses or certificates: its own message names them, and only the operator can correct them.
    private static bool IsOfTheServer(Exception failure) =>
        failure.StackTrace?.Contains("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal) is true
        && failure is (ArgumentException or FormatException or InvalidOperationException or System.Net.Sockets.SocketException
            or System.Security.Cryptography.CryptographicException or IOException);

    private static string OfDatabase(PostgresException refused) => refused.SqlState switch
    {
        PostgresErrorCodes.InsufficientPrivilege =>
            $"The database refused: {refused.MessageText}. The account of ConnectionStrings__Parle must be a member of parle_service (as a "
            + "superuser, once: grant parle_service to THAT_ACCOUNT;); what works on the schema needs its owner's, named in "
            + "ConnectionStrings__ParleOwner.",
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => "The database refused: "
            + $"{refused.MessageText}. Look at the user and the password in ConnectionStrings__Parle, and at pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName =>
            $"The database refused: {refused.MessageText}. Create it (createdb), or correct ConnectionStrings__Parle.",
        _ => $"The database refused: {refused.MessageText}",
    };

    private static string FirstLine(string text) => text.ReplaceLineEndings("\n").Split('\n')[0];
}
