using Npgsql;
using Parle.Projections.Callers;

namespace Parle.Api.Callers;

/// <summary>Finds the person who calls. Nothing is cached: the end of a session holds for the next call on every node.</summary>
public sealed class PersonLookup(NpgsqlDataSource database, ServerKey key, SessionActivity activity, TimeProvider clock)
{
    /// <summary>The person, or null when no valid session came with the request.</summary>
    public async Task<Person?> Find(HttpContext context)
    {
        if (CredentialKind.PersonSession.Of(context.Request) is not { } secret)
        {
            return null;
        }

        return await Credentials.Find(database, key, secret, hash => Find(hash, context.RequestAborted), context.RequestAborted);
    }

    private async Task<Person?> Find(byte[] hash, CancellationToken cancellation)
    {
        if (await PersonRow.OfCredential(database, hash, cancellation) is not var (person, sessionID, expiresAt))
        {
            return null;
        }

        activity.Saw(sessionID, clock.GetUtcNow());
        return new(person.PrincipalID, person.Handle, person.DisplayName, $"person_session:{sessionID}", sessionID)
        { Operators = person.Operators, HoldsUntil = expiresAt };
    }
}
