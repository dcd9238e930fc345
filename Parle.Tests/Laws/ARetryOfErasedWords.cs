using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain.Rooms;
using Parle.Tests.Asks;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// Law 3 where the words are gone: a repetition is answered, and confirms no guess at them.
public class ARetryOfErasedWords(TestCluster cluster)
{
    [Fact]
    public async Task of_a_message_is_answered_the_same_whatever_it_says()
    {
        var service = await cluster.Service;
        var (ana, ben) = Two(await service.NewRoomWithPresent(History.All, History.All));
        var first = await ana.Say("the password is hunter2", "key");
        await Redact(
            ana, new { event_id = (await first.Json(HttpStatusCode.Created)).GetProperty("event_id").GetGuid(), reason = "secret" });

        var answers = new List<string>();
        foreach (var words in new[] { "the password is hunter2", "the password is hunter3", "anything" })
        {
            answers.Add(await ARetry.Receipt(await ana.Say(words, "key")));
        }

        answers.Add(await ARetry.Receipt(await ana.Say("to somebody", "key", to: ben.Address)));
        Assert.Equal(await ARetry.Receipt(first), Assert.Single(answers.Distinct()));
        Assert.Equal(1, await service.Count(ana.RoomID, "message_submitted"));
        Assert.Equal(HttpStatusCode.Created, (await ana.Say("the password is hunter2", "another-key")).StatusCode);
    }

    [Fact]
    public async Task of_a_message_finds_nothing_to_compare_with_also_with_the_server_key_and_the_database()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var (ana, _) = Two(await service.NewRoomWithPresent(History.All, History.All));
        var said = (await (await ana.Say("hunter2", "key")).Json(HttpStatusCode.Created)).GetProperty("event_id").GetGuid();
        var server = service.Host.Services.GetRequiredService<ServerKey>();
        var meaning = JsonSerializer.Serialize(new
        { Type = "message_submitted", Payload = """{"body":"hunter2"}""", Kind = AddressingKind.Unaddressed, To = Array.Empty<string>() },
            WireJson.Options);
        var salt = await service.Scalar<byte[]>("select salt from parle.contents where content_id = $1", said);
        var kept = await service.Scalar<byte[]>("select fingerprint from parle.kept_answers where event_id = $1", said);
        Assert.Equal(kept, Meaning.OfText(server, meaning).Fingerprint(salt)); // With the salt, one who has everything could tell.

        await Redact(ana, new { event_id = said, reason = "secret" });

        Assert.Equal(0, await service.Scalar<long>("select count(*) from parle.contents where content_id = $1", said));
        Assert.NotEqual(kept, Meaning.OfText(server, meaning).Fingerprint());
        Assert.NotEqual(kept, server.FingerprintOf(meaning));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task of_an_ask_confirms_neither_its_words_nor_those_of_what_was_handed_over(bool item)
    {
        var service = await cluster.Service;
        var (ana, _) = Two(await service.NewRoomWithPresent(History.All, History.All));
        var ask = Asking.Help("hunter2").With("context", Asking.Packet("hunter3", "and more"));
        var first = await ana.Ask(ask, "key");
        var id = (await first.Json(HttpStatusCode.Created)).GetProperty("ask_id").GetGuid();
        await (await ana.Ask(ask.With("title", "hunter1"), "key")).IsRefused("idempotency_conflict");
        if (item)
        {
            await ana.Does(id, $"context/{(await ana.ItemsOf(id))[0]}/withdraw");
        }
        else
        {
            await Redact(ana, new { event_id = id, reason = "secret" });
        }

        var answers = new List<string>();
        foreach (var other in new[] { ask, ask.With("title", "hunter1"), ask.With("context", Asking.Packet("hunter4", "and more")) })
        {
            answers.Add(await ARetry.Receipt(await ana.Ask(other, "key")));
        }

        Assert.Equal(await ARetry.Receipt(first), Assert.Single(answers.Distinct()));
    }

    [Fact]
    public async Task that_a_version_before_kept_without_salt_loses_its_fingerprint_with_the_words()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var (ana, _) = Two(await service.NewRoomWithPresent(History.All, History.All));
        var server = service.Host.Services.GetRequiredService<ServerKey>();
        var (said, stays) = (await Former(service, server, ana, "hunter2", "said"), await Former(service, server, ana, "hello", "stays"));
        await using var restarted = await ParleService.Start(service.ConnectionString); // It remembers nothing of before.
        ana = ana.At(restarted.Client());
        Assert.Equal(HttpStatusCode.OK, (await ana.Say("hunter2", "said")).StatusCode);
        await (await ana.Say("hunter1", "said")).IsRefused("idempotency_conflict");

        await Redact(ana, new { event_id = said, reason = "secret" });

        Assert.Equal(HttpStatusCode.OK, (await ana.Say("hunter2", "said")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ana.Say("hunter1", "said")).StatusCode);
        Assert.Empty(await restarted.Scalar<byte[]>("select fingerprint from parle.kept_answers where event_id = $1", said));
        await (await ana.Say("bye", "stays")).IsRefused("idempotency_conflict");
        Assert.NotEmpty(await restarted.Scalar<byte[]>("select fingerprint from parle.kept_answers where event_id = $1", stays));
    }

    // A message whose answer is kept as it was before fingerprints had a salt.
    private static async Task<Guid> Former(ParleService service, ServerKey server, TestAgent ana, string words, string key)
    {
        var said = (await (await ana.Say(words, key)).Json(HttpStatusCode.Created)).GetProperty("event_id").GetGuid();
        var meaning = JsonSerializer.Serialize(
            new
            {
                Type = "message_submitted",
                Payload = JsonSerializer.Serialize(new { body = words }),
                Kind = AddressingKind.Unaddressed,
                To = Array.Empty<string>()
            }, WireJson.Options);
        await using var connection = new NpgsqlConnection(service.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var declare = new NpgsqlCommand("select parle.declare_migration('a test makes an old row')", connection);
        await declare.ExecuteNonQueryAsync();
        await using var age = new NpgsqlCommand(
            "update parle.kept_answers set fingerprint = $2, content_ids = null where event_id = $1", connection)
        {
            Parameters = { new() { Value = said }, new() { Value = server.FingerprintOf(meaning) } },
        };
        Assert.Equal(1, await age.ExecuteNonQueryAsync());
        await transaction.CommitAsync();
        return said;
    }

    private static (TestAgent Ana, TestAgent Ben) Two(TestRoom room) => (room.Agents[0], room.Agents[1]);

    private static async Task Redact(TestAgent agent, object what) =>
        await (await agent.Send(
            HttpMethod.Post, $"/v/rooms/{agent.RoomID}/redactions", JsonSerializer.Serialize(what), Guid.NewGuid().ToString()))
            .Json(HttpStatusCode.Created);
}
