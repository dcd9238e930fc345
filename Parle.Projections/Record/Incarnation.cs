using Npgsql;

namespace Parle.Projections.Record;

/// <summary>An incarnation of the database: another one begins with each restore, see <see cref="Tables.Incarnations"/>.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="BegunAt">Its beginning.</param>
/// <param name="Witness">A text that no other incarnation has.</param>
public sealed record Incarnation(int Number, DateTimeOffset BegunAt, string Witness)
{
    /// <summary>The present incarnation; null before the schema was ever put in place.</summary>
    /// <remarks>The first call after a restore begins another one, and writes down where all views stand. That takes its time.</remarks>
    /// <param name="connection">A connection that was just opened.</param>
    public static async Task<Incarnation?> Present(NpgsqlConnection connection)
    {
        if (!await connection.Scalar<bool>(
            "select to_regprocedure('parle.present_incarnation()') is not null as is_there", CancellationToken.None))
        {
            return null;
        }

        await using var command =
            new NpgsqlCommand("select number, begun_at, witness from parle.present_incarnation()", connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var row = new Row(reader);
        return new(row.Get<int>("number"), row.Get<DateTimeOffset>("begun_at"), row.Get<string>("witness"));
    }
}
