using System.Net;
using System.Net.Sockets;
using System.Text;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

/// Bytes as they come from the network, to a server of its own.
public class ABrokenRequest(ABrokenRequest.Server server, TestCluster cluster) : IClassFixture<ABrokenRequest.Server>
{
    private const string Version = "Host: parle\r\nParle-Version: 2026-08-17\r\nConnection: close\r\n";

    [Theory]
    [InlineData("nonsense\r\n\r\n"), InlineData("\0\0\0\0\r\n\r\n"), InlineData("GET /v/agent/self\r\n\r\n"),
        InlineData("GET / HTTP/9.9\r\n\r\n")]
    [InlineData($"GET /v/agent/self HTTP/1.1\r\n{Version}Authorization: Bearer \u0001\u0002\r\n\r\n"),
        InlineData($"GET /v/agent/self HTTP/1.1\r\n{Version}Authorization: Bearer \0\r\n\r\n")]
    [InlineData($"GET /v/agent/self HTTP/1.1\r\n{Version}No colon\r\n\r\n"),
        InlineData($"GET /v/agent/self HTTP/1.1\r\n{Version}: no name\r\n\r\n"),
        InlineData("GET /v/agent/self HTTP/1.1\r\nParle-Version: 2026-08-17\r\n\r\n")]
    [InlineData($"POST /v/agent/sessions HTTP/1.1\r\n{Version}Content-Length: -1\r\n\r\n"),
        InlineData($"POST /v/agent/sessions HTTP/1.1\r\n{Version}Content-Length: x\r\n\r\n")]
    [InlineData($"GET /v/rooms/%00/projection HTTP/1.1\r\n{Version}\r\n")]
    public async Task is_turned_away_and_the_service_goes_on(string request)
    {
        Assert.Matches("^HTTP/1.1 (400|401|505) ", await Exchange(request));
        await server.ServesStill();
    }

