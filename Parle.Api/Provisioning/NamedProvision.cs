using System.Text.Json;
using Marten;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Wire;
using Parle.Api.Writing;

namespace Parle.Api.Provisioning;

/// <summary>
/// A description that was sent under an idempotency key. A retry gets the same answer, with the same secrets as long as they live (law 3).
/// </summary>
/// <param name="database">The database that keeps answers.</param>
/// <param name="secrets">Stores secrets for retries.</param>
/// <param name="name">The name of the write.</param>
/// <param name="meaning">The meaning of the description.</param>
public sealed class NamedProvision(NpgsqlDataSource database, MintedSecrets secrets, IdempotencyName name, Meaning meaning)
{
    /// <summary>The earlier answer; null when the description was not sent before.</summary>
    /// <exception cref="ProvisionNameTakenException">The name stands for another description.</exception>
    public async Task<Provisioned?> Earlier()
    {
        if (!(await IdempotencyRecord.Find(database, [name], CancellationToken.None)).TryGetValue(name, out var kept))
        {
            return null;
        }

        if (!meaning.IsOf(kept))
        {
            throw new ProvisionNameTakenException();
        }

        var said = JsonSerializer.Deserialize<Provisioned>(kept.Answer, WireJson.Options)!;
        return said with
        {
            Principals = await All(said.Principals, async one => one.PersonSession is { } id
                ? one with { PersonSession = Cookie(await Again(CredentialKind.PersonSession.Prefix, Guid.Parse(id))) } : one),
            Rooms = await All(said.Rooms, async room => room with
            {
                Tokens = await All(room.Tokens,
                    async one =>
                        one.Token is null ? one : one with { Token = await Again(CredentialKind.AgentToken.Prefix, one.AgentTokenID) }),
                Auditors = room.Auditors is null ? null : await All(room.Auditors,
                    async one =>
                        one.Token is null ? one : one with { Token = await Again(CredentialKind.AuditorToken.Prefix, one.AuditorID) }),
            }),
            Operators = said.Operators is null ? null : await All(said.Operators,
                async one =>
                    one.Token is null ? one : one with { Token = await Again(CredentialKind.OperatorToken.Prefix, one.OperatorID) }),
        };
    }

    /// <summary>Stores an answer, and separately the secrets in it.</summary>
    public void Keep(IDocumentSession session, Provisioned made, DateTimeOffset at)
    {
        var kept = made with
        {
            Principals = [.. made.Principals.Select(one => one.PersonSession is null
                ? one : one with
                { PersonSession = Close(one.PersonSession.Split('=')[1], CredentialKind.PersonSession.Prefix, one.SessionID!.Value) })],
            Rooms = [.. made.Rooms.Select(room => room with
            {
                Tokens = [.. room.Tokens.Select(
                    one => one.Token is null
                        ? one : one with { Token = Close(one.Token, CredentialKind.AgentToken.Prefix, one.AgentTokenID) })],
                Auditors = room.Auditors is null ? null : [.. room.Auditors.Select(
                    one => one.Token is null
                        ? one : one with { Token = Close(one.Token, CredentialKind.AuditorToken.Prefix, one.AuditorID) })],
            })],
            Operators = made.Operators is null ? null : [.. made.Operators.Select(one => one.Token is null
                ? one : one with { Token = Close(one.Token, CredentialKind.OperatorToken.Prefix, one.OperatorID, one.ExpiresAt) })],
        };
        session.QueueOperation(
            IdempotencyRecord.Keep([(name, new(meaning.Fingerprint(), JsonSerializer.Serialize(kept, WireJson.Options)))], at));

        // Replaces a secret in the kept answer by the id of its subject.
        string Close(string secret, string prefix, Guid subjectID, DateTimeOffset? expiresAt = null)
        {
            secrets.KeepToTell(session, Secret.Read(secret, prefix)!.Value, prefix, subjectID, expiresAt?.ToUniversalTime());
            return subjectID.ToString();
        }
    }

    private async Task<string?> Again(string prefix, Guid subjectID) =>
        (await secrets.Find(prefix, subjectID, CancellationToken.None))?.Reveal();

    private static string? Cookie(string? secret) => secret is null ? null : $"{CredentialKind.PersonSession.Name}={secret}";

    private static async Task<IReadOnlyList<T>> All<T>(IReadOnlyList<T> all, Func<T, Task<T>> each)
    {
        var done = new List<T>(all.Count);
        foreach (var one in all)
        {
            done.Add(await each(one));
        }

        return done;
    }
}

/// <summary>The name of a provisioning stands for another description.</summary>
public sealed class ProvisionNameTakenException() : Exception("This name stands for another description.");
