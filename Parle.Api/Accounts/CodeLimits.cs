using Parle.Api.Bounds;
using Parle.Api.Callers;
using Parle.Domain;

namespace Parle.Api.Accounts;

/// <summary>
/// How often codes can be asked for and tried. Each bound is for one node, within ten minutes where nothing else is said, and 0 switches it
/// off.
/// </summary>
/// <remarks>
/// What strangers have mailed to an address never takes a code from a browser that proved the address before. Whoever comes from elsewhere
/// has one mail an hour from a reserve, when other networks used up what strangers have together. Nobody is left unmailed in silence: what
/// is too much is refused.
/// </remarks>
public sealed class CodeLimits(IConfiguration configuration) : IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly NetworkBound startsOfClient = new(configuration.GetValue("Parle:Limits:CodesPerClient", 30), Within);
    private readonly Bound<(Guid Address, string Browser)> mailsOfBrowser = new(
        configuration.GetValue("Parle:Limits:CodesPerAddress", 5), Within);
    private readonly NetworkBound mailsOfNetwork = new(configuration.GetValue("Parle:Limits:CodesPerAddress", 5), Within, networks: 2);
    private readonly Bound<Guid> mailsOfStrangers = new(configuration.GetValue("Parle:Limits:CodesPerAddressADay", 60), Day);
    private readonly Bound<(Guid Address, string Site)> reserveOfSite = new(1, TimeSpan.FromHours(1));
    private readonly Bound<Guid> reserve = new(configuration.GetValue("Parle:Limits:CodesKeptForOthersADay", 30), Day);
    private readonly NetworkBound guessesOfAddress = new(configuration.GetValue("Parle:Limits:GuessesPerAddress", 20), Within);
    private readonly NetworkBound guessesOfClient = new(configuration.GetValue("Parle:Limits:GuessesPerClient", 60), Within);

    /// <summary>Whether this client asked for too many codes. The refusal knows nothing of addresses.</summary>
    public Refusal? Start(HttpContext context) => Refused(startsOfClient.Exceeded(Network.Of(context)));

    /// <summary>Whether too much was mailed to this address, known or not, for whoever asks now.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="network">From where it is asked for.</param>
    /// <param name="browser">The browser, if it proved the address before: it has mails of its own.</param>
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
    /// Whether this client tried too much, at all or for this address, known or not. What others try locks nobody out: the code itself
    /// bounds that.
    /// </summary>
    public Refusal? Guess(HttpContext context, Identity address)
    {
        var network = Network.Of(context);
        return Refused(guessesOfClient.Exceeded(network)) ?? Refused(guessesOfAddress.Exceeded(network, address.Turn));
    }

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
