using System.Globalization;
using System.Text;
using Npgsql;
using Parle.Projections.Record;

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

    private volatile Named? present;

    /// <summary>
    /// Another database took the place of the one this process had worked with. Whatever was remembered of that one may not be true.
    /// </summary>
    public event Action? Changed;

    /// <summary>The number of the present incarnation, from 0.</summary>
    public int Number => present?.Incarnation.Number ?? 0;

    /// <summary>Its name on the wire.</summary>
    public string Name => NameOf(Number);

    /// <summary>The name in UTF-8.</summary>
    public byte[] Bytes => present?.Bytes ?? first;

    /// <summary>When it began.</summary>
    public DateTimeOffset BegunAt => present?.Incarnation.BegunAt ?? default;

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
        if (await Incarnation.Present(connection) is not { } found)
        {
            return; // The schema was never put in place.
        }

        var before = Interlocked.Exchange(ref present, new(found));
        if (before is not null && before.Incarnation.Witness != found.Witness)
        {
            Changed?.Invoke();
        }
    }

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"g{number}");

    private sealed record Named(Incarnation Incarnation)
    {
        public byte[] Bytes { get; } = Encoding.UTF8.GetBytes(NameOf(Incarnation.Number));
    }
}