    /// The operator decides which hosts are served; a stranger is told so in the envelope.
    [Fact]
    public async Task for_a_host_that_is_not_served_is_refused_in_the_envelope()
    {
        await using var service = await ParleProcess.Start(await cluster.NewDatabase(), ("AllowedHosts", "127.0.0.1;parle.example"));
        using var client = service.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live") { Headers = { Host = "evil.example" } };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.BadRequest, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains(
            "Host header", (await answer.Refuses("malformed_request")).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task with_a_too_long_address_or_too_many_headers_is_turned_away()
    {
        Assert.StartsWith("HTTP/1.1 414 ", await Exchange($"GET /v/{new string('a', 20_000)} HTTP/1.1\r\n{Version}\r\n"));
        Assert.StartsWith("HTTP/1.1 431 ", await Exchange($"GET /v/agent/self HTTP/1.1\r\n{Version}X: {new string('a', 100_000)}\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 431 ", await Exchange(
            $"GET /v/agent/self HTTP/1.1\r\n{Version}{string.Concat(Enumerable.Range(0, 500).Select(i => $"X{i}: a\r\n"))}\r\n"));
        await server.ServesStill();
    }

    [Fact]
    public async Task is_none_when_it_names_the_whole_address_or_its_key_in_utf8()
    {
        Assert.Contains("invalid_agent_token", await Exchange($"GET http://parle/v/agent/self HTTP/1.1\r\n{Version}\r\n"));
        Assert.Contains("unsupported_parle_version",
            await Exchange("GET http://parle/v/agent/self HTTP/1.1\r\nHost: parle\r\nConnection: close\r\n\r\n"));
        Assert.Contains("malformed_request", await Exchange(Submit("x", key: "schlüssel")));
        await server.ServesStill();
    }

    [Fact]
    public async Task of_which_only_the_head_or_half_the_body_arrived_writes_nothing()
    {
        var before = await server.Shared.RecordOf(server.Ana.RoomID);
        var whole = Submit("half of this");
        foreach (var part in (string[])[whole[..20], whole[..whole.IndexOf("\r\n\r\n", StringComparison.Ordinal)],
            whole[..(whole.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)], whole[..^1]])
        {
            using var connection = await server.Connect();
            await connection.SendAsync(Encoding.UTF8.GetBytes(part));
            connection.Shutdown(SocketShutdown.Send);
            await Rest(connection); // The server has seen the end and closed its side.
        }

        Assert.Equal(before, await server.Shared.RecordOf(server.Ana.RoomID));
        await server.ServesStill();
    }

    [Fact]
    public async Task far_beyond_the_bound_is_not_read_to_its_end()
    {
        var head = Submit("").Split("\r\n\r\n")[0];
        head = head[..head.LastIndexOf("Content-Length", StringComparison.Ordinal)] + $"Content-Length: {long.MaxValue}\r\n\r\n";
        Assert.Contains("payload_too_large", await Exchange(head));
        await server.ServesStill();
    }

    [Fact]
    public async Task after_good_ones_on_one_connection_does_not_spoil_them()
    {
        var first = Submit("first", closes: false);
        var second = Submit("second", closes: false);

        var answers = await Exchange(first + second + "nonsense\r\n\r\n");

        Assert.Equal(["201", "201", "400"], answers.Split("HTTP/1.1 ")[1..].Select(answer => answer[..3]));
        Assert.Equal(["first", "second"], (await server.Ana.Read()).Messages().TakeLast(2).Select(row => row.Body()));
    }

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFF"), InlineData("80000000"), InlineData("7FFFFFFFF"), InlineData("-1"), InlineData("0x10"),
        InlineData("zz"), InlineData(" 5"), InlineData("")]
    public async Task in_chunks_of_no_size_is_the_callers(string size)
    {
        var head = Submit("x").Split("\r\n\r\n")[0];
        var answer = await Exchange(head[..head.LastIndexOf("Content-Length", StringComparison.Ordinal)]
            + $"Transfer-Encoding: chunked\r\n\r\n{size}\r\n{{}}\r\n0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer);
        Assert.Contains("malformed_request", answer);
        await server.ServesStill();
    }

    [Fact]
    public async Task with_two_lengths_is_never_taken_for_two_requests()
    {
        var smuggled = Submit("smuggled");
        var before = await server.Shared.RecordOf(server.Ana.RoomID);
        await Exchange(
            $"POST /v/agent/sessions HTTP/1.1\r\n{Version}Content-Length: 2\r\nContent-Length: {smuggled.Length}\r\n\r\n{smuggled}");
        await Exchange($"POST /v/agent/sessions HTTP/1.1\r\n{Version}Content-Length: 2\r\nTransfer-Encoding: "
            + $"chunked\r\n\r\n{smuggled.Length:x}\r\n{smuggled}\r\n0\r\n\r\n");
        Assert.Equal(before, await server.Shared.RecordOf(server.Ana.RoomID));
    }

    private string Submit(string body, string key = "", bool closes = true)
    {
        var json = $$$"""{"type":"message_submitted","payload":{"body":"{{{body}}}"}}""";
        return $"POST {server.Ana.Messages} HTTP/1.1\r\n{(closes ? Version : Version.Replace("Connection: close\r\n", ""))}Authorization: "
            + $"Bearer {server.Ana.Token}\r\nParle-Agent-Session: {server.Ana.Credential}\r\n"
            + $"Idempotency-Key: {(key is "" ? Guid.NewGuid() : key)}\r\nContent-Type: application/json\r\nContent-Length: "
            + $"{Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}";
    }

    private async Task<string> Exchange(string request)
    {
        using var connection = await server.Connect();
        await connection.SendAsync(Encoding.UTF8.GetBytes(request));
        return await Rest(connection);
    }

    private static async Task<string> Rest(Socket connection)
    {
        var (answer, buffer) = (new MemoryStream(), new byte[4096]);
        try
        {
            while (await connection.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var read)
            {
                answer.Write(buffer, 0, read);
            }
        }
        catch (SocketException)
        {
            // It hung up on what was not read any more.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }

    public sealed class Server(TestCluster cluster) : IAsyncLifetime
    {
        private ParleProcess? process;

        public ParleService Shared { get; private set; } = null!;

        public TestAgent Ana { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            // Of its own: what other tests do to theirs may be logged by every node.
            Shared = await ParleService.Start(await cluster.NewDatabase());
            Ana = (await Shared.NewRoomWithPresent(History.FromAdmission)).Agents[0];
            process = await ParleProcess.Start(Shared.ConnectionString);
        }

        public async Task<Socket> Connect()
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(process!.Address.Host, process.Address.Port);
            return socket;
        }

        public async Task ServesStill()
        {
            await (await Ana.At(process!.Client()).Send(HttpMethod.Get, "/v/agent/self")).Json(HttpStatusCode.OK);
            Assert.DoesNotContain("Exception", process.Errors);
        }

        public async ValueTask DisposeAsync()
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }

            await Shared.DisposeAsync();
        }
    }
}
