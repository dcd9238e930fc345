using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Weasel.Core;
using Weasel.Core.Migrations;
using DbCommandBuilder = Weasel.Core.DbCommandBuilder;

namespace Parle.Projections.Record;

/// <summary>
/// What the database itself refuses, whoever asks, and what the service's role may do: the SQL files beside this one, as one
/// part of the schema. It is put in place again when their text changes, and when something of it was taken away or disabled.
/// </summary>
public sealed class RecordGuards : ISchemaObject
{
    /// <summary>The role that the service acts as.</summary>
    public const string ServiceRole = "parle_service";

    private const string Function = "declare_migration"; // Its comment says which text was put in place, and what came of it.

    private static readonly string standing = Read("standing.sql");
    private static readonly string text = string.Join('\n', ((string[])["1_declared_migrations.sql", "2_facts.sql", "3_kept.sql", "4_erasure.sql", "5_callers.sql", "5_incarnations.sql", "6_service_role.sql"]).Select(Read));
    private static readonly string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <inheritdoc/>
    public DbObjectName Identifier { get; } = new Weasel.Postgresql.PostgresqlObjectName(ParleStore.Schema, Function, Weasel.Postgresql.SchemaUtils.IdentifierUsage.Function);

    /// <inheritdoc/>
    public IEnumerable<DbObjectName> AllNames() => [Identifier];

    /// <inheritdoc/>
    public void WriteCreateStatement(Migrator migrator, TextWriter writer) => writer.WriteLine($"""
        {text}
        do $guards$
        begin
            execute format('comment on function {ParleStore.Schema}.{Function}(text) is %L', '{digest} ' || (
        {standing}
            ));
        end
        $guards$;
        """);

    /// <summary>Nothing: the guards of a running service are replaced, never taken away first.</summary>
    public void WriteDropStatement(Migrator rules, TextWriter writer)
    {
    }

    /// <summary>Asks for two texts: what was put in place, and what stands. They are the same where nothing is missing.</summary>
    public static string Query { get; } = $"""
        select coalesce((
            select obj_description(p.oid, 'pg_proc') from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname = '{ParleStore.Schema}' and p.proname = '{Function}'), ''), '{digest} ' || (
        {standing}
        )
        """;

    /// <inheritdoc/>
    public void ConfigureQueryCommand(DbCommandBuilder builder) => builder.Append($"{Query};");

    /// <inheritdoc/>
    public async Task<ISchemaObjectDelta> CreateDeltaAsync(DbDataReader reader, CancellationToken ct = default)
    {
        await reader.ReadAsync(ct);
        var (put, stands) = (reader.GetString(0), reader.GetString(1));
        return new SchemaObjectDelta(this, put == stands ? SchemaPatchDifference.None : put.Length == 0 ? SchemaPatchDifference.Create : SchemaPatchDifference.Update);
    }

    private static string Read(string name)
    {
        using var script = new StreamReader(typeof(RecordGuards).Assembly.GetManifestResourceStream(name)!);
        return script.ReadToEnd();
    }
}

/// <summary>Makes the guards the last part of the schema: what they guard is there before them.</summary>
/// <param name="migrator">Marten's own.</param>
internal sealed class RecordFeature(Migrator migrator) : FeatureSchemaBase("record", migrator)
{
    /// <inheritdoc/>
    protected override IEnumerable<ISchemaObject> schemaObjects() => [new RecordGuards()];
}
