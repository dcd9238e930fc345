using Npgsql;
using Weasel.Core.Migrations;

namespace Parle.Api.Hosting;

/// <summary>Whether the database has the tables this build expects, and putting them there.</summary>
public sealed class ParleSchema(IEnumerable<IDatabase> databases, IEnumerable<IDatabaseSource> sources, NpgsqlDataSource database)
{
    private volatile bool current;

    /// <summary>Whether everything is in place. Looked up until it is so, then remembered: a schema does not go back.</summary>
    public async Task<bool> IsCurrent(CancellationToken cancellation)
    {
        if (!current)
        {
            current = await Matches(cancellation);
        }

        return current;
    }

    /// <summary>Creates what is missing. Several processes may do so at once: one works, the others wait and find it done.</summary>
    public async Task Apply(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await Execute(connection, "select pg_advisory_lock(hashtext('parle.schema'))", cancellation);
        try
        {
            foreach (var part in await Parts())
            {
                await part.ApplyAllConfiguredChangesToDatabaseAsync(JasperFx.AutoCreate.CreateOrUpdate, ct: cancellation);
            }
        }
        finally
        {
            await Execute(connection, "select pg_advisory_unlock(hashtext('parle.schema'))", cancellation);
        }
    }

    /// <summary>Whether the tables of the message store are there, without which the host cannot start its messaging.</summary>
    public static async Task<bool> HasMessageStore(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select to_regclass('parle.wolverine_nodes') is not null and to_regclass('parle.wolverine_incoming_envelopes') is not null");
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<bool> Matches(CancellationToken cancellation)
    {
        try
        {
            foreach (var part in await Parts())
            {
                await part.AssertDatabaseMatchesConfigurationAsync(cancellation);
            }

            return true;
        }
        catch (DatabaseValidationException)
        {
            return false;
        }
    }

    // Marten's and the messaging's, as db-apply finds them.
    private async Task<IReadOnlyList<IDatabase>> Parts()
    {
        var parts = databases.ToList();
        foreach (var source in sources)
        {
            parts.AddRange(await source.BuildDatabases());
        }

        return parts;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
