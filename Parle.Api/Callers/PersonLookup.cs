using Npgsql;

namespace Parle.Api.Callers;

/// <summary>Finds out which person is calling. Nothing is cached: the end of a session holds for the next call on every node.</summary>
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
        await using var command = database.CreateCommand($"""
            select s.session_id, p.principal_id, p.handle, p.display_name, s.operators, s.expires_at
            from parle.credentials c join parle.person_sessions s on s.session_id = c.subject_id join parle.principals p using (principal_id)
            where c.hash = $1 and s.ended_at is null and s.expires_at > now() and {Operator.NoneDismissed("s.operators")}
            """);
        command.Parameters.Add(new() { Value = hash });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        if (!await rows.ReadAsync(cancellation))
        {
            return null;
        }

        activity.Saw(rows.GetGuid(0), clock.GetUtcNow());
        return new(rows.GetGuid(1), rows.GetString(2), rows.GetString(3), $"person_session:{rows.GetGuid(0)}", rows.GetGuid(0))
        {
            Operators = rows.IsDBNull(4) ? [] : rows.GetFieldValue<Guid[]>(4),
            HoldsUntil = rows.GetFieldValue<DateTimeOffset>(5),
        };
    }
}
