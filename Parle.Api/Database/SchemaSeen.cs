using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Parle.Projections;
using Parle.Projections.Record;
using Wolverine;

namespace Parle.Api.Database;

/// <summary>
/// That this build found the schema current, and how all of it looked then: kept with the schema itself. Comparing part by part takes
/// longer than the rest of a start, so it is done only when another build comes, or when anything looks otherwise.
/// </summary>
/// <param name="mode">How messaging works; some of its tables depend on it.</param>
internal sealed class SchemaSeen(DurabilityMode mode)
{
    // What a comparison could find: columns, indexes, constraints and functions. The guards tell of themselves.
    internal const string Looks = $"""
        select coalesce(encode(sha256(convert_to(string_agg(replace(line, '{ParleStore.Schema}.', ''), e'\n' order by replace(line, '{ParleStore.Schema}.', '') collate "C"), 'UTF8')), 'hex'), '')
        from (
            select concat_ws(' ', c.relname, c.relkind, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid))
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            where c.relnamespace = to_regnamespace('{ParleStore.Schema}') and c.relkind <> 'i'
            union all
            select concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisprimary)
            from pg_index i join pg_class c on c.oid = i.indrelid where c.relnamespace = to_regnamespace('{ParleStore.Schema}')
            union all
            select concat_ws(' ', conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid))
            from pg_constraint where connamespace = to_regnamespace('{ParleStore.Schema}')
            union all
            select concat_ws(' ', oid::regprocedure, pg_get_function_result(oid), prolang, provolatile, prosecdef, proconfig, prosrc)
            from pg_proc where pronamespace = to_regnamespace('{ParleStore.Schema}')
        ) as looks(line)
        """;

    private readonly string build = Build(mode);

    /// <summary>Whether nothing has changed since, and all guards stand; else how it looks now.</summary>
    public async Task<(bool Same, string Looks)> Look(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var (kept, looks, stand) = (await connection.Rows(
            $"""
            select coalesce(obj_description(to_regnamespace('{ParleStore.Schema}'), 'pg_namespace'), '') as kept, ({Looks}) as looks,
                put = stands as stand
            from ({RecordGuards.Query}) as guards
            """,
            row => (row.Get<string>("kept"), row.Get<string>("looks"), row.Get<bool>("stand")), cancellation))[0];
        return (kept == Word(looks) && stand, looks);
    }

    /// <summary>Keeps that it was found current when it looked so. Who may not write that compares again next time.</summary>
    public async Task Keep(NpgsqlConnection connection, string looks, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"comment on schema {ParleStore.Schema} is '{Word(looks)}'", connection);
        try
        {
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.InsufficientPrivilege
            or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InternalError)
        {
            // Another account's schema, a database that only reads, or another node that writes the same now ("tuple concurrently
            // updated").
        }
    }

    private string Word(string looks) => $"current for {build}: {looks}";

    // Whoever has a say in what the schema must be.
    private static string Build(DurabilityMode mode)
    {
        var parts = ((Type[])[typeof(SchemaSeen), typeof(ParleStore), typeof(Marten.StoreOptions),
            typeof(Wolverine.Marten.MartenIntegration), typeof(WolverineOptions),
            typeof(Wolverine.Postgresql.PostgresqlConfigurationExtensions), typeof(Wolverine.RDBMS.DatabaseConstants),
            typeof(Weasel.Postgresql.PostgresqlMigrator), typeof(Weasel.Core.SchemaMigration), typeof(JasperFx.Events.IEvent)])
            .Select(part => part.Module.ModuleVersionId);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{mode} {string.Join(' ', parts)}")));
    }
}
