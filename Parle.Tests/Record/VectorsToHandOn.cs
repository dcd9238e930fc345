using System.Text.Json;
using System.Text.Json.Nodes;
using Parle.Api.Asks;
using Parle.Api.Record;
using Parle.Api.Wire;
using Parle.Domain.Contents;
using Parle.Domain.Record;

namespace Parle.Tests.Record;

/// What is handed to others: evidence about an approval, a statement of a message, and a receipt with names; and what can be done to them.
internal static partial class Vectors
{
    private const string Digest = "3608bca1e44ea6c4d268eb6db02260269892c0b42b86bbf1e77a6fa16c3c9282";

    private static Guid ApprovalID => ID(301);

    private static IReadOnlyList<NameOfID> Names =>
    [
        new(ID(21), "agent", "@ana.builder"), new(ID(2), "principal", "@ana"), new(Seats.Ana, "seat", "@ana.builder"),
        new(ID(3), "principal", "@ben"),
    ];

    private static (Guid ID, byte[] Salt, string Body) Request =>
        (ApprovalID, Salt(101), """{"ask":{"request":{"action":"deploy"}},"body":"May I?"}""");

    private static (Guid ID, byte[] Salt, string Body) Plan =>
        (ID(311), Salt(102), """{"is_json":false,"media_type":"text/plain","name":"plan","text":"At noon."}""");

    private static (Guid ID, byte[] Salt, string Body) Diff =>
        (ID(312), Salt(103), """{"is_json":false,"media_type":"text/plain","name":"diff","text":"+1 -1"}""");

    private static IReadOnlyList<(JsonElement Fact, IReadOnlyList<EvidenceContent> Contents)> Acts =>
    [
        (Act(1, "ask_opened", new
        {
            ask_id = ApprovalID,
            number = 1,
            state = "open",
            kind = "approval",
            sha256 = Digest,
            words = Committed(Request),
            context = new[] { Plan, Diff }.Select(item => new { item_id = item.ID, seat_id = Seats.Ana, content = Committed(item) }),
        }),
            [Whole(Request), Whole(Plan), new EvidenceContent(Diff.ID, null, null) { Missing = EvidenceContent.Erased }]),
        (Act(2, "ask_context_withdrawn", new { ask_id = ApprovalID, number = 2, state = "open", item_id = Diff.ID }), []),
        (Act(3, "ask_decided",
            new { ask_id = ApprovalID, number = 3, state = "approved", principal_id = ID(3), approved = true, sha256 = Digest }), []),
        (Act(4, "ask_consumed", new { ask_id = ApprovalID, number = 4, state = "consumed", sha256 = Digest }), []),
    ];

    /// Evidence that holds.
    public static string Evidence => EvidenceFile(whole: true);

    /// A statement that holds, of the message with the number 4.
    public static string HandedOn => HandedOnFile(4);

    /// A receipt with names that holds.
    public static string NamedReceipt => Edit(Receipts["receipt-view.json"], receipt =>
    {
        var note = Statement.Names(
            Statement.OriginOfNames(Key.Name, RoomID, receipt["fact"]!["event_id"]!.GetValue<Guid>()), DigestOf(Names),
            Start.AddMinutes(20));
        (receipt["names"], receipt["names_note"]) =
            (JsonSerializer.SerializeToNode(Names, WireJson.Options), SignedNote.Sign(note.Text, Key, Seed));
    });

