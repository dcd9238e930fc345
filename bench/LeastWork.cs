namespace Parle.Bench;

/// <summary>The calls of pgbench, one in each transaction; the functions are in LeastWork.sql.</summary>
internal static class LeastWork
{
    private const int AnyKey = 1_000_000_000;
    private const int FirstOfMany = 1000;

    private static readonly string Body = new('x', Request.BodyLength);

    /// <summary>A command in the room of that expression.</summary>
    public static string Submit(string room) => $"""
        \set room {room}
        \set key random({AnyKey}, {long.MaxValue})
        select submit(:client_id, :room, :key, '{Body}');
        """;

    /// <summary>A command that was accepted before: one of those the read room was filled with.</summary>
    public static string Replay() => """
        \set nth random(1, 15)
        select replay(:client_id, :nth * 64 + :client_id);
        """;

    /// <summary>A page of so many rows from the cursor of that expression.</summary>
    public static string Page(string since, int size) => $"""
        \set since {since}
        select * from page(:client_id, 64, :since, {size});
        """;

    /// <summary>All of any of the many rooms, which have so many rows.</summary>
    public static string PageOfAny(int rooms, int size) => $"""
        \set room random({FirstOfMany}, {FirstOfMany + rooms - 1})
        select * from page(:client_id, :room, 0, {size});
        """;
}
