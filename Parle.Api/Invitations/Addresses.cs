using Parle.Api.Contract;

namespace Parle.Api.Invitations;

/// <summary>E-mail addresses of those who are invited: how they are stored, whose they are, and how mail gets there.</summary>
/// <remarks>The account plane proves addresses and sends mail; here is all that invitations need of it.</remarks>
public class Addresses(ServerKey server, ILogger<Addresses> log)
{
    private const int MaxLength = 254;

    /// <summary>The address as it is compared; null when it is none.</summary>
    public static string? Read(string? typed)
    {
        var text = typed?.Trim().ToLowerInvariant() ?? "";
        return text.Length <= MaxLength && text.Split('@') is [{ Length: > 0 and <= 64 }, { Length: > 0 }] && text.All(c => c is > ' ' and <= '~' and not ('"' or '<' or '>' or ',' or ';' or ':' or '\\' or '(' or ')'))
            ? text
            : null;
    }

    /// <summary>How an address is stored: as a keyed hash, in hex.</summary>
    public string HashOf(string address) => Convert.ToHexStringLower(server.HashOfIdentity($"email\n{address}"));

    /// <summary>The addresses that are proved to be the principal's, as they are stored.</summary>
    public virtual Task<IReadOnlyList<string>> Of(Guid principalID, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Sends mail, after everything is committed. Nobody waits for it.</summary>
    public virtual void Send(string to, string subject, string text) => log.LogWarning("Mail is not sent: this service has no outbox");
}
