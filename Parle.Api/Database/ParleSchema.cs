using System.Data.Common;
using System.Runtime.ExceptionServices;
using JasperFx;
using Npgsql;
using Parle.Projections;
using Parle.Projections.Record;
using Weasel.Core;
using Weasel.Core.Migrations;
using Wolverine;

namespace Parle.Api.Database;

/// <summary>
/// Whether the database has the tables and guards this build expects, and putting them there. The service itself could not.
/// </summary>
public sealed class ParleSchema(IServiceProvider services, DurabilitySettings durability, ParleDatabase database)
{
    private const string LockName = "parle.schema";

    private readonly SchemaSeen seen = new(durability.Mode);
    private volatile Remembered? current;
    private string? unfit; // How it looked when it was compared last, part by part, and did not fit.

    /// <summary>Whether everything was in place once. Looked up until it is so, then remembered; <see cref="Find"/> looks again.</summary>
    public async Task<bool> IsCurrent(CancellationToken cancellation) =>
        current is not null || (await Find(cancellation)).State is SchemaState.Current;

    /// <summary>How the schema stands now. Once it was found current, this costs one query.</summary>
    public async Task<SchemaFinding> Find(CancellationToken cancellation)
    {
        await using var connection = await database.Owner.OpenConnectionAsync(cancellation);
        var now = await Look(connection, cancellation);
        if (!now.IsThere)
        {
            return new(SchemaState.Missing);
        }

        if (current is { } before && now.GuardsStand && now.Looks == before.Looks)
        {
            return SchemaFinding.Current;
        }

        // Nodes of the version before go on while the next one's schema is put in place, as long as nothing is taken from what they rely
        // on.
        if (current is { } known && now.Put != RecordGuards.Digest)
        {
            var things = await Things(connection, cancellation);
            var lost = known.Things.Keys.Where(name => name.StartsWith("trigger ", StringComparison.Ordinal) && !things.ContainsKey(name))
                .Order(StringComparer.Ordinal).ToList();
            return lost.Count == 0 ? SchemaFinding.Current : new(SchemaState.Altered, $"missing or disabled: {string.Join(", ", lost)}");
        }

        if (now.GuardsStand && now.Looks != unfit)
        {
            if (await Matches(connection, now.Looks, cancellation))
            {
                current = new(now.Looks, await Things(connection, cancellation));
                return SchemaFinding.Current;
            }

            unfit = now.Looks;
        }

        return now.By is { } by && by > RecordGuards.Version ? new(SchemaState.Newer, $"{by}")
            : now.Put == RecordGuards.Digest && !now.GuardsStand ? new(SchemaState.Altered, await Altered(connection, cancellation))
            : new(SchemaState.Outdated);
    }

    /// <summary>Creates what is missing. Several processes may do so at once: one works, the others wait and find it done.</summary>
    public async Task Apply(CancellationToken cancellation)
    {
        await using var connection = await database.Owner.OpenConnectionAsync(cancellation);
        await AdvisoryLocks.Take(connection, LockName, cancellation);
        try
        {
            foreach (var part in await Parts())
            {
                await part.Migrator.ApplyAllAsync(
                    connection, await Difference(part, connection, cancellation), AutoCreate.CreateOrUpdate, new Silent(), cancellation);
            }
        }
        finally
        {
            await AdvisoryLocks.Release(connection, LockName, cancellation);
        }
    }

    /// <summary>
    /// Whether the service sees which transactions are at work. Without that, what follows the whole record may pass over facts of a
    /// transaction of more than three seconds.
    /// </summary>
    public Task<bool> SeesTransactions(CancellationToken cancellation) =>
        database.Service.Scalar<bool>("select pg_has_role('pg_read_all_stats', 'USAGE') as sees_them", cancellation);

    /// <summary>Whether the tables of the message store are there, without which the host cannot start its messaging.</summary>
    public static Task<bool> HasMessageStore(ParleDatabase database, CancellationToken cancellation) => database.Owner.Scalar<bool>(
        """
        select to_regclass('parle.wolverine_nodes') is not null and to_regclass('parle.wolverine_incoming_envelopes') is not null as has_it
        """,
        cancellation);

