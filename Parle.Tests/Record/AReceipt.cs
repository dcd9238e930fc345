using System.Net;
using System.Text.Json;
using Parle.Api.Record;
using Parle.Api.Writing;
using Parle.Domain.Contents;
using Parle.Domain.Record;
using Parle.Domain.Rooms;
using Parle.Tests.Contract;
using Parle.Tests.Service;
using Parle.Tests.Tidiness;

namespace Parle.Tests.Record;

public class AReceipt(TestCluster cluster)
{
    [Fact]
    public async Task shows_that_what_was_said_is_on_the_record()
    {
        var service = await cluster.Service;
        var agent = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var said = await (await agent.Say("hello")).Json(HttpStatusCode.Created);

        var receipt = await (await agent.Send(HttpMethod.Get, said.Text("receipt"))).Json(HttpStatusCode.OK);

        Assert.Equal("view", receipt.Text("log"));
        Assert.Equal(said.GetProperty("seq").GetInt64(), receipt.GetProperty("position").GetInt64());
        Assert.Equal(said.Text("event_id"), receipt.GetProperty("fact").Text("event_id"));
        Assert.EndsWith($"/session:{agent.SessionID}", receipt.GetProperty("fact").Text("actor"));
        var checkpoint = Holds(receipt, await Keys(service));
        Assert.Contains($"/rooms/{agent.RoomID}/seats/", checkpoint.Origin);
    }

    [Fact]
    public async Task shows_the_words_too_to_who_asks_for_them()
    {
        var service = await cluster.Service;
        var agent = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var said = await (await agent.Say("hello")).Json(HttpStatusCode.Created);

        var receipt = await (await agent.Send(HttpMethod.Get, $"{said.Text("receipt")}?contents=true")).Json(HttpStatusCode.OK);

        var content = Assert.Single(receipt.GetProperty("contents").EnumerateArray().ToList());
        var commitment = Commitment.To(
            content.GetProperty("salt").GetBytesFromBase64(), System.Text.Encoding.UTF8.GetBytes(content.Text("body")));
        Assert.Equal("""{"body":"hello"}""", content.Text("body"));
        Assert.Equal(commitment.Sha256, receipt.GetProperty("fact").GetProperty("data").GetProperty("content").Text("sha256"));
        Assert.False(
            (await (await agent.Send(HttpMethod.Get, said.Text("receipt"))).Json(HttpStatusCode.OK)).TryGetProperty("contents", out _));
    }

