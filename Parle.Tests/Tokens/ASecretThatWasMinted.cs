using System.Net;
using System.Security.Cryptography;
using System.Text;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using NpgsqlTypes;
using Parle.Api.Callers;
using Parle.Domain.Tokens;
using Parle.Projections;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Tokens;

/// The holder of the server key and all ids, or of the database, can do nothing with a secret.
public class ASecretThatWasMinted(TestCluster cluster)
{
    private static readonly byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)]; // ParleService.ServerKey

    [Fact]
    public async Task follows_from_no_id_and_the_server_key()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var (owner, minted) = await Everything(service);
        var subjects = await service.Rows("select subject_id from parle.credentials", row => row.GetGuid(0));
        var hashes = (await service.Rows("select encode(hash, 'hex') from parle.credentials", row => row.GetString(0))).ToHashSet();

        Assert.Contains(Hash(Mac("credential", owner.Agent.Token)), hashes); // The hash is computed as it is stored.
        foreach (var prefix in new[] { "parle_agt_", "parle_sess_", "parle_ses_", "parle_join_", "parle_aud_", "parle_opr_" })
        {
            Assert.DoesNotContain(subjects, subject => hashes.Contains(Hash(Mac("credential", Former(prefix, subject)))));
        }

        var closed = await service.Rows(
            "select subject_id, box from parle.minted_secrets", row => (row.GetGuid(0), row.GetFieldValue<byte[]>(1)));
        Assert.True(closed.Count >= minted.Count, "Nothing is kept to be told again.");
        Assert.DoesNotContain(
            closed, one => minted.Any(secret => one.Item2.AsSpan().IndexOf(Convert.FromBase64String(Padded(secret))) >= 0));
        var other = new ServerKey(RandomNumberGenerator.GetBytes(32));
        Assert.DoesNotContain(closed, one => other.Open(one.Item2, $"parle_agt_{one.Item1:N}") is not null);
    }

    [Fact]
    public async Task is_told_again_while_it_lives_and_refused_once_it_is_over()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var owner = await TokenOwner.At(service);
        var rooms = $"/v/rooms/{owner.RoomID}";
        var small = new { actions = new[] { "read_projection" } };

        var token = await owner.Mints(key: "token");
        var above = await owner.Mints(key: "above");
        var below = await owner.Agent.With(above, service.Client()).Narrows(small, "below");
        var join = await (await owner.Send(HttpMethod.Post, $"{rooms}/join-keys", new { label = "a" }, "join"))
            .Json(HttpStatusCode.Created);
        var auditor = await (await owner.Send(HttpMethod.Post, $"{rooms}/auditors", new { label = "a" }, "auditor"))
            .Json(HttpStatusCode.Created);
        Assert.Equal(token.Text("token"), (await owner.Mints(key: "token")).Text("token"));
        Assert.Equal(below.Text("token"), (await owner.Agent.With(above, service.Client()).Narrows(small, "below")).Text("token"));
        Assert.Equal(join.Text("key"), (await (await owner.Send(HttpMethod.Post, $"{rooms}/join-keys", new { label = "a" }, "join"))
            .Json(HttpStatusCode.OK)).Text("key"));
        Assert.Equal(auditor.Text("token"), (await (await owner.Send(HttpMethod.Post, $"{rooms}/auditors", new { label = "a" }, "auditor"))
            .Json(HttpStatusCode.OK)).Text("token"));

        await (await owner.Revoke(token)).IsEmptyWith(HttpStatusCode.NoContent);
        await (await owner.Revoke(above)).IsEmptyWith(HttpStatusCode.NoContent);
        await (await owner.Send(HttpMethod.Delete, $"{rooms}/join-keys/{join.Text("join_key_id")}")).IsEmptyWith(HttpStatusCode.NoContent);
        await (await owner.Send(HttpMethod.Post, $"{rooms}/auditors/{auditor.Text("auditor_id")}/revoke"))
            .IsEmptyWith(HttpStatusCode.NoContent);

        await (await owner.Send(HttpMethod.Post, owner.Tokens, new { room_id = owner.RoomID }, "token")).IsRefused("secret_gone");
        await (await owner.Send(HttpMethod.Post, owner.Tokens, new { room_id = owner.RoomID }, "above")).IsRefused("secret_gone");
        await (await owner.Send(HttpMethod.Post, $"{rooms}/join-keys", new { label = "a" }, "join")).IsRefused("secret_gone");
        await (await owner.Send(HttpMethod.Post, $"{rooms}/auditors", new { label = "a" }, "auditor")).IsRefused("secret_gone");
        var ids = new[]
        {
            token.Text("agent_token_id"), above.Text("agent_token_id"), below.Text("agent_token_id"), join.Text("join_key_id"),
            auditor.Text("auditor_id")
        };
        Assert.Equal(0, await service.Scalar<long>(
            "select count(*) from parle.minted_secrets where subject_id = any($1)", (object)ids.Select(Guid.Parse).ToArray()));
    }

    [Fact]
    public async Task of_a_join_is_told_again_until_the_token_is_revoked()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var owner = await TokenOwner.At(service);
        var key = (await (await owner.Send(HttpMethod.Post, $"/v/rooms/{owner.RoomID}/join-keys", new { label = "a" }))
            .Json(HttpStatusCode.Created)).Text("key");
        Task<HttpResponseMessage> Join() => owner.Send(HttpMethod.Post, "/v/join", new { key, agent_handle = "idle" }, "join");

        var joined = await (await Join()).Json(HttpStatusCode.Created);
        Assert.Equal(joined.Text("token"), (await (await Join()).Json(HttpStatusCode.OK)).Text("token"));
        await (await owner.Revoke(joined)).IsEmptyWith(HttpStatusCode.NoContent);
        await (await Join()).IsRefused("invalid_join_key"); // As every key that was used.
    }

    [Fact]
    public async Task by_a_version_before_goes_on_working_and_is_told_again_until_it_is_over()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var owner = await TokenOwner.At(service);
        var tokenID = Guid.CreateVersion7();
        var former = CredentialKind.AgentToken.Read(Former("parle_agt_", tokenID))!.Value;
        await using (var session = service.Host.Services.GetRequiredService<IDocumentStore>().LightweightSession())
        {
            session.Events.StartStream(
                tokenID, session.Crafted(new AgentTokenMinted(owner.AgentID, owner.RoomID, ["participate"], ExpiresAt: null)));
            session.QueueOperation(new SqlOperation(
                "insert into parle.credentials (hash, subject_id) values (?, ?)", (Mac("credential", former.Reveal()), NpgsqlDbType.Bytea),
                (tokenID, NpgsqlDbType.Uuid)));
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await new TestAgent(service.Client(), owner.RoomID, former.Reveal()).StartSession();
        var secrets = service.Host.Services.GetRequiredService<MintedSecrets>();
        Assert.Equal(former.Reveal(),
            (await secrets.Find(CredentialKind.AgentToken.Prefix, tokenID, TestContext.Current.CancellationToken))?.Reveal());
        await (await owner.Send(HttpMethod.Post, $"/v/agent-tokens/{tokenID}/revoke")).IsEmptyWith(HttpStatusCode.NoContent);
        Assert.Null(await secrets.Find(CredentialKind.AgentToken.Prefix, tokenID, TestContext.Current.CancellationToken));
    }

    private static async Task<(TokenOwner Owner, IReadOnlyList<string> Secrets)> Everything(ParleService service)
    {
        var owner = await TokenOwner.At(service);
        var token = (await owner.Mints()).Text("token");
        var below = (await owner.Agent.Narrows(new { uses = 3 })).Text("token");
        var join = (await (await owner.Send(HttpMethod.Post, $"/v/rooms/{owner.RoomID}/join-keys", new { label = "a" }))
            .Json(HttpStatusCode.Created)).Text("key");
        var auditor = (await (await owner.Send(HttpMethod.Post, $"/v/rooms/{owner.RoomID}/auditors", new { label = "a" }))
            .Json(HttpStatusCode.Created)).Text("token");
        return (owner, [token, below, join, auditor]);
    }

    // As versions of before computed it.
    private static string Former(string prefix, Guid subject) =>
        prefix + System.Buffers.Text.Base64Url.EncodeToString(Mac("secret", $"{prefix}{subject:N}"));

    private static byte[] Mac(string label, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{label}\n{text}"));

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static string Padded(string secret) => secret[^43..].Replace('-', '+').Replace('_', '/') + "=";
}
