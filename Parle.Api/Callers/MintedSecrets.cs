using Marten;
using Npgsql;
using Parle.Projections.Callers;

namespace Parle.Api.Callers;

/// <summary>
/// Secrets that a repeated mint is answered with again (law 3). Each is random, and lies closed under the server key as long as what it
/// opens lives. So neither the server key with all ids that anybody sees, nor the database alone, tells one; and a secret that was revoked
/// is nowhere any more.
/// </summary>
public sealed class MintedSecrets(NpgsqlDataSource database, ServerKey server)
{
    /// <summary>
    /// Keeps a secret that opens <paramref name="subjectID"/>: its hash to be found by, and the secret itself for whoever repeats the
    /// request.
    /// </summary>
    /// <param name="session">The unit of work, which begins what the secret opens.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="prefix">Its prefix.</param>
    /// <param name="subjectID">What it opens.</param>
    /// <param name="expiresAt">When that is over at the latest; null for never.</param>
    public void Keep(IDocumentSession session, Secret secret, string prefix, Guid subjectID, DateTimeOffset? expiresAt)
    {
        session.QueueOperation(Credentials.Keep(server, secret, subjectID));
        KeepToTell(session, secret, prefix, subjectID, expiresAt);
    }

    /// <summary>Keeps the secret alone, where its hash is kept already.</summary>
    /// <param name="session">See above.</param>
    /// <param name="secret">See above.</param>
    /// <param name="prefix">See above.</param>
    /// <param name="subjectID">See above.</param>
    /// <param name="expiresAt">See above.</param>
    public void KeepToTell(IDocumentSession session, Secret secret, string prefix, Guid subjectID, DateTimeOffset? expiresAt) =>
        session.QueueOperation(SecretBoxes.Keep(
            new(subjectID, server.Close(secret.Bytes(prefix), About(prefix, subjectID))), server.ID, expiresAt));

    /// <summary>The secret that opens <paramref name="subjectID"/>; null when that is over, or was never kept to be told again.</summary>
    public async Task<Secret?> Find(string prefix, Guid subjectID, CancellationToken cancellation) =>
        Open(await KeptSecret.Of(database, subjectID, cancellation), prefix, subjectID);

    /// <summary>The same, over the connection of a unit of work.</summary>
    public async Task<Secret?> Find(IDocumentSession session, string prefix, Guid subjectID, CancellationToken cancellation) =>
        Open(await KeptSecret.Of(session, subjectID, cancellation), prefix, subjectID);

    private Secret? Open(KeptSecret? kept, string prefix, Guid subjectID)
    {
        if (kept?.Box is { } box)
        {
            return server.Open(box, About(prefix, subjectID)) is { } bytes ? Secret.Of(prefix, bytes) : null;
        }

        // Earlier versions computed secrets from ids. The hash proves whether this one was.
        return kept is null ? null : server.All.Select(key => key.FormerSecretOf(prefix, subjectID))
            .Where(former => server.All.Any(key => kept.Hashes.Any(hash => hash.AsSpan().SequenceEqual(key.HashOf(former)))))
            .Cast<Secret?>().FirstOrDefault();
    }

    /// <summary>What a closed secret belongs to.</summary>
    internal static string About(string prefix, Guid subjectID) => $"{prefix}{subjectID:N}";
}
