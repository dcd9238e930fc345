using Npgsql;
using Parle.Projections.Callers;

namespace Parle.Projections.Invitations;

/// <summary>"Which agent of this principal joins, and how many does it have?" Deleted agents count for nothing.</summary>
public static class JoiningAgents
{
    private const string CountSql = "select count(*) from parle.agents a where a.principal_id = $1 and a.deleted_at is null";

    /// <summary>The number of a principal's agents.</summary>
    public static Task<long> Count(NpgsqlDataSource database, Guid principalID, CancellationToken cancellation) =>
        database.Scalar<long>(CountSql, cancellation, principalID);

    /// <summary>The number of these agents that are guests.</summary>
    public static Task<long> CountGuests(NpgsqlDataSource database, Guid principalID, CancellationToken cancellation) =>
        database.Scalar<long>($"{CountSql} and {GuestAgents.IsGuest}", cancellation, principalID);

    /// <summary>A principal's agent by its handle; null when there is none.</summary>
    public static Task<Guid?> Find(NpgsqlDataSource database, Guid principalID, string handle, CancellationToken cancellation) =>
        database.Scalar<Guid?>("select agent_id from parle.agents where principal_id = $1 and handle = $2 and deleted_at is null",
            cancellation, principalID, handle);

    /// <summary>The handle of a principal's only agent.</summary>
    /// <param name="database">The database of the views.</param>
    /// <param name="principalID">The principal.</param>
    /// <param name="fallback">The answer for a principal without agents.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null where the principal has several agents.</returns>
    public static Task<string?> OnlyHandle(
        NpgsqlDataSource database, Guid principalID, string fallback, CancellationToken cancellation) => database.Scalar<string?>(
            """
            select case count(*) when 0 then $2 when 1 then min(handle) end
            from parle.agents where principal_id = $1 and deleted_at is null
            """, cancellation, principalID, fallback);
}
