using System.Security.Cryptography;
using Npgsql;
using Org.BouncyCastle.Math.EC.Rfc8032;
using Parle.Api.Callers;
using Parle.Projections.Record;

namespace Parle.Api.Record;

/// <summary>A key of the service, as it is published.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="Key">The public key.</param>
/// <param name="ValidFrom">A signature made before then does not count.</param>
/// <param name="ValidUntil">A signature made after then does not count; null for the one in use.</param>
/// <param name="Endorsement">A note signed with the key before, that names this one; null for the first.</param>
public sealed record PublishedKey(int Number, NoteKey Key, DateTimeOffset ValidFrom, DateTimeOffset? ValidUntil, string? Endorsement);

/// <summary>
/// The keys that checkpoints are signed with. The private ones lie in the database, closed under the server key: somebody who has the
/// database alone can neither sign with them nor put others in their place.
/// </summary>
public sealed class SigningKeys(
    NpgsqlDataSource database, ServerKey server, TimeProvider clock, IConfiguration configuration, ILogger<SigningKeys> log)
{
    /// <summary>The setting that names the service in what it signs; a random name when there is none at the first start.</summary>
    public const string NameSetting = "Parle:SignerName";

    /// <summary>How long a key goes on being valid after another took its place: until every node knows.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private volatile Known? known;

    /// <summary>All keys there are, oldest first; the first one is made now when there is none.</summary>
    public async Task<IReadOnlyList<PublishedKey>> All(CancellationToken cancellation) => (await Read(cancellation)).Keys;

    /// <summary>The same, as another node may have left them a moment ago.</summary>
    public Task<IReadOnlyList<PublishedKey>> AllNow(CancellationToken cancellation)
    {
        known = null;
        return All(cancellation);
    }

    /// <summary>Signs <paramref name="text"/> with the newest key.</summary>
    public async Task<string> Sign(string text, CancellationToken cancellation)
    {
        var (keys, seed, _) = await Read(cancellation);
        return SignedNote.Sign(text, keys[^1].Key, seed);
    }

    /// <summary>The name and the time, to the second, of a signature that is made now.</summary>
    public async Task<(string Name, DateTimeOffset At)> Signer(CancellationToken cancellation)
    {
        var (now, key) = (clock.GetUtcNow(), (await Read(cancellation)).Keys[^1]);
        return (key.Key.Name, Second(now < key.ValidFrom ? key.ValidFrom : now)); // The clock of the node that made the key may be ahead.
    }

    /// <summary>
    /// Puts a fresh key in the newest one's place, which endorses it, stays valid for <see cref="Overlap"/> and loses its private half.
    /// </summary>
    public async Task<PublishedKey> Rotate(CancellationToken cancellation)
    {
        known = null;
        var (keys, seed, _) = await Read(cancellation);
        var (old, now) = (keys[^1], Second(clock.GetUtcNow()));
        var (fresh, secret) = Make(old.Key.Name);
        var row = new PublishedKey(old.Number + 1, fresh, now, null, SignedNote.Sign(EndorsementOf(fresh, now), old.Key, seed));
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Insert(connection, row, secret, cancellation);
        var over = old with { ValidUntil = now + Overlap };
        await SigningKeyRow.End(connection, old.Number, now + Overlap, server.SealOf(TextOf(over)), cancellation);
        await transaction.CommitAsync(cancellation);
        known = null;
        return row;
    }

    /// <summary>
    /// Why nothing could be signed now, or what was signed could not be recognised: a key was changed or cannot be opened, as the database
    /// has it at this moment. Null when all is well.
    /// </summary>
    public async Task<string?> Obstacle(CancellationToken cancellation)
    {
        var rows = await Rows(cancellation);
        return rows.FirstOrDefault(row => !IsOurs(row.Key, row.Seal)) is { Key: { } strange }
            ? $"Signing key {strange.Number} was not written by this service, or was changed."
            : rows is [.., var newest] && (newest.Secret is null || server.Open(newest.Secret, newest.Key.Key.ToString()) is null)
                ? $"The private half of signing key {newest.Key.Number} cannot be opened."
            : null;
    }

    /// <summary>Whether this service wrote a key down as it is now.</summary>
    public bool IsOurs(PublishedKey key, byte[] seal) => server.IsSealOf(seal, TextOf(key));

    /// <summary>The server key that each signing key is sealed or closed under, of those that are here.</summary>
    internal async Task<IReadOnlyList<ServerKey>> SealedUnder(CancellationToken cancellation) =>
        [.. (await Rows(cancellation))
            .SelectMany(row => server.All.Where(key => key.SealOf(TextOf(row.Key)).AsSpan().SequenceEqual(row.Seal)))];

    /// <summary>
    /// Seals and closes all of them under the server key that is written under. What was signed with them is not touched.
    /// </summary>
    internal async Task Reseal(CancellationToken cancellation)
    {
        foreach (var (key, secret, seal) in (await Rows(cancellation)).Where(row => IsOurs(row.Key, row.Seal)))
        {
            var seed = secret is null ? null : server.Open(secret, key.Key.ToString()) ?? throw new InvalidOperationException(
                $"The private half of signing key {key.Number} cannot be opened.");
            await SigningKeyRow.Reseal(
                database, key.Number, seal, seed is null ? null : server.Close(seed, key.Key.ToString()), server.SealOf(TextOf(key)),
                cancellation);
        }
    }

    /// <summary>The text of an endorsement.</summary>
    public static string EndorsementOf(NoteKey key, DateTimeOffset from) =>
        $"parle key\n{key}\nvalid from {from.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\n";

    private async Task<Known> Read(CancellationToken cancellation)
    {
        if (known is { } found && clock.GetUtcNow() < found.Until)
        {
            return found;
        }

        if (await Stored(cancellation) is { } stored)
        {
            return known = stored;
        }

        var (key, secret) = Make(configuration[NameSetting] is { Length: > 0 } name
            ? name : $"parle-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
        await using (var connection = await database.OpenConnectionAsync(cancellation))
        {
            // Of two nodes that start at once, one is first.
            await Insert(connection, new(1, key, Second(clock.GetUtcNow()), null, null), secret, cancellation);
        }

        return known = await Stored(cancellation)
            ?? throw new InvalidOperationException("The first signing key was written and is not there.");
    }

    private async Task<IReadOnlyList<(PublishedKey Key, byte[]? Secret, byte[] Seal)>> Rows(CancellationToken cancellation) =>
        [.. (await SigningKeyRow.All(database, cancellation)).Select(row => (
            new PublishedKey(row.Number, new(row.Name, row.PublicKey), row.ValidFrom, row.ValidUntil, row.Endorsement),
            row.Secret, row.Seal))];

    private async Task<Known?> Stored(CancellationToken cancellation)
    {
        var keys = new List<PublishedKey>();
        byte[]? seed = null;
        foreach (var (row, secret, seal) in await Rows(cancellation))
        {
            if (!IsOurs(row, seal))
            {
                log.LogCritical(
                    "Signing key {Number} was not written by this service, or was changed: it is neither used nor published", row.Number);
                continue;
            }

            keys.Add(row);
            seed = secret is null ? null : server.Open(secret, row.Key.ToString());
        }

        return keys.Count == 0 ? null
            : seed is null ? throw new InvalidOperationException($"The private half of signing key {keys[^1].Number} cannot be opened.")
            : new(keys, seed, clock.GetUtcNow() + Remembered);
    }

    private Task Insert(NpgsqlConnection connection, PublishedKey key, byte[] seed, CancellationToken cancellation) => SigningKeyRow.Add(
        connection,
        new(key.Number, key.Key.Name, key.Key.PublicKey, key.ValidFrom, null, key.Endorsement, server.Close(seed, key.Key.ToString()),
            server.SealOf(TextOf(key))),
        cancellation);

    private static (NoteKey Key, byte[] Seed) Make(string name)
    {
        var (seed, key) = (RandomNumberGenerator.GetBytes(Ed25519.SecretKeySize), new byte[Ed25519.PublicKeySize]);
        Ed25519.GeneratePublicKey(seed, 0, key, 0);
        return (new(name, key), seed);
    }

    private static string TextOf(PublishedKey key) =>
        $"{key.Number}\n{key.Key}\n{key.ValidFrom.UtcDateTime:O}\n{key.ValidUntil?.UtcDateTime:O}\n{key.Endorsement}";

    private static DateTimeOffset Second(DateTimeOffset at) => new(at.Ticks - (at.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    private sealed record Known(IReadOnlyList<PublishedKey> Keys, byte[] Seed, DateTimeOffset Until);
}
