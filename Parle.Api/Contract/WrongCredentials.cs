using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Parle.Api.Bounds;
using Parle.Api.Callers;
using Parle.Domain;

namespace Parle.Api.Contract;

/// <summary>The limit on well-formed credentials that are not valid (<c>Parle:Limits:WrongCredentialsPerMinute</c>).</summary>
public sealed class WrongCredentials(IConfiguration configuration) : IDisposable
{
    /// <summary>Most credentials that are remembered as valid.</summary>
    private const int MaxProven = 20_000;

    private readonly WrongGuesses guesses = new(Limits.Of(configuration, "WrongCredentialsPerMinute", 60), "wrong_credentials_per_minute");
    private readonly ConcurrentDictionary<UInt128, bool> proven = new();

    /// <summary>Looks a credential up. One that was valid lately skips its network's queue, but is looked up like any other.</summary>
    /// <typeparam name="T">The type of its holder.</typeparam>
    public async Task<(T? Found, Refusal? TooMany)> LookUp<T>(
        HttpContext context, string presented, Func<Task<T>> look, Func<T, bool> isWrong)
    {
        var mark = MarkOf(presented);
        if (!proven.ContainsKey(mark))
        {
            var (looked, tooMany) = await guesses.LookUp(context, look, isWrong);
            if (tooMany is null && !isWrong(looked!))
            {
                Remember(mark);
            }

            return (looked, tooMany);
        }

        var found = await look();
        if (!isWrong(found))
        {
            return (found, null);
        }

        proven.TryRemove(mark, out _);
        return guesses.Count(context) is { } refusal ? (default, refusal) : (found, null);
    }

    /// <summary>Looks an agent's token up. The lookup itself knows whether the token was valid lately.</summary>
    public async Task<(Caller? Found, Refusal? TooMany)> LookUp(HttpContext context, CallerLookup lookup, PresentedCredentials presented)
    {
        if (!lookup.Knows(presented))
        {
            return await guesses.LookUp(context, () => lookup.Find(presented), found => found is null);
        }

        var caller = await lookup.Find(presented);
        return caller is null && guesses.Count(context) is { } refusal ? (null, refusal) : (caller, null);
    }

    /// <inheritdoc/>
    public void Dispose() => guesses.Dispose();

    private void Remember(UInt128 mark)
    {
        if (proven.Count >= MaxProven)
        {
            proven.Clear();
        }

        proven[mark] = true;
    }

    // Enough of a digest to recognise the credential, and nothing of the credential itself.
    private static UInt128 MarkOf(string presented) =>
        BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(presented)));
}
