using System.Text.Json;
using Org.BouncyCastle.Math.EC.Rfc8032;
using Parle.Api.Record;
using Parle.Api.Record.Verification;
using Parle.Api.Wire;
using Parle.Domain.Asks;
using Parle.Domain.Contents;
using Parle.Domain.Record;
using Parle.Domain.Rooms;
using Parle.Projections;

namespace Parle.Tests.Record;

/// A room that somebody made up and signed with a key of its own: it verifies, whatever is in it.
internal sealed class RoomOfOnesOwn
{
    private static readonly byte[] seed = [.. Enumerable.Repeat((byte)77, 32)];
    private static readonly DateTimeOffset start = new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero);

    private readonly List<Fact> facts = [];

    public Guid RoomID { get; set; } = Guid.NewGuid();

    public Guid SeatID { get; set; } = Guid.NewGuid();

    public Guid ParticipantID { get; set; } = Guid.NewGuid();

    public Guid AskID { get; set; } = Guid.NewGuid();

    public Guid ItemID { get; set; } = Guid.NewGuid();

    public Guid SaidID { get; set; } = Guid.NewGuid();

    public Guid SeatedBy { get; set; } = Guid.NewGuid();

    public static KeyRing Keys => KeyRing.Named([Key.ToString()])!;

    private static NoteKey Key
    {
        get
        {
            var key = new byte[Ed25519.PublicKeySize];
            Ed25519.GeneratePublicKey(seed, 0, key, 0);
            return new("parle.evil", key);
        }
    }

    /// The first message: to nobody in particular.
    public MessageSubmitted Said => new(SaidID, ParticipantID, Words(SaidID, "hello").Commitment, Addressing.None);

    /// A room with a seat, a presence, a message and an ask that hands something over; five facts, three common rows.
    public RoomOfOnesOwn Begin()
    {
        Add(new RoomOpened(Guid.NewGuid(), null, RoomKind.Shared));
        Add(new SeatAdmitted(SeatID, Guid.NewGuid(), Guid.NewGuid(), History.All), new(Common: 1), SeatedBy);
        Add(new ParticipantEntered(ParticipantID, SeatID, Guid.NewGuid(), "@eve.agent.1", start.AddDays(1)));
        Add(Said, new(Common: 2), SaidID, Words(SaidID, "hello"));
        Add(
            new AskOpened(AskKind.Help, SeatID, Guid.NewGuid(), Addressing.Everybody, null, null, null, null)
            {
                AskID = AskID,
                Number = 1,
                AuthorID = ParticipantID,
                Words = Words(AskID, "what?").Commitment,
                Context = [new(ItemID, SeatID, Words(ItemID, "this").Commitment, null)],
            },
            new(Common: 3), AskID, Words(AskID, "what?"), (ItemID, Words(ItemID, "this")));
        return this;
    }

    /// Begins again, with the ids as they are now.
    public RoomOfOnesOwn Restart()
    {
        facts.Clear();
        return Begin();
    }

    /// Takes a fact more, with the words that it commits to.
    public RoomOfOnesOwn Add(object fact, Placement? placement = null, Guid? id = null, Content? words = null,
        params IReadOnlyList<(Guid ID, Content Content)> items)
    {
        var eventID = id ?? (fact as MessageSubmitted)?.MessageID ?? Guid.NewGuid();
        words ??= fact is MessageSubmitted { Content: not null } message && Words(eventID, "x").Commitment == message.Content
            ? Words(eventID, "x") : null;
        facts.Add(new(eventID, fact, placement, [.. words is null ? [] : ((Guid, Content)[])[(eventID, words)], .. items], RoomID));
        return this;
    }

    /// Changes the last fact.
    public RoomOfOnesOwn Last(Func<Fact, Fact> change)
    {
        facts[^1] = change(facts[^1]);
        return this;
    }

    public static Content Words(Guid id, string text) =>
        new(id.ToByteArray(), CanonicalJson.Of(JsonSerializer.SerializeToElement(new { body = text })));

    /// The file, signed over all of it.
    public IReadOnlyList<string> File()
    {
        var entries = facts.Select((fact, i) => JsonElement.Parse(CanonicalFact.EntryOf(
            fact.RoomID, fact.ID, EventNames.All.Single(name => name.Value == fact.Data.GetType()).Key, start.AddMinutes(i),
            JsonElement.Parse(fact.Spelt(JsonSerializer.Serialize(fact.Data, fact.Data.GetType(), StoredJson.Options))),
            JsonSerializer.SerializeToElement(
                new Dictionary<string, object?>
                { ["actor"] = "agent:x", ["principal"] = Guid.NewGuid(), ["authority"] = new[] { "seat:x" } }
                    .Concat(fact.Placement is null ? [] : [new("placement", fact.Placement)]).ToDictionary(), StoredJson.Options),
            "request"))).ToList();
        var root = MerkleTree.Over([.. entries.Select(entry => MerkleTree.LeafHash(CanonicalJson.Of(entry)))]).Root();
        return
        [
            Line(new ExportHeader(
                RoomExport.FormatName, RoomID, Key.Name, start, facts.Count, true, [new(Key.ToString(), start, null, null)])),
            Line(new ExportedCheckpoint(SignedNote.Sign(
                new Checkpoint(Checkpoint.OriginOfRoom(Key.Name, RoomID), facts.Count, root, start.AddDays(1)).Text, Key, seed))),
            .. facts.Select((fact, i) => Line(new ExportedFact(i + 1, entries[i], null, fact.Words.Count == 0
                ? null : [.. fact.Words.Select(words => new ExportedContent(words.ID, words.Content.Salt, words.Content.Canonical))]))),
            Line(new ExportEnd(new(facts.Count))),
        ];
    }

    private static string Line<T>(T line) => JsonSerializer.Serialize(line, WireJson.Options);

    /// A fact of the file.
    internal sealed record Fact(Guid ID, object Data, Placement? Placement, IReadOnlyList<(Guid ID, Content Content)> Words, Guid RoomID)
    {
        /// The changed text.
        public Func<string, string> Spelt { get; init; } = text => text;
    }
}
