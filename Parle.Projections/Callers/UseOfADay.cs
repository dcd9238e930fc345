using Npgsql;

namespace Parle.Projections.Callers;

/// <summary>The writes of a payer in a day, as stored by all nodes.</summary>
/// <param name="Below">Whether they were made with tokens below a root token.</param>
/// <param name="Writes">Their number.</param>
/// <param name="Bytes">Their size.</param>
public sealed record UseOfADay(bool Below, long Writes, long Bytes)
{
    /// <summary>The use of one payer.</summary>
    public static Task<IReadOnlyList<UseOfADay>> Of(NpgsqlDataSource database, Guid payer, DateOnly day, CancellationToken cancellation) =>
        database.Rows(
            "select below, writes, bytes from parle.daily_use where payer_id = $1 and day = $2", Read, cancellation, payer, day);

    /// <summary>Adds <paramref name="more"/>, and returns the sum of all nodes.</summary>
    public static async Task<UseOfADay> Add(
        NpgsqlDataSource database, Guid payer, DateOnly day, UseOfADay more, CancellationToken cancellation) =>
        (await database.Rows(
            """
            insert into parle.daily_use (payer_id, day, below, writes, bytes) values ($1, $2, $3, $4, $5)
            on conflict (payer_id, day, below)
            do update set writes = daily_use.writes + excluded.writes, bytes = daily_use.bytes + excluded.bytes
            returning below, writes, bytes
            """,
            Read, cancellation, payer, day, more.Below, more.Writes, more.Bytes))[0];

    /// <summary>Deletes the use of earlier days.</summary>
    public static Task Prune(NpgsqlDataSource database, DateOnly before, CancellationToken cancellation) =>
        database.Rows("delete from parle.daily_use where day < $1 returning below, writes, bytes", Read, cancellation, before);

    private static UseOfADay Read(Row row) => new(row.Get<bool>("below"), row.Get<long>("writes"), row.Get<long>("bytes"));
}
