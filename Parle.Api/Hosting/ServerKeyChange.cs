using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Record;
using Parle.Projections.Callers;

namespace Parle.Api.Hosting;

/// <summary>A server key that something in the database is kept under, and how much of it.</summary>
/// <param name="Key">Its public name.</param>
/// <param name="Since">Since when it is written under; null for that of a database from before keys could be replaced.</param>
/// <param name="Retired">Whether nothing is read under it any more.</param>
/// <param name="Here">Whether this process has it.</param>
/// <param name="Credentials">Live tokens and sessions that were not used since a newer key: they open nothing without this one.</param>
/// <param name="Identities">People's identities that were not proved since then: they are not recognised without this one.</param>
/// <param name="Secrets">Secrets kept for repeated requests, closed under it.</param>
/// <param name="SigningKeys">Signing keys closed or sealed under it.</param>
public sealed record ServerKeyUse(
    string Key, DateTimeOffset? Since, bool Retired, bool Here, long Credentials, long Identities, long Secrets, long SigningKeys)
{
    /// <summary>Whether anything is lost without it.</summary>
    public bool IsNeeded => Credentials + Identities + Secrets + SigningKeys > 0;
}

/// <summary>
/// Replaces the server key: says what needs which one, closes anew what the service can open by itself, and lets the old one go.
/// </summary>
public sealed class ServerKeyChange(NpgsqlDataSource database, ServerKey server, SigningKeys signing)
{
    private const int SecretsAtOnce = 500;

    /// <summary>The keys, oldest first.</summary>
    public async Task<IReadOnlyList<ServerKeyUse>> Status(CancellationToken cancellation)
    {
        var sealedUnder = await signing.SealedUnder(cancellation);
        return [.. (await ServerKeys.Uses(database, cancellation)).Select(use =>
        {
            var here = server.All.FirstOrDefault(key => key.CheckValue().AsSpan().SequenceEqual(use.CheckValue));
            return new ServerKeyUse(
                use.ID, use.Since, use.IsRetired, here is not null, use.Credentials, use.Identities, use.Secrets,
                here is null ? 0 : sealedUnder.Count(key => key == here));
        })];
    }

    /// <summary>
    /// Closes under the key that is written under whatever can be opened without anybody: kept secrets and signing keys. Can be broken off
    /// and run again.
    /// </summary>
    public async Task Reseal(CancellationToken cancellation)
    {
        while (await ResealSome(cancellation))
        {
        }

        await signing.Reseal(cancellation);
    }

    /// <summary>
    /// Lets go of all keys but the one that is written under. Refused, with what would be lost, while something needs one, unless that is
    /// wanted.
    /// </summary>
    public async Task<IReadOnlyList<ServerKeyUse>> Retire(bool force, CancellationToken cancellation)
    {
        var others = (await Status(cancellation)).Where(use => !use.Retired && use.Key != Convert.ToHexStringLower(server.ID)).ToList();
        if (!force && others.Exists(use => use.IsNeeded))
        {
            return [.. others.Where(use => use.IsNeeded)];
        }

        await ServerKeys.RetireOthers(database, server.CheckValue(), cancellation);
        return [];
    }

    // The subject is all that a secret is closed for besides its prefix, which only its kind knows: each is tried.
    private async Task<bool> ResealSome(CancellationToken cancellation)
    {
        var found = await SecretBoxes.Under(database, [.. server.Others.Select(other => other.ID)], SecretsAtOnce, cancellation);
        foreach (var secret in found)
        {
            var about = Prefixes.Select(prefix => MintedSecrets.About(prefix, secret.SubjectID))
                .FirstOrDefault(about => server.Open(secret.Box, about) is not null)
                ?? throw new InvalidOperationException(
                    $"The secret of {secret.SubjectID} is closed under none of the keys that are here.");
            await SecretBoxes.Replace(
                database, secret, server.Close(server.Open(secret.Box, about)!, about), server.ID, cancellation);
        }

        return found.Count > 0;
    }

    private static readonly string[] Prefixes =
        [.. CredentialKind.All.Where(kind => kind.IsSealed).Select(kind => kind.Prefix)];
}