    /// <summary>What <c>db-apply</c> would change, by name; empty when nothing.</summary>
    public async Task<IReadOnlyList<string>> Differences(CancellationToken cancellation)
    {
        await using var connection = await database.Owner.OpenConnectionAsync(cancellation);
        var differing = new List<string>();
        foreach (var part in await Parts())
        {
            differing.AddRange(
                (await Difference(part, connection, cancellation)).Deltas.Where(delta => delta.Difference is not SchemaPatchDifference.None)
                    .Select(delta => delta.SchemaObject is RecordGuards
                        ? "the guards of the record" : delta.SchemaObject.Identifier.QualifiedName));
        }

        return differing;
    }

    private async Task<bool> Matches(NpgsqlConnection connection, string looks, CancellationToken cancellation)
    {
        if ((await seen.Look(connection, cancellation)).Same)
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
            // Not an operator's to mend: the comparison above finds what is.
            throw new InvalidOperationException(
                "The tables of facts have other columns than this build writes: it was made for another version of Marten.");
        }

        await seen.Keep(connection, looks, cancellation);
        return true;
    }

    private static async Task<Standing> Look(NpgsqlConnection connection, CancellationToken cancellation) => (await connection.Rows(
        $"""
        select to_regclass('{ParleStore.Schema}.mt_events') is not null as is_there, put, stands, version, ({SchemaSeen.Looks}) as looks
        from ({RecordGuards.Query}) as guards
        """,
        row => new Standing(
            row.Get<bool>("is_there"), row.Get<string>("put").Split(' ')[0], row.Get<string>("put") == row.Get<string>("stands"),
            Version.TryParse(row.Get<string>("version"), out var by) ? by : null, row.Get<string>("looks")),
        cancellation))[0];

    private static async Task<Dictionary<string, string>> Things(NpgsqlConnection connection, CancellationToken cancellation) =>
        (await connection.Rows(
            RecordGuards.Things, row => (Name: row.Get<string>("name"), Digest: row.Get<string>("digest")), cancellation))
        .ToDictionary(thing => thing.Name, thing => thing.Digest);

    // By name where this node saw how it was before; a node that never did can only say that something is not as it was put.
    private async Task<string?> Altered(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (current is not { Things: var before })
        {
            return null;
        }

        var now = await Things(connection, cancellation);
        var lost = before.Keys.Where(name => !now.ContainsKey(name));
        var came = now.Keys.Where(name => !before.ContainsKey(name));
        var changed = before.Keys.Where(name => now.TryGetValue(name, out var means) && means != before[name]);
        return string.Join("; ", new[] { ("gone", lost), ("new", came), ("altered", changed) }
            .Where(part => part.Item2.Any())
            .Select(part => $"{part.Item1}: {string.Join(", ", part.Item2.Order(StringComparer.Ordinal).Take(20))}"));
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

    // Weasel's own logger prints the whole schema to standard output, which is for what a command answers.
    private sealed class Silent : IMigrationLogger
    {
        public void SchemaChange(string sql)
        {
        }

        public void OnFailure(DbCommand command, Exception ex) => ExceptionDispatchInfo.Throw(ex);
    }

    private sealed record Standing(bool IsThere, string Put, bool GuardsStand, Version? By, string Looks);

    private sealed record Remembered(string Looks, Dictionary<string, string> Things);
}

/// <summary>How the schema of the database stands to this program.</summary>
public enum SchemaState
{
    /// <summary>As this program needs it.</summary>
    Current,

    /// <summary>There is none.</summary>
    Missing,

    /// <summary>Tables, indexes or functions are not as this program needs them.</summary>
    Outdated,

    /// <summary>A later version of Parle has put its own in place.</summary>
    Newer,

    /// <summary>What keeps the record was taken away, disabled or altered.</summary>
    Altered,
}

/// <summary>What was found when the schema was looked at.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Detail">Which things are not as they should be, or which version it is of; for the log, not for strangers.</param>
public sealed record SchemaFinding(SchemaState State, string? Detail = null)
{
    /// <summary>All as it should be.</summary>
    public static SchemaFinding Current { get; } = new(SchemaState.Current);
}
