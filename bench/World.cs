using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Parle.Bench;

/// <summary>An agent that is present in a room, with what it needs to call.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="Token">Its token for that room.</param>
/// <param name="Credential">Its session's credential.</param>
/// <param name="Address">Its session's address.</param>
internal sealed record Seat(string RoomID, string Token, string Credential, string Address);

/// <summary>The world: 64 agents, three rooms that all of them are in, and a room of its own for each.</summary>
/// <param name="Crowd">Everybody, in the room that is written to.</param>
/// <param name="Readers">Everybody, in the room that is read.</param>
/// <param name="Waiters">Everybody, in the room where readers wait.</param>
/// <param name="Own">Each in the room of its own.</param>
internal sealed record World(IReadOnlyList<Seat> Crowd, IReadOnlyList<Seat> Readers, IReadOnlyList<Seat> Waiters, IReadOnlyList<Seat> Own)
{
    /// <summary>Agents, and rooms of their own.</summary>
    public const int Agents = 64;

    private const int EnteringAtOnce = 8;

    /// <summary>The description for <c>provision</c>.</summary>
    public static string Description() => JsonSerializer.Serialize(new
    {
        principals = Everybody(i => new { handle = $"owner{i}" }),
        agents = Everybody(i => new { principal = $"owner{i}", handle = "builder" }),
        rooms = new[] { "crowd", "readers", "waiters" }.Select(handle => Room(handle, 0, Everybody(Address)))
            .Concat(Everybody(i => Room("own", i, [Address(i)]))),
    });

    /// <summary>A room in the description for <c>provision</c>, where each of these agents has a seat and a token.</summary>
    public static object Room(string handle, int owner, IReadOnlyList<string> agents) => new
    {
        handle,
        owner = $"owner{owner}",
        kind = "shared",
        seats = agents.Select(agent => new { agent, history = "all" }),
        tokens = agents.Select(agent => new { agent }),
    };

    /// <summary>Has everybody enter, from what <c>provision</c> printed.</summary>
    public static async Task<World> Enter(string provisioned, ServerProcess server, CancellationToken cancellation)
    {
        var rooms = await EnterRooms(provisioned, server, oneSession: false, cancellation);
        return new(rooms[0], rooms[1], rooms[2], [.. rooms.Skip(3).Select(seats => seats[0])]);
    }

    /// <summary>
    /// Has all agents enter all rooms that they have a token for, from what <c>provision</c> printed: room by room, who entered it.
    /// </summary>
    /// <param name="provisioned">The output of provisioning.</param>
    /// <param name="server">Where.</param>
    /// <param name="oneSession">Whether an agent has one session for all its rooms, and not one for each.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<IReadOnlyList<IReadOnlyList<Seat>>> EnterRooms(
        string provisioned, ServerProcess server, bool oneSession, CancellationToken cancellation)
    {
        using var client = Client(server);
        var places = JsonElement.Parse(provisioned).GetProperty("rooms").EnumerateArray()
            .Select(room => (ID: room.GetProperty("room_id").GetString()!,
                Tokens: room.GetProperty("tokens").EnumerateArray().Select(Token).ToList())).ToList();
        var sessions = new Dictionary<string, Seat>();
        foreach (var (agent, token, roomID) in oneSession
            ? places.SelectMany(room => room.Tokens.Select(token => (token.Agent, token.Secret, room.ID))).DistinctBy(token => token.Agent)
            : [])
        {
            sessions[agent] = await Start(client, roomID, token, cancellation);
        }

        var entered = places.Select(room => new Seat[room.Tokens.Count]).ToList();
        var all = places.Index().SelectMany(room => room.Item.Tokens.Index()
            .Select(token => (Room: room.Index, room.Item.ID, Place: token.Index, token.Item.Agent, token.Item.Secret)));
        await Parallel.ForEachAsync(
            all, new ParallelOptions { MaxDegreeOfParallelism = EnteringAtOnce, CancellationToken = cancellation }, async (one, stop) =>
            {
                var seat = sessions.TryGetValue(one.Agent, out var session)
                    ? session with { RoomID = one.ID, Token = one.Secret } : await Start(client, one.ID, one.Secret, stop);
                entered[one.Room][one.Place] = await Enter(client, seat, stop);
            });
        return entered;

        static (string Agent, string Secret) Token(JsonElement token) =>
            (token.GetProperty("agent").GetString()!, token.GetProperty("token").GetString()!);
    }

    /// <summary>Further sessions of those who have these seats, in the same room.</summary>
    public static async Task<IReadOnlyList<Seat>> MoreSessions(
        IReadOnlyList<Seat> seats, int count, ServerProcess server, CancellationToken cancellation)
    {
        using var client = Client(server);
        var entered = new List<Seat>();
        foreach (var seat in await MoreSessionsOutside(seats, count, server, cancellation))
        {
            entered.Add(await Enter(client, seat, cancellation));
        }

        return entered;
    }

    /// <summary>Further sessions that enter no room.</summary>
    public static async Task<IReadOnlyList<Seat>> MoreSessionsOutside(
        IReadOnlyList<Seat> seats, int count, ServerProcess server, CancellationToken cancellation)
    {
        using var client = Client(server);
        var started = new List<Seat>();
        for (var i = 0; i < count; i++)
        {
            var seat = seats[i % seats.Count];
            started.Add(await Start(client, seat.RoomID, seat.Token, cancellation));
        }

        return started;
    }

    private static HttpClient Client(ServerProcess server) =>
        new() { BaseAddress = new($"http://{server.Address}"), DefaultRequestHeaders = { { "Parle-Version", Request.Version } } };

    private static async Task<Seat> Start(HttpClient client, string roomID, string token, CancellationToken cancellation)
    {
        using var start = new HttpRequestMessage(HttpMethod.Post, "/v/agent/sessions") { Content = JsonContent.Create(new { }) };
        start.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var started = await client.SendAsync(start, cancellation);
        var session = await started.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellation);
        return new(roomID, token, session.GetProperty("session_credential").GetString()!, session.GetProperty("address").GetString()!);
    }

    private static async Task<Seat> Enter(HttpClient client, Seat seat, CancellationToken cancellation)
    {
        using var enter = new HttpRequestMessage(HttpMethod.Post, $"/v/rooms/{seat.RoomID}/participants");
        enter.Headers.Authorization = new AuthenticationHeaderValue("Bearer", seat.Token);
        enter.Headers.Add("Parle-Agent-Session", seat.Credential);
        using var entered = await client.SendAsync(enter, cancellation);
        entered.EnsureSuccessStatusCode();
        return seat;
    }

    private static string Address(int i) => $"@owner{i}.builder";

    private static IReadOnlyList<T> Everybody<T>(Func<int, T> of) => [.. Enumerable.Range(0, Agents).Select(of)];
}