    [Fact]
    public async Task is_the_readers_own_and_knows_nothing_of_what_it_cannot_see()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.All, History.All, History.All);
        var (ana, ben, cleo) = (room.Agents[0], room.Agents[1], room.Agents[2]);
        var first = await (await ana.Say("to all")).Json(HttpStatusCode.Created);
        var before = await (await cleo.Send(HttpMethod.Get, $"/v/rooms/{room.RoomID}/checkpoint")).Json(HttpStatusCode.OK);
        var hidden = await (await ana.Say("to ben", to: ben.Address)).Json(HttpStatusCode.Created);

        var (ofBen, ofCleo) = (await Receipt(ben, hidden), await cleo.Send(HttpMethod.Get, hidden.Text("receipt")));
        await ofCleo.Refuses("not_found");
        Assert.Equal(
            (await ofCleo.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)),
            await (await cleo.Send(HttpMethod.Get, $"/v/rooms/{room.RoomID}/receipts/{Guid.NewGuid()}")).Content
                .ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(hidden.GetProperty("seq").GetInt64(), Holds(ofBen, await Keys(service)).Size);
        Assert.Equal(before.GetRawText(),
            (await (await cleo.Send(HttpMethod.Get, $"/v/rooms/{room.RoomID}/checkpoint")).Json(HttpStatusCode.OK)).GetRawText());
        Assert.Equal(
            (await Receipt(ana, first)).GetProperty("fact").GetRawText(), (await Receipt(cleo, first)).GetProperty("fact").GetRawText());
        Assert.NotEqual(Note(await Receipt(ana, first)).Origin, Note(await Receipt(cleo, first)).Origin);
    }

    [Fact]
    public async Task names_who_acted_and_is_judged_by_both_verifiers()
    {
        SourceFiles.Need();
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(1);
        var (agent, owner) = (room.Agents[0], room.Owner);
        var said = await (await agent.Say("hello")).Json(HttpStatusCode.Created);

        foreach (var answer in (HttpResponseMessage[])[await agent.Send(HttpMethod.Get, said.Text("receipt")),
            await owner.Get($"/v/rooms/{room.RoomID}/record/receipts/{said.Text("event_id")}")])
        {
            var receipt = await answer.Json(HttpStatusCode.OK);
            var names = receipt.GetProperty("names").EnumerateArray().ToDictionary(name => name.Text("id"), name => name.Text("address"));
            Assert.Equal($"@{owner.Handle}", names[receipt.GetProperty("fact").Text("principal")]);
            Assert.Equal(agent.Address, names[receipt.GetProperty("fact").GetProperty("data").Text("author_id")]);
            Assert.StartsWith("OK ", await Verifiers.Verify(receipt.GetRawText()));
            Assert.StartsWith("BAD ", await Verifiers.Verify(
                receipt.GetRawText().Replace($"\"@{owner.Handle}\"", "\"@somebody\"", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task to_hand_on_tells_nothing_of_its_holders_view()
    {
        SourceFiles.Need();
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.All, History.All, History.All);
        var (ana, ben, cleo) = (room.Agents[0], room.Agents[1], room.Agents[2]);
        await (await ana.Say("between us", to: ben.Address)).Json(HttpStatusCode.Created);
        var said = await (await ana.Say("to all")).Json(HttpStatusCode.Created);

        var (ofBen, ofCleo) = (await ToHandOn(ben, said), await ToHandOn(cleo, said));

        Assert.Equal(Timeless(ofBen), Timeless(ofCleo));
        Assert.Equal(["format", "fact", "names", "statement", "keys", "contents"], ofBen.EnumerateObject().Select(member => member.Name));
        Assert.StartsWith($"OK   file: message_submitted {said.Text("event_id")} is a fact of room {room.RoomID}, signed at ",
            await Verifiers.Verify(ofBen.GetRawText()));
        Assert.StartsWith("BAD ", await Verifiers.Verify(ofBen.GetRawText().Replace("to all", "to none", StringComparison.Ordinal)));

        static string Timeless(JsonElement receipt) => receipt.GetRawText().Split("\"statement\"")[0];

        static async Task<JsonElement> ToHandOn(TestAgent reader, JsonElement said) => await (await reader.Send(
            HttpMethod.Get, $"{said.Text("receipt")}?audience=anyone&contents=true")).Json(HttpStatusCode.OK);
    }

    [Fact]
    public async Task to_hand_on_is_not_made_of_what_not_all_saw()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.All, History.All, History.All);
        var hidden = await (await room.Agents[0].Say("to ben", to: room.Agents[1].Address)).Json(HttpStatusCode.Created);

        var refused = await (await room.Agents[1].Send(HttpMethod.Get, $"{hidden.Text("receipt")}?audience=anyone"))
            .Refuses("validation_failed");

        Assert.Equal("not_seen_by_all", refused.Text("reason"));
        Assert.Contains("read_evidence", refused.Text("unlock"));
        await (await room.Agents[2].Send(HttpMethod.Get, $"{hidden.Text("receipt")}?audience=anyone")).Refuses("not_found");
        await (await room.Agents[1].Send(HttpMethod.Get, $"{hidden.Text("receipt")}?audience=all")).Refuses("malformed_request");
    }

    [Fact]
    public async Task of_each_row_of_a_mixed_view_holds()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.All, History.FromAdmission, History.All);
        var (ana, ben, cleo) = (room.Agents[0], room.Agents[1], room.Agents[2]);
        for (var i = 0; i < 8; i++)
        {
            await (await ana.Say($"to all {i}")).Json(HttpStatusCode.Created);
            await (await ana.Say($"to ben {i}", to: ben.Address)).Json(HttpStatusCode.Created);
            await (await cleo.Say($"to ana {i}", to: ana.Address)).Json(HttpStatusCode.Created);
        }

        foreach (var reader in room.Agents)
        {
            foreach (var row in (await reader.Read()).GetProperty("messages").EnumerateArray())
            {
                var receipt = await (await reader.Send(HttpMethod.Get, $"/v/rooms/{room.RoomID}/receipts/{row.Text("event_id")}"))
                    .Json(HttpStatusCode.OK);
                Assert.Equal(row.GetProperty("seq").GetInt64(), receipt.GetProperty("position").GetInt64());
                Holds(receipt, await Keys(service));
            }
        }
    }

    [Fact]
    public async Task of_the_whole_record_is_for_owner_and_auditor()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(2);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var hidden = await (await ana.Say("to ben", to: ben.Address)).Json(HttpStatusCode.Created);
        var path = $"/v/rooms/{room.RoomID}/record/receipts/{hidden.Text("event_id")}";

        var receipt = await (await room.Owner.Get($"{path}?contents=true")).Json(HttpStatusCode.OK);
        Assert.Equal("record", receipt.Text("log"));
        Assert.Contains("to ben", receipt.GetProperty("contents")[0].Text("body"));
        Assert.True(receipt.GetProperty("fact").TryGetProperty("placement", out _));
        Holds(receipt, await Keys(service));
        await (await (await service.NewPerson()).Get(path)).Refuses("not_found");
        await (await ana.Send(HttpMethod.Get, path)).Refuses("invalid_auditor_token");
        await (await room.Owner.Get($"/v/rooms/{room.RoomID}/record/receipts/{Guid.NewGuid()}")).Refuses("not_found");
    }

    [Fact]
    public async Task is_named_by_the_answer_to_an_owners_write()
    {
        var service = await cluster.Service;
        var room = await service.NewOwnedRoom(1);
        var agent = await (await room.Owner.Post("/v/agents", new { agent_handle = "second" })).Json(HttpStatusCode.Created);
        var key = Guid.NewGuid().ToString();

        var seated = await room.Owner.Post($"/v/rooms/{room.RoomID}/seats", new { agent_id = agent.Text("agent_id") }, key);
        var again = await room.Owner.Post($"/v/rooms/{room.RoomID}/seats", new { agent_id = agent.Text("agent_id") }, key);

        var reference = Assert.Single(seated.Headers.GetValues(ReceiptReference.Header));
        Assert.Equal(reference, Assert.Single(again.Headers.GetValues(ReceiptReference.Header)));
        var receipt = await (await room.Owner.Get(reference)).Json(HttpStatusCode.OK);
        Assert.Equal("seat_admitted", receipt.GetProperty("fact").Text("type"));
        Holds(receipt, await Keys(service));
    }

    [Fact]
    public async Task goes_on_from_a_checkpoint_that_was_kept()
    {
        var service = await cluster.Service;
        var agent = (await service.NewRoomWithPresent(History.All)).Agents[0];
        var kept = await (await agent.Send(HttpMethod.Get, $"/v/rooms/{agent.RoomID}/checkpoint")).Json(HttpStatusCode.OK);
        for (var i = 0; i < 5; i++)
        {
            await (await agent.Say($"more {i}")).Json(HttpStatusCode.Created);
        }

        var later = await (await agent.Send(
            HttpMethod.Get, $"/v/rooms/{agent.RoomID}/checkpoint?from={kept.GetProperty("size").GetInt64()}")).Json(HttpStatusCode.OK);

        var (was, now) = (Note(kept), Note(later));
        var proof = later.GetProperty("consistency_proof").EnumerateArray().Select(node => node.GetBytesFromBase64()).ToList();
        Assert.Equal(was.Size + 5, now.Size);
        Assert.True(MerkleTree.GoesOn(was.Size, was.Root, now.Size, now.Root, proof));
        await (await agent.Send(HttpMethod.Get, $"/v/rooms/{agent.RoomID}/checkpoint?from={now.Size + 1}")).Refuses("malformed_request");
        await (await agent.Send(HttpMethod.Get, $"/v/rooms/{agent.RoomID}/checkpoint?from=-1")).Refuses("malformed_request");
    }

    /// Checks a receipt with nothing but itself and the keys.
    internal static Checkpoint Holds(JsonElement receipt, IReadOnlyList<NoteKey> keys)
    {
        var note = SignedNote.Parse(receipt.Text("checkpoint"))!;
        Assert.Contains(keys, note.IsSignedBy);
        var checkpoint = Checkpoint.Parse(note.Text)!;
        Assert.True(MerkleTree.Includes(
            checkpoint.Size, checkpoint.Root, receipt.GetProperty("position").GetInt64() - 1,
            MerkleTree.LeafHash(CanonicalJson.Of(receipt.GetProperty("fact"))),
            [.. receipt.GetProperty("inclusion_proof").EnumerateArray().Select(node => node.GetBytesFromBase64())]));
        return checkpoint;
    }

    private static async Task<JsonElement> Receipt(TestAgent reader, JsonElement said) =>
        await (await reader.Send(HttpMethod.Get, said.Text("receipt"))).Json(HttpStatusCode.OK);

    private static Checkpoint Note(JsonElement signed) => Checkpoint.Parse(SignedNote.Parse(signed.Text("checkpoint"))!.Text)!;

    private static async Task<IReadOnlyList<NoteKey>> Keys(ParleService service) =>
        [.. JsonElement.Parse(await service.Host.Server.CreateClient().GetStringAsync(KeyEndpoints.Path)).GetProperty("keys")
            .EnumerateArray().Select(key => NoteKey.Parse(key.Text("key"))!)];
}