    private static IEnumerable<(string Name, string Text, string Verdict)> ToHandOn()
    {
        yield return ("receipt-named.json", NamedReceipt, "OK");
        yield return ("receipt-renamed.json", Edit(NamedReceipt, receipt => receipt["names"]![0]!["address"] = "@ben.helper"),
            "BAD fact 1");
        yield return ("receipt-names-unsigned.json",
            Edit(NamedReceipt, receipt => receipt["names_note"] = ((string)receipt["names_note"]!).Replace("10:20", "10:21",
                StringComparison.Ordinal)), "BAD fact 1");
        yield return ("receipt-names-of-another.json",
            Edit(NamedReceipt, receipt => receipt["names_note"] = JsonNode.Parse(HandedOn)!["statement"]!.DeepClone()), "BAD fact 1");

        yield return ("statement.json", HandedOn, "OK");
        yield return ("statement-altered.json", Edit(HandedOn, file => file["fact"]!["principal"] = ID(3).ToString()), "BAD fact");
        yield return ("statement-renamed.json", Edit(HandedOn, file => file["names"]![1]!["address"] = "@ben"), "BAD fact");
        yield return ("statement-other-words.json", Edit(HandedOn, file => file["contents"]![0]!["body"] = """{"body":"no"}"""),
            "BAD fact");
        yield return ("statement-of-another.json",
            Edit(HandedOn, file => file["statement"] = JsonNode.Parse(HandedOnFile(6))!["statement"]!.DeepClone()), "BAD fact");
        yield return ("statement-by-a-checkpoint.json",
            Edit(HandedOn, file => file["statement"] = JsonNode.Parse(Receipts["receipt-view.json"])!["checkpoint"]!.DeepClone()), "BAD");

        yield return ("evidence.json", Evidence, "OK");
        yield return ("evidence-laid-out.json",
            JsonNode.Parse(Evidence)!.ToJsonString(WireJson.Indented) + "\n", "OK");
        yield return ("evidence-altered.json", Edit(Evidence, file => file["facts"]![2]!["fact"]!["data"]!["approved"] = false),
            "BAD fact 3");
        yield return ("evidence-altered-with-its-leaf.json", Edit(Evidence, file =>
        {
            file["facts"]![2]!["fact"]!["data"]!["approved"] = false;
            file["facts"]![2]!["leaf"] = Convert.ToBase64String(
                MerkleTree.LeafHash(CanonicalJson.Of(JsonSerializer.SerializeToElement(file["facts"]![2]!["fact"]))));
        }), "BAD fact 3");
        yield return ("evidence-dropped.json", Edit(Evidence, file => file["facts"]!.AsArray().RemoveAt(1)), "BAD fact 2");
        yield return ("evidence-dropped-and-renumbered.json", Edit(Evidence, file =>
        {
            file["facts"]!.AsArray().RemoveAt(1);
            (file["facts"]![1]!["position"], file["facts"]![2]!["position"]) = (2, 3);
        }), "BAD fact 2");
        yield return ("evidence-dropped-from-the-end.json", Edit(Evidence, file => file["facts"]!.AsArray().RemoveAt(3)), "BAD fact 4");
        yield return ("evidence-dropped-from-the-beginning.json", Edit(Evidence, file => file["facts"]!.AsArray().RemoveAt(0)),
            "BAD fact 1");
        yield return ("evidence-renamed.json", Edit(Evidence, file => file["names"]![3]!["address"] = "@cleo"), "BAD");
        yield return ("evidence-other-words.json",
            Edit(Evidence, file => file["facts"]![0]!["contents"]![1]!["body"] =
                Plan.Body.Replace("noon", "once", StringComparison.Ordinal)), "BAD fact 1");
        yield return ("evidence-words-unsaid.json", Edit(Evidence, file => file["facts"]![0]!["contents"]!.AsArray().RemoveAt(2)),
            "BAD fact 1");
        yield return ("evidence-of-another-ask.json", Edit(Evidence, file => file["ask_id"] = ID(302).ToString()), "BAD");
        yield return ("evidence-of-another-room.json", Edit(Evidence, file => file["room_id"] = ID(9).ToString()), "BAD");
        yield return ("evidence-unsigned.json",
            Edit(Evidence,
                file => file["statement"] = ((string)file["statement"]!).Replace("facts 4", "facts 3", StringComparison.Ordinal)), "BAD");
        yield return ("evidence-of-a-late-comer.json", EvidenceFile(whole: false), "BAD");
    }

    private static JsonElement Act(int number, string type, object data) => JsonElement.Parse(CanonicalFact.Of(
        RoomID, ID(300 + number), type, Start.AddMinutes(number), JsonSerializer.SerializeToElement(data),
        JsonSerializer.SerializeToElement(new
        {
            actor = $"agent:{ID(21)}/session:{ID(41)}",
            principal = ID(2),
            authority = new[] { $"seat:{Seats.Ana}", $"token:{ID(51)}", $"session:{ID(41)}" },
        })));

    private static EvidenceContent Whole((Guid ID, byte[] Salt, string Body) words) => new(words.ID, words.Salt, words.Body);

    private static byte[] DigestOf(IReadOnlyList<NameOfID> names) =>
        NamesInFact.Digest(JsonSerializer.SerializeToElement(names, WireJson.Options));

    private static string EvidenceFile(bool whole)
    {
        var leaves = Acts.Select(act => MerkleTree.LeafHash(CanonicalJson.Of(act.Fact))).ToList();
        var tree = MerkleTree.Over(leaves);
        var note = Statement.Evidence(
            Statement.OriginOfEvidence(Key.Name, RoomID, ApprovalID), Acts.Count, tree.Root(), DigestOf(Names), whole,
            Start.AddMinutes(20));
        return JsonSerializer.Serialize(
            new AskEvidence(
                AskEvidence.FormatName, RoomID, ApprovalID, SignedNote.Sign(note.Text, Key, Seed),
                [.. Acts.Select((act, i) => new EvidenceFact(
                    i + 1, act.Fact, leaves[i], [.. tree.InclusionProof(i).Select(Convert.ToBase64String)], act.Contents))],
                Names, [.. Keys.Select(key => key.Key.ToString())], null),
            WireJson.Options) + "\n";
    }

    private static string HandedOnFile(int number)
    {
        var (entry, contents) = Facts[number - 1];
        var fact = AsSeen(entry);
        var note = Statement.Fact(
            Statement.OriginOfFact(Key.Name, RoomID, fact.GetProperty("event_id").GetGuid()), MerkleTree.LeafHash(CanonicalJson.Of(fact)),
            DigestOf(Names), Start.AddMinutes(20));
        return JsonSerializer.Serialize(
            new SignedReceipt(
                SignedReceipt.StatementFormatName, null, null, fact, Names, null, null, null, SignedNote.Sign(note.Text, Key, Seed),
                [.. Keys.Select(key => key.Key.ToString())], [new(contents[0].ID, contents[0].Salt, contents[0].Body)]),
            WireJson.Options) + "\n";
    }
}
