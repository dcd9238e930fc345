using Parle.Api.Bounds;
using Parle.Api.Callers;
using Parle.Domain;

namespace Parle.Api.Accounts;

/// <summary>
/// The limits on codes: on requests for them and on attempts. Each is for one node, within ten minutes unless stated otherwise; 0 switches
/// it off.
/// </summary>
/// <remarks>
/// A browser that proved an address before has a mail limit of its own, which strangers cannot use up. All other clients share one. When
/// other networks have used that up, a client from elsewhere has one mail an hour from a reserve. A mail beyond a limit is refused, never
/// dropped silently.
/// </remarks>
public sealed class CodeLimits(IConfiguration configuration) : IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly NetworkRateLimit startsOfClient = new(configuration.GetValue("Parle:Limits:CodesPerClient", 30), Within);
    private readonly RateLimit<(Guid Address, string Browser)> mailsOfBrowser = new(
        configuration.GetValue("Parle:Limits:CodesPerAddress", 5), Within);
    private readonly NetworkRateLimit mailsOfNetwork = new(configuration.GetValue("Parle:Limits:CodesPerAddress", 5), Within, networks: 2);
    private readonly RateLimit<Guid> mailsOfStrangers = new(configuration.GetValue("Parle:Limits:CodesPerAddressADay", 60), Day);
    private readonly RateLimit<(Guid Address, string Site)> reserveOfSite = new(1, TimeSpan.FromHours(1));
    private readonly RateLimit<Guid> reserve = new(configuration.GetValue("Parle:Limits:CodesKeptForOthersADay", 30), Day);
    private readonly NetworkRateLimit guessesOfAddress = new(configuration.GetValue("Parle:Limits:GuessesPerAddress", 20), Within);
    private readonly NetworkRateLimit guessesOfClient = new(configuration.GetValue("Parle:Limits:GuessesPerClient", 60), Within);

    /// <summary>Refuses a client that requested too many codes, whatever the address.</summary>
    /// <param name="network">The network of the client.</param>
    public Refusal? Start(Network network) => Refused(startsOfClient.Exceeded(network));

    /// <summary>Refuses one more mail to an address, known or not, when too many were sent there.</summary>
    /// <param name="address">The address.</param>
    /// <param name="network">The network of the client.</param>
    /// <param name="browser">The browser, if it proved the address before: it has a limit of its own.</param>
    public Refusal? Mail(Identity address, Network network, byte[]? browser)
    {
        if (browser is not null)
        {
            return Refused(mailsOfBrowser.Exceeded((address.Turn, Convert.ToHexStringLower(browser))));
        }

        var wait = mailsOfNetwork.Exceeded(network, address.Turn) ?? mailsOfStrangers.Exceeded(address.Turn);
        return wait is null || (reserveOfSite.Exceeded((address.Turn, network.Widest)) is null && reserve.Exceeded(address.Turn) is null)
            ? null : Refused(wait);
    }

    /// <summary>
    /// Refuses a client with too many attempts, in total or for this address, known or not. Attempts of others lock nobody out, since each
    /// code limits its attempts.
    /// </summary>
    /// <param name="network">The network of the client.</param>
    /// <param name="address">The address.</param>
    public Refusal? Guess(Network network, Identity address) =>
        Refused(guessesOfClient.Exceeded(network)) ?? Refused(guessesOfAddress.Exceeded(network, address.Turn));

    /// <inheritdoc/>
    public void Dispose()
    {
        startsOfClient.Dispose();
        mailsOfBrowser.Dispose();
        mailsOfNetwork.Dispose();
        mailsOfStrangers.Dispose();
        reserveOfSite.Dispose();
        reserve.Dispose();
        guessesOfAddress.Dispose();
        guessesOfClient.Dispose();
    }

    private static Refusal? Refused(TimeSpan? wait) =>
        wait is { } time ? Refusals.RateLimited with { RetryAfterMs = (int)Math.Max(1, Math.Ceiling(time.TotalMilliseconds)) } : null;
}
