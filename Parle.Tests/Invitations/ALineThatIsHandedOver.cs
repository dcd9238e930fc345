using System.Net;
using System.Text.RegularExpressions;
using Parle.Api;
using Parle.Api.Discovery;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Invitations;

/// A command that somebody is given to paste can be pasted twice (law 3).
public partial class ALineThatIsHandedOver(TestCluster cluster)
{
    [Fact]
    public async Task joins_once_however_often_it_is_run()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(1);
        var minted = await (await room.Owner.Post($"/v/rooms/{room.RoomID}/join-keys", new { label = "a" }, "key"))
            .Json(HttpStatusCode.Created);
        var line = minted.GetProperty("next").Text("curl");
        Assert.Equal(line, (await (await room.Owner.Post($"/v/rooms/{room.RoomID}/join-keys", new { label = "a" }, "key"))
            .Json(HttpStatusCode.OK)).GetProperty("next").Text("curl"));

        var first = await (await Run(service, line)).Json(HttpStatusCode.Created);
        var again = await (await Run(service, line)).Json(HttpStatusCode.OK);

        Assert.Equal(first.Text("token"), again.Text("token"));
        Assert.Equal(1, await service.Count(room.RoomID, "invitation_accepted"));
        var another = line.Replace(Key().Match(line).Groups[1].Value, Guid.NewGuid().ToString(), StringComparison.Ordinal);
        // A caller with the key, but without the line's name for the request.
        await (await Run(service, another)).Refuses("invalid_join_key");
    }

    [Fact]
    public void carries_a_key_in_every_sample_of_an_action_that_takes_one() =>
        Assert.All(Actions.All.Where(action => action.Idempotent || action.TakesKey),
            action => Assert.Contains("Idempotency-Key: $KEY", CurlExample.Of(action)));

    [Fact]
    public async Task carries_a_key_in_every_affordance_that_takes_one()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2, "participate", "room_manage", "invite_mint");
        var offers = (await Offer.All(room.Agents[0])).Where(offer => offer.Allowed && (offer.Action.Idempotent || offer.Action.TakesKey))
            .ToList();
        Assert.NotEmpty(offers);
        Assert.All(
            offers, offer => Assert.True(offer.Row.ToString().Contains("Idempotency-Key", StringComparison.Ordinal), offer.Action.Id));
    }

    [Fact]
    public void carries_a_key_in_the_documentation()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Parle.sln")))
        {
            folder = folder.Parent;
        }

        var lines = new[] { "README.md", "docs/guide.md", "docs/operations.md", "docs/record.md" }
            .SelectMany(file => File.ReadLines(Path.Combine(folder.FullName, file))).Where(line => Write().IsMatch(line)).ToList();
        Assert.NotEmpty(lines);
        foreach (var line in lines)
        {
            var (method, path) = (Write().Match(line).Groups[1].Value, Write().Match(line).Groups[2].Value);
            var action = Actions.All.FirstOrDefault(
                action => action.Method == method && Regex.IsMatch(path, $"^{Regex.Replace(action.Path, @"\{[^}]*\}", "[^/]+")}$"));
            Assert.True(
                action is null || !(action.Idempotent || action.TakesKey) || line.Contains("Idempotency-Key", StringComparison.Ordinal),
                line);
        }
    }

    // As curl would.
    private static async Task<HttpResponseMessage> Run(ParleService service, string line)
    {
        using var client = service.Host.Server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Url().Match(line).Value).AbsolutePath)
        { Content = new StringContent(Body().Match(line).Groups[1].Value) };
        request.Content.Headers.ContentType = new("application/json");
        foreach (Match header in Header().Matches(line))
        {
            request.Headers.TryAddWithoutValidation(header.Groups[1].Value, header.Groups[2].Value);
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("https?://[^ ]+")]
    private static partial Regex Url();

    [GeneratedRegex("-H '([^:']+): ([^']*)'")]
    private static partial Regex Header();

    [GeneratedRegex("-H 'Idempotency-Key: ([^']*)'")]
    private static partial Regex Key();

    [GeneratedRegex("-d '([^']*)'")]
    private static partial Regex Body();

    [GeneratedRegex("-X (POST|DELETE) \"\\$PARLE(/v/[^\"]+)\"")]
    private static partial Regex Write();
}
