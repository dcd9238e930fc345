using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Weasel.Core;
using Weasel.Core.Migrations;
using DbCommandBuilder = Weasel.Core.DbCommandBuilder;

namespace Parle.Projections.Record;

/// <summary>
/// The database's own guards, which no role of the service can pass, and the grants of that role: the SQL files beside this one, as one
/// part of the schema. It is applied again when their text changes, and when a part of it was removed or disabled.
/// </summary>
public sealed class RecordGuards : ISchemaObject
{
    /// <summary>The role of the service.</summary>
    public const string ServiceRole = "parle_service";

    // The comment on this function tells which text was applied, and the state it produced.
    private const string Function = "declare_migration";

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

    /// <summary>Writes nothing: the guards of a running service are replaced, never dropped first.</summary>
    public void WriteDropStatement(Migrator rules, TextWriter writer)
    {
    }

    /// <summary>The role that the statements of a connection run as.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<string> RoleOf(NpgsqlConnection connection, CancellationToken cancellation) =>
        (await connection.Scalar<string>("select current_user::text as role", cancellation))!;

    /// <summary>The digest of this build's guards.</summary>
    public static string Digest { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The version of Parle that applied the guards: so an older program can tell that the database is ahead of it.</summary>
    public static Version Version { get; } = typeof(RecordGuards).Assembly.GetName().Version!;

    /// <summary>
    /// Queries three texts: <c>put</c> is the state that was applied, <c>stands</c> the present state (equal if nothing is missing), and
    /// <c>version</c> the version of Parle that applied it ("" if that is unknown).
    /// </summary>
    public static string Query { get; } = $"""
        select concat_ws(' ', split_part(said, ' ', 1), nullif(split_part(said, ' ', 2), '')) as put, '{Digest} ' || (
        {standing}
        ) as stands, split_part(said, ' ', 3) as version
        from (select coalesce((
            select obj_description(p.oid, 'pg_proc') from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname = '{ParleStore.Schema}' and p.proname = '{Function}'), '')) as put(said)
        """;

    /// <summary>Queries the present state, one row for each thing: its <c>name</c>, and a <c>digest</c> of its definition.</summary>
    public static string Things { get; } = $"""
        select name, md5(string_agg(replace(means, 'parle.', ''), e'\n' order by means collate "C")) as digest from (
        {lines}
        ) as things(name, means) group by name order by name
        """;

    /// <inheritdoc/>
    public void ConfigureQueryCommand(DbCommandBuilder builder) => builder.Append($"{Query};");

    /// <inheritdoc/>
    public async Task<ISchemaObjectDelta> CreateDeltaAsync(DbDataReader reader, CancellationToken ct = default)
    {
        await reader.ReadAsync(ct);
        var row = new Row(reader);
        var (put, stands) = (row.Get<string>("put"), row.Get<string>("stands"));
        return new SchemaObjectDelta(this,
            put == stands ? SchemaPatchDifference.None : put.Length == 0 ? SchemaPatchDifference.Create : SchemaPatchDifference.Update);
    }

    private static string Read(string name)
    {
        using var script = new StreamReader(typeof(RecordGuards).Assembly.GetManifestResourceStream(name)!);
        return script.ReadToEnd();
    }
}

/// <summary>Makes the guards the last part of the schema, because they refer to the tables.</summary>
/// <param name="migrator">Marten's own migrator.</param>
internal sealed class RecordFeature(Migrator migrator) : FeatureSchemaBase("record", migrator)
{
    /// <inheritdoc/>
    protected override IEnumerable<ISchemaObject> schemaObjects() => [new RecordGuards()];
}
