using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Parle.Bench;

/// <summary>An agent that is present in a room, with what it needs to call.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="Token">Its token for that room.</param>
/// <param name="Credential">Its session's credential.</param>
internal sealed record Seat(string RoomID, string Token, string Credential);

/// <summary>Who is there: 64 agents, three rooms that all of them are in, and a room of its own for each.</summary>
/// <param name="Crowd">Everybody, in the room that is written to.</param>
/// <param name="Readers">Everybody, in the room that is read.</param>
/// <param name="Waiters">Everybody, in the room where readers wait.</param>
/// <param name="Own">Each in the room of its own.</param>
internal sealed record World(IReadOnlyList<Seat> Crowd, IReadOnlyList<Seat> Readers, IReadOnlyList<Seat> Waiters, IReadOnlyList<Seat> Own)
{
    /// <summary>Agents, and rooms of their own.</summary>
    public const int Agents = 64;

    /// <summary>The description for <c>provision</c>.</summary>
    public static string Description() => JsonSerializer.Serialize(new
    {
        principals = Everybody(i => new { handle = $"owner{i}" }),
        agents = Everybody(i => new { principal = $"owner{i}", handle = "builder" }),
        rooms = new[] { "crowd", "readers", "waiters" }.Select(handle => Room(handle, 0, Everybody(Address))).Concat(Everybody(i => Room("own", i, [Address(i)]))),
    });

    /// <summary>Has everybody enter, from what <c>provision</c> printed.</summary>
    public static async Task<World> Enter(string provisioned, Uri server, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = server };
        client.DefaultRequestHeaders.Add("Parle-Version", Request.Version);
        var rooms = new List<IReadOnlyList<Seat>>();
        foreach (var room in JsonElement.Parse(provisioned).GetProperty("rooms").EnumerateArray())
        {
            var id = room.GetProperty("room_id").GetString()!;
            var seats = new List<Seat>();
            foreach (var token in room.GetProperty("tokens").EnumerateArray())
            {
                seats.Add(await Enter(client, id, token.GetProperty("token").GetString()!, cancellation));
            }

            rooms.Add(seats);
        }

        return new(rooms[0], rooms[1], rooms[2], [.. rooms.Skip(3).Select(seats => seats[0])]);
    }

    private static async Task<Seat> Enter(HttpClient client, string roomID, string token, CancellationToken cancellation)
    {
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var started = await client.PostAsJsonAsync("/v/agent/sessions", new { }, cancellation);
        var session = await started.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellation);
        var credential = session.GetProperty("session_credential").GetString()!;

        using var enter = new HttpRequestMessage(HttpMethod.Post, $"/v/rooms/{roomID}/participants");
        enter.Headers.Add("Parle-Agent-Session", credential);
        using var entered = await client.SendAsync(enter, cancellation);
        entered.EnsureSuccessStatusCode();
        return new(roomID, token, credential);
    }

    private static object Room(string handle, int owner, IReadOnlyList<string> agents) => new
    {
        handle,
        owner = $"owner{owner}",
        kind = "shared",
        seats = agents.Select(agent => new { agent, history = "all" }),
        tokens = agents.Select(agent => new { agent }),
    };

    private static string Address(int i) => $"@owner{i}.builder";

    private static IReadOnlyList<T> Everybody<T>(Func<int, T> of) => [.. Enumerable.Range(0, Agents).Select(of)];
}
