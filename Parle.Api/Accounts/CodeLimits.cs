using Parle.Api.Contract;
using Parle.Domain;

namespace Parle.Api.Accounts;

/// <summary>How often codes can be asked for and tried. Each bound is for ten minutes and one node, and 0 switches it off.</summary>
public sealed class CodeLimits(IConfiguration configuration) : IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(10);

    private readonly Bound<Guid> startsOfAddress = new(configuration.GetValue("Parle:Limits:CodesPerAddress", 5), Within);
    private readonly Bound<string> startsOfClient = new(configuration.GetValue("Parle:Limits:CodesPerClient", 30), Within);
    private readonly Bound<(Guid Address, string Client)> guessesOfAddress = new(configuration.GetValue("Parle:Limits:GuessesPerAddress", 20), Within);
    private readonly Bound<string> guessesOfClient = new(configuration.GetValue("Parle:Limits:GuessesPerClient", 60), Within);

    /// <summary>Whether this client asked for too many codes. The refusal knows nothing of addresses.</summary>
    public Refusal? Start(HttpContext context) => Refused(startsOfClient.Exceeded(Client.Of(context)));

    /// <summary>Whether too many codes were asked for this address. Nobody is told: a code that was sent stays valid.</summary>
    public bool IsSilenced(Identity address) => startsOfAddress.Exceeded(address.Turn) is not null;

    /// <summary>Whether this client tried too much, at all or for this address, known or not. What others try locks nobody out: the code itself bounds that.</summary>
    public Refusal? Guess(HttpContext context, Identity address)
    {
        var client = Client.Of(context);
        return Refused(guessesOfClient.Exceeded(client)) ?? Refused(guessesOfAddress.Exceeded((address.Turn, client)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        startsOfAddress.Dispose();
        startsOfClient.Dispose();
        guessesOfAddress.Dispose();
        guessesOfClient.Dispose();
    }

    private static Refusal? Refused(TimeSpan? wait) => wait is { } time ? Refusals.RateLimited with { RetryAfterMs = (int)Math.Max(1, Math.Ceiling(time.TotalMilliseconds)) } : null;
}
