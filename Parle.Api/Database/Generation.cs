using System.Globalization;
using System.Text;
using Npgsql;

namespace Parle.Api.Database;

/// <summary>
/// Which incarnation of the database this is: <c>g0</c> the first, another one after each restore. What readers had been told before it may
/// be lost, and what came since may stand in the same places; a cursor from there is refused, or its reader would miss rows without a sign
/// (law 8).
/// </summary>
public sealed class Generation
{
    /// <summary>The wire's name of the first.</summary>
    public const string First = "g0";

    private static readonly byte[] first = Encoding.UTF8.GetBytes(First);

    private volatile Incarnation? present;

    /// <summary>
    /// Another database took the place of the one this process had worked with. Whatever was remembered of that one may not be true.
    /// </summary>
    public event Action? Changed;

    /// <summary>The number of the present incarnation, from 0.</summary>
    public int Number => present?.Number ?? 0;

    /// <summary>Its name on the wire.</summary>
    public string Name => NameOf(Number);

    /// <summary>The name in UTF-8.</summary>
    public byte[] Bytes => present?.Bytes ?? first;

    /// <summary>When it began.</summary>
    public DateTimeOffset BegunAt => present?.BegunAt ?? default;

    /// <summary>The number that a name stands for; null when there was no such incarnation yet.</summary>
    public int? Find(string name) =>
        Enumerable.Range(0, Number + 1).Select(number => (int?)number).FirstOrDefault(number => NameOf(number!.Value) == name);

    /// <summary>
    /// Looks where a new connection leads. A database is put in the place of another only while nobody is connected to it, so each
    /// connection stays with one.
    /// </summary>
    /// <param name="connection">Just opened.</param>
    public async Task Look(NpgsqlConnection connection)
    {
        if (await Read(connection) is not { } found)
        {
            return; // The schema was never put in place.
        }

        var before = Interlocked.Exchange(ref present, found);
        if (before is not null && before.Witness != found.Witness)
        {
            Changed?.Invoke();
        }
    }

    private static async Task<Incarnation?> Read(NpgsqlConnection connection)
    {
        await using var look = new NpgsqlCommand("select to_regprocedure('parle.present_incarnation()') is not null", connection);
        if (!(bool)(await look.ExecuteScalarAsync())!)
        {
            return null;
        }

        // The first look after a restore writes down where all views stand.
        await using var begin =
            new NpgsqlCommand("select number, begun_at, witness from parle.present_incarnation()", connection) { CommandTimeout = 0 };
        await using var row = await begin.ExecuteReaderAsync();
        await row.ReadAsync();
        return new(row.GetInt32(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2));
    }

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"g{number}");

    private sealed record Incarnation(int Number, DateTimeOffset BegunAt, string Witness)
    {
        public byte[] Bytes { get; } = Encoding.UTF8.GetBytes(NameOf(Number));
    }
}
