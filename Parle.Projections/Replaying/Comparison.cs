using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Replaying;

/// <summary>Compares live tables with rebuilt ones, both as of one instant.</summary>
internal static class Comparison
{
    /// <summary>The table that lists the keys of differing rows, numbered.</summary>
    public static string Differing(Table table) => $"{ShadowTables.Schema}.differing_{table.Identifier.Name}";

    /// <summary>The key's columns, of <paramref name="alias"/>.</summary>
    public static string Key(Table table, string alias) => string.Join(", ", table.PrimaryKeyColumns.Select(column => $"{alias}.{column}"));

    /// <summary>Compares a view in the snapshot of a transaction.</summary>
    public static async Task<ComparisonResult> Of(NpgsqlConnection connection, View view, long upto, CancellationToken cancellation)
    {
        var (live, rebuilt, differing, first) = (new List<Digest>(), new List<Digest>(), 0L, (Difference?)null);
        foreach (var table in view.Projection.Tables)
        {
            live.Add(await DigestOf(connection, ParleStore.Schema, table, cancellation));
            rebuilt.Add(await DigestOf(connection, ShadowTables.Schema, table, cancellation));
            if (live[^1] != rebuilt[^1])
            {
                differing += await List(connection, table, cancellation);
                first ??= await First(connection, table, cancellation);
            }
        }

        return new(view, upto, rebuilt.Sum(table => table.Rows), Sum(rebuilt), live.Sum(table => table.Rows), Sum(live), differing, first);
    }

    // The sum of all rows' digests: it depends neither on the order of rows nor on that of columns.
    private static async Task<Digest> DigestOf(NpgsqlConnection connection, string schema, Table table, CancellationToken cancellation) =>
        (await connection.Rows(
            $"""
            select count(*) as rows,
                coalesce(sum(('x' || encode(substring(sha256(convert_to({Row(table, "t")}, 'UTF8')) for 8), 'hex'))::bit(64)::bigint), 0)::text as sum
            from {schema}.{table.Identifier.Name} t
            """,
            row => new Digest(table.Identifier.Name, row.Get<long>("rows"), row.Get<string>("sum")), cancellation))[0];

    private static async Task<long> List(NpgsqlConnection connection, Table table, CancellationToken cancellation)
    {
        var keys = string.Join(", ", table.PrimaryKeyColumns.Select(column => $"coalesce(l.{column}, r.{column}) as {column}"));
        var same = string.Join(" and ", table.PrimaryKeyColumns.Select(column => $"l.{column} = r.{column}"));
        await connection.Execute(
            $"""
            create unlogged table {Differing(table)} as
            select row_number() over (order by {string.Join(", ", table.PrimaryKeyColumns)}) as n, k.*
            from (
                select {keys} from {ParleStore.Schema}.{table.Identifier.Name} l full join {ShadowTables.Schema}.{table.Identifier.Name} r on {same}
                where l.{table.PrimaryKeyColumns[0]} is null or r.{table.PrimaryKeyColumns[0]} is null or {Row(table, "l")} <> {Row(table, "r")}
            ) k
            """,
            cancellation);
        return await connection.Single<long>($"select count(*) from {Differing(table)}", cancellation);
    }

    private static async Task<Difference?> First(NpgsqlConnection connection, Table table, CancellationToken cancellation)
    {
        var name = table.Identifier.Name;
        return (await connection.Rows(
            $"""
            select (to_jsonb(d) - 'n')::text as key,
                (select to_jsonb(l)::text from {ParleStore.Schema}.{name} l where ({Key(table, "l")}) = ({Key(table, "d")})) as live,
                (select to_jsonb(r)::text from {ShadowTables.Schema}.{name} r where ({Key(table, "r")}) = ({Key(table, "d")})) as rebuilt
            from {Differing(table)} d where n = 1
            """,
            row => new Difference(name, row.Get<string>("key"), row.Get<string?>("live"), row.Get<string?>("rebuilt")),
            cancellation)).SingleOrDefault();
    }

    private static string Row(Table table, string alias) =>
        $"row({string.Join(", ", table.Columns.Select(column => $"{alias}.{column.Name}").Order(StringComparer.Ordinal))})::text";

    private static string Sum(IEnumerable<Digest> tables) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
            '\n', tables.Select(table => string.Create(CultureInfo.InvariantCulture, $"{table.Table} {table.Rows} {table.Sum}"))))));

    private sealed record Digest(string Table, long Rows, string Sum);
}
