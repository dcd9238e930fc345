using System.Data.Common;
using System.Runtime.ExceptionServices;
using JasperFx;
using Npgsql;
using Parle.Projections.Record;
using Weasel.Core;
using Weasel.Core.Migrations;
using Wolverine;

namespace Parle.Api.Hosting;

/// <summary>Whether the database has the tables and guards this build expects, and putting them there. The service itself could not.</summary>
public sealed class ParleSchema(IServiceProvider services, DurabilitySettings durability, ParleDatabase database)
{
    private readonly SchemaSeen seen = new(durability.Mode);
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
        await using var connection = await database.Owner.OpenConnectionAsync(cancellation);
        await Execute(connection, "select pg_advisory_lock(hashtext('parle.schema'))", cancellation);
        try
        {
            foreach (var part in await Parts())
            {
                await part.Migrator.ApplyAllAsync(connection, await Difference(part, connection, cancellation), AutoCreate.CreateOrUpdate, new Silent(), cancellation);
            }
        }
        finally
        {
            await Execute(connection, "select pg_advisory_unlock(hashtext('parle.schema'))", cancellation);
        }
    }

    /// <summary>
    /// Whether the service sees which transactions are at work. Without that, what follows the whole record may pass over facts of a
    /// transaction of more than three seconds.
    /// </summary>
    public async Task<bool> SeesTransactions(CancellationToken cancellation)
    {
        await using var command = database.Service.CreateCommand("select pg_has_role('pg_read_all_stats', 'USAGE')");
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Whether the tables of the message store are there, without which the host cannot start its messaging.</summary>
    public static async Task<bool> HasMessageStore(ParleDatabase database, CancellationToken cancellation)
    {
        await using var command = database.Owner.CreateCommand("select to_regclass('parle.wolverine_nodes') is not null and to_regclass('parle.wolverine_incoming_envelopes') is not null");
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<bool> Matches(CancellationToken cancellation)
    {
        await using var connection = await database.Owner.OpenConnectionAsync(cancellation);
        var (same, looks) = await seen.Look(connection, cancellation);
        if (same)
        {
            return true;
        }

        foreach (var part in await Parts())
        {
            if ((await Difference(part, connection, cancellation)).Difference is not SchemaPatchDifference.None)
            {
                return false;
            }
        }

        if (!await FactAppend.Fits(connection, cancellation))
        {
            throw new InvalidOperationException("The tables of facts have other columns than this build writes: it was made for another version of Marten."); // Not an operator's to mend: the comparison above finds what is.
        }

        await seen.Keep(connection, looks, cancellation);
        return true;
    }

    private static Task<SchemaMigration> Difference(IDatabase part, NpgsqlConnection connection, CancellationToken cancellation) =>
        SchemaMigration.DetermineAsync(connection, part.Migrator, cancellation, [.. part.AllObjects()]);

    // Marten's and the messaging's, as db-apply finds them. Made only when they are compared: most starts need none.
    private async Task<IReadOnlyList<IDatabase>> Parts()
    {
        var parts = services.GetServices<IDatabase>().ToList();
        foreach (var source in services.GetServices<IDatabaseSource>())
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

    // Weasel's own logger prints the whole schema to standard output, which is for what a command answers.
    private sealed class Silent : IMigrationLogger
    {
        public void SchemaChange(string sql)
        {
        }

        public void OnFailure(DbCommand command, Exception ex) => ExceptionDispatchInfo.Throw(ex);
    }
}
