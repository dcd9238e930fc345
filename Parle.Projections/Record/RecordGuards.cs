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

    private static readonly string lines = Read("standing.sql");
    private static readonly string text = string.Join('\n', ((string[])["1_declared_migrations.sql", "2_facts.sql", "3_kept.sql",
        "4_erasure.sql", "5_callers.sql", "5_incarnations.sql", "6_service_role.sql"]).Select(Read));
    private static readonly string standing = $$"""
        select coalesce(encode(sha256(convert_to(string_agg(line, e'\n' order by line collate "C"), 'UTF8')), 'hex'), '')
        from (select replace(concat(name, ' ', means), 'parle.', '') from (
        {{lines}}
        ) as things(name, means)) as standing(line)
        """;

    /// <inheritdoc/>
    public DbObjectName Identifier { get; } = new Weasel.Postgresql.PostgresqlObjectName(
        ParleStore.Schema, Function, Weasel.Postgresql.SchemaUtils.IdentifierUsage.Function);

    /// <inheritdoc/>
    public IEnumerable<DbObjectName> AllNames() => [Identifier];

    /// <inheritdoc/>
    public void WriteCreateStatement(Migrator migrator, TextWriter writer) => writer.WriteLine($"""
        {text}
        do $guards$
        begin
            execute format('comment on function {ParleStore.Schema}.{Function}(text) is %L', '{Digest} ' || (
        {standing}
            ) || ' {Version}');
        end
        $guards$;
        """);

    /// <summary>Nothing: the guards of a running service are replaced, never taken away first.</summary>
    public void WriteDropStatement(Migrator rules, TextWriter writer)
    {
    }

    /// <summary>Which text of the guards this build puts in place.</summary>
    public static string Digest { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>
    /// Which version of Parle this is: kept with the guards, so that an older program can say that the database is ahead of it.
    /// </summary>
    public static Version Version { get; } = typeof(RecordGuards).Assembly.GetName().Version!;

    /// <summary>
    /// Asks for three texts: what was put in place, what stands (the same where nothing is missing), and which version of Parle put it
    /// there, "" where none is told.
    /// </summary>
    public static string Query { get; } = $"""
        select concat_ws(' ', split_part(said, ' ', 1), nullif(split_part(said, ' ', 2), '')), '{Digest} ' || (
        {standing}
        ), split_part(said, ' ', 3)
        from (select coalesce((
            select obj_description(p.oid, 'pg_proc') from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname = '{ParleStore.Schema}' and p.proname = '{Function}'), '')) as put(said)
        """;

    /// <summary>Asks what stands, thing by thing: its name, and a digest of how it is.</summary>
    public static string Things { get; } = $"""
        select name, md5(string_agg(replace(means, 'parle.', ''), e'\n' order by means collate "C")) from (
        {lines}
        ) as things(name, means) group by name order by name
        """;

    /// <inheritdoc/>
    public void ConfigureQueryCommand(DbCommandBuilder builder) => builder.Append($"{Query};");

    /// <inheritdoc/>
    public async Task<ISchemaObjectDelta> CreateDeltaAsync(DbDataReader reader, CancellationToken ct = default)
    {
        await reader.ReadAsync(ct);
        var (put, stands) = (reader.GetString(0), reader.GetString(1));
        return new SchemaObjectDelta(this,
            put == stands ? SchemaPatchDifference.None : put.Length == 0 ? SchemaPatchDifference.Create : SchemaPatchDifference.Update);
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
