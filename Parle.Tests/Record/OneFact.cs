using System.Text.Json;
using Org.BouncyCastle.Math.EC.Rfc8032;
using Parle.Api.Record;
using Parle.Api.Wire;
using Parle.Domain.Contents;
using Parle.Domain.Record;

namespace Parle.Tests.Record;

/// The smallest room there is, of a service with any name.
internal sealed class OneFact(string name)
{
    private static readonly byte[] seed = [.. Enumerable.Repeat((byte)5, 32)];
    private static readonly Guid roomID = new("019a7c1e-0000-7000-8000-0000000000a1");
    private static readonly DateTimeOffset start = new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero);

    /// The views a receipt may be of.
    public static Guid SeatID { get; } = new("019a7c1e-0000-7000-8000-0000000000a2");

    /// The key that it is signed with.
    public NoteKey Key { get; } = new(name, PublicKey());

    /// The members of the fact beside attribution and time.
    public object Data { get; init; } = new { handle = "release" };

    /// The room.
    public string Export => string.Join('\n',
    [
        Line(new ExportHeader(RoomExport.FormatName, roomID, name, start, 1, false, [new(Key.ToString(), start, null, null)])),
        Line(new ExportedCheckpoint(Note(Checkpoint.OriginOfRoom(name, roomID)))),
        Line(new ExportedFact(1, Entry, null, null)),
        Line(new ExportEnd(new(1))),
    ]);

    private JsonElement Entry => JsonElement.Parse(CanonicalFact.EntryOf(
        roomID, new("019a7c1e-0000-7000-8000-0000000000a3"), "room_opened", start, JsonSerializer.SerializeToElement(Data),
        JsonSerializer.SerializeToElement(new { actor = "agent:x", principal = "p", authority = new[] { "seat:x" } }), "request"));

    /// A receipt of the fact, from the record or from a view.
    public string Receipt(Guid? seat) => Line(new SignedReceipt(
        SignedReceipt.FormatName, seat is null ? SignedReceipt.RecordLog : SignedReceipt.ViewLog, 1, Entry, null,
        Note(seat is { } id ? Checkpoint.OriginOfView(name, roomID, id) : Checkpoint.OriginOfRoom(name, roomID)), [], null, null,
        [Key.ToString()], null));

    private string Note(string origin) =>
        SignedNote.Sign(new Checkpoint(origin, 1, MerkleTree.LeafHash(CanonicalJson.Of(Entry)), start.AddMinutes(1)).Text, Key, seed);

    private static string Line<T>(T line) => JsonSerializer.Serialize(line, WireJson.Options);

    private static byte[] PublicKey()
    {
        var key = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(seed, 0, key, 0);
        return key;
    }
}
