using Npgsql;
using Parle.Projections.Callers;

namespace Parle.Api.Callers;

/// <summary>Finds the person who calls. Nothing is cached: the end of a session holds for the next call on every node.</summary>
public sealed class PersonLookup(NpgsqlDataSource database, ServerKey key, SessionActivity activity, TimeProvider clock)
{
    /// <summary>The cookie of a person's session; browsers keep this name to one host and to TLS (RFC 6265bis §4.1.3.2).</summary>
    public const string CookieName = "__Host-parle_session";

    /// <summary>The person, or null when no valid session came with the request.</summary>
    public async Task<Person?> Find(HttpContext context)
    {
        if (Secret.Read(context.Request.Cookies[CookieName], Secret.PersonPrefix) is not { } secret)
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
