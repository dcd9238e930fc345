using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parle.Api.Wire;
using Parle.Tests.Tidiness;

namespace Parle.Tests.Record;

/// Files of a thief or a forger that shall pass for others: both verifiers give each one verdict, and neither falls over.
public sealed class AHostileFile : IDisposable
{
    private static readonly UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("parle-hostile-");

    private string Room => Write("room.ndjson", string.Join('\n', Vectors.Export) + "\n");

    private string Keys => Write("keys.json", Vectors.PublishedKeysFile);

    private static string Note => (string)JsonNode.Parse(Vectors.Export[1])!["checkpoint"]!;

    /// A line that is no UTF-8 must not be passed over: "valid_until" may stand in it, and the thief of that key may have signed.
    [Fact]
    public async Task is_not_checked_by_keys_of_which_a_line_cannot_be_read()
    {
        SourceFiles.Need();
        Verifiers.NeedNode();
        var late = Write("late.ndjson", Vectors.All().Single(vector => vector.Name == "room-late-signature.ndjson").Text);
        var keys = JsonNode.Parse(Vectors.PublishedKeysFile)!.ToJsonString(new() { WriteIndented = true });
        var noted = keys.Split('\n').Select(line => line.Contains("valid_until", StringComparison.Ordinal) && line.Contains(
            "T11:", StringComparison.Ordinal) ? line + " \"note\": \"Müller\"," : line).ToList();
        Assert.Contains(noted, line => line.Contains("Müller", StringComparison.Ordinal));

        var (code, said) = await Verifiers.Judge(late, "--keys", Write("noted.json", Encoding.Latin1.GetBytes(string.Join('\n', noted))));

        Assert.Equal(2, code);
        Assert.Contains("is neither a key of Parle nor a file with keys", said);
        Assert.Equal(1, (await Verifiers.Judge(late, "--keys", Write("noted.json", string.Join('\n', noted)))).Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task is_not_compared_with_what_was_kept_where_a_line_of_that_cannot_be_read(int lineBefore)
    {
        SourceFiles.Need();
        Verifiers.NeedNode();
        byte[] kept = lineBefore == 1
            ? [.. "{\"note\":\n\"M"u8, 0xFC, .. "ller\",\n"u8, .. utf8.GetBytes(Vectors.Receipts["receipt-record.json"][1..])]
            : [.. "{\"note\":\"M"u8, 0xFC, .. "ller\",\n"u8, .. utf8.GetBytes(Vectors.Receipts["receipt-record.json"][1..])];

        Assert.Equal(2, (await Verifiers.Judge(Room, "--keys", Keys, "--checkpoint", Write("kept.json", kept))).Code);
    }

    /// A note that was kept is read as every other file is: as UTF-8, with or without a mark, and in no encoding that somebody guesses.
    [Fact]
    public async Task is_compared_with_a_kept_note_in_utf_8_alone()
    {
        SourceFiles.Need();
        Verifiers.NeedNode();
        var latin = utf8.GetBytes(Note);
        latin[3] = 0xFC;

        Assert.Equal(0, await With(utf8.GetBytes(Note)));
        Assert.Equal(0, await With([.. Encoding.UTF8.Preamble, .. utf8.GetBytes(Note)]));
        Assert.Equal(2, await With([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Note)]));
        Assert.Equal(2, await With([.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(Note)]));
        Assert.Equal(2, await With([.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes(Note)]));
        Assert.Equal(2, await With(latin));
        Assert.Equal(2, await With(utf8.GetBytes(Note.Replace("\n", "\r\n", StringComparison.Ordinal))));
        Assert.Equal(1, await With([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.Preamble, .. utf8.GetBytes(Note)]));

        async Task<int> With(byte[] kept) => (await Verifiers.Judge(Room, "--keys", Keys, "--checkpoint", Write("kept", kept))).Code;
    }

    /// A signer's name is in most places an address with a path, as C2SP has it.
    [Theory]
    [InlineData("example.org/parle")]
    [InlineData("example.org/rooms/parle")]
    public async Task is_not_what_a_signer_makes_whose_name_has_a_path(string name)
    {
        SourceFiles.Need();
        Verifiers.NeedNode();
        var room = new OneFact(name);

        Assert.Equal(0, (await Verifiers.Judge(Write("export", room.Export), "--keys", room.Key.ToString())).Code);
        Assert.Equal(0, (await Verifiers.Judge(Write("record", room.Receipt(null)), "--keys", room.Key.ToString())).Code);
        Assert.Equal(0, (await Verifiers.Judge(Write("view", room.Receipt(OneFact.SeatID)), "--keys", room.Key.ToString())).Code);
        Assert.Equal(1,
            (await Verifiers.Judge(Write("other", room.Receipt(OneFact.SeatID).Replace("\"view\"", "\"record\"", StringComparison.Ordinal)),
                "--keys", room.Key.ToString())).Code);
    }

    /// A node that is no hash must not be hashed, and not take the stack of the process either.
    [Theory]
    [InlineData(0)]
    [InlineData(33)]
    [InlineData(9 * 1024 * 1024)]
    public async Task is_bad_where_a_node_of_its_proof_is_no_hash(int length)
    {
        SourceFiles.Need();
        Verifiers.NeedNode();
        var receipt = JsonNode.Parse(Vectors.Receipts["receipt-record.json"])!;
        receipt["inclusion_proof"]![0] = Convert.ToBase64String(new byte[length]);

        Assert.Equal(1, (await Verifiers.Judge(Write("receipt", receipt.ToJsonString(WireJson.Options)), "--keys", Keys)).Code);
    }

    /// Lines of up to 64 MiB are read, whatever they are made of.
    [Theory]
    [InlineData("a long string", "\"", "aaaaaaaa", "\"", 0)]
    [InlineData("a long string of escapes", "\"", "\\\"\\\\\\n", "\"", 0)]
    [InlineData("a long number", "0.", "00000000", "1", 0)]
    [InlineData("a long number that is whole", "1", "00000000", "1", 2)] // As a first line it is of no format.
    public async Task is_judged_alike_where_a_line_has(string what, string begin, string again, string end, int expected)
    {
        SourceFiles.Need();
        Verifiers.NeedNode();
        var value = new StringBuilder(begin).Insert(begin.Length, again, 24 * 1024 * 1024 / again.Length).Append(end);
        var file = Write("long.ndjson", string.Join('\n', [$"{Vectors.Export[0][..^1]},\"note\":{value}}}", .. Vectors.Export.Skip(1)]));

        var (code, said) = await Verifiers.Judge(file, "--keys", Keys);

        Assert.True(code == expected, $"{what}: {said}");
    }

    [Fact]
    public async Task is_judged_alike_where_a_checkpoint_has_a_size_without_end()
    {
        SourceFiles.Need();
        Verifiers.NeedNode();
        var note = Note.Replace("\n4\n", $"\n{new string('9', 24 * 1024 * 1024)}\n", StringComparison.Ordinal);

        Assert.Equal(1, (await Verifiers.Judge(Write("room.ndjson",
            string.Join('\n', [Vectors.Export[0], JsonSerializer.Serialize(new { checkpoint = note }), .. Vectors.Export.Skip(1)])),
            "--keys", Keys)).Code);
    }

    /// A key of no first moment and one that counts since the first there is are as old as each other: the later one said is the newest.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task is_judged_alike_by_keys_as_old_as_time(bool oldestFirst)
    {
        SourceFiles.Need();
        Verifiers.NeedNode();
        var keys = JsonNode.Parse(Vectors.PublishedKeysFile)!["keys"]!.AsArray().Select(key => (string)key!["key"]!).ToList();
        var bounded = JsonSerializer.Serialize(new { key = keys[0], valid_from = "0001-01-01T00:00:00Z" });
        var file = Write(
            "old.json", oldestFirst ? $$"""{"keys":[{{bounded}},"{{keys[1]}}"]}""" : $$"""{"keys":["{{keys[1]}}",{{bounded}}]}""");

        Assert.Equal(oldestFirst ? 0 : 1, (await Verifiers.Judge(
            Write("next.ndjson", Vectors.All().Single(vector => vector.Name == "room-endorsed-next.ndjson").Text), "--keys", file)).Code);
    }

    /// Libraries of Ed25519 differ over these; the rule of docs/record.md does not. Each was made by one who has the key (or what there is
    /// in place of one).
    [Theory]
    [InlineData("R that is nothing, with y beyond p", 1, "me+30447298+ARf/rYBo3A3pk102Y2860bXebeNBOxI4jkU7BfKkwdPb", "2026-08-17T10:10:00Z",
        "MERymO7///////////////////////////////////////9/g+wLL2jAYtUQ6/UgKdeoD+UM5p+pWcv3Gwvg22LbSgw=")]
    [InlineData("R that is nothing, with a sign", 1, "me+30447298+ARf/rYBo3A3pk102Y2860bXebeNBOxI4jkU7BfKkwdPb", "2026-08-17T10:10:00Z",
        "MERymAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACAnwQZOlrAby+ET5y0s8ZtcfM3YaWiR8AokmGo/lFm2go=")]
    [InlineData("R that is nothing", 1, "me+30447298+ARf/rYBo3A3pk102Y2860bXebeNBOxI4jkU7BfKkwdPb", "2026-08-17T10:10:00Z",
        "MERymAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAzdWHPiE4K6xxBTn94Ge7Up2r35KlmWvtB+B7gwzG8gU=")]
    [InlineData("S beyond L", 1, "me+30447298+ARf/rYBo3A3pk102Y2860bXebeNBOxI4jkU7BfKkwdPb", "2026-08-17T10:10:00Z",
        "MERymHOB9edb57EtYatOdTFNox6I3vc4WQ9704ELDrTMyn5CRWimQvWUn9V/f573ogrYTVhmHVwyLIw8n0VmYiy+wR4=")]
    [InlineData("a key that is nothing, with a sign", 1, "me+72fd63d2+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACA", "2026-08-17T10:10:00Z",
        "cv1j0j4Ba+wJQ4cBrePEWEasnfZtPS7qoqxAgDq+Fq8SagwKA9kAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("a key that is nothing, with y beyond p", 1, "me+3543d19d+Ae7///////////////////////////////////////9/",
        "2026-08-17T10:10:00Z", "NUPRnT4Ba+wJQ4cBrePEWEasnfZtPS7qoqxAgDq+Fq8SagwKA9kAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("a key that is nothing, with y beyond p and a sign", 1, "me+b9f6efd9+Ae7/////////////////////////////////////////",
        "2026-08-17T10:10:00Z", "ufbv2T4Ba+wJQ4cBrePEWEasnfZtPS7qoqxAgDq+Fq8SagwKA9kAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("nothing but a key and a signature", 0, "me+30447298+ARf/rYBo3A3pk102Y2860bXebeNBOxI4jkU7BfKkwdPb", "2026-08-17T10:10:00Z",
        "MERymHOB9edb57EtYatOdTFNox6I3vc4WQ9704ELDrTMyn5CWJSw5doxjX2p4qZUxBD5OFhmHVwyLIw8n0VmYiy+wQ4=")]
    [InlineData("a key of order 4", 1, "me+4b17105e+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACA", "2026-08-17T10:10:01Z",
        "SxcQXj4Ba+wJQ4cBrePEWEasnfZtPS7qoqxAgDq+Fq8SagwKA9kAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("a key of order 8", 1, "me+a97529e3+AccXanA9TdhPujwLdg0QZw8qIFP6LDnMxk7H/XeSrAN6", "2026-08-17T10:10:03Z",
        "qXUp4z4Ba+wJQ4cBrePEWEasnfZtPS7qoqxAgDq+Fq8SagwKA9kAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("a key that is nothing", 1, "me+cd8d9bbe+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "2026-08-17T10:10:00Z",
        "zY2bvj4Ba+wJQ4cBrePEWEasnfZtPS7qoqxAgDq+Fq8SagwKA9kAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData(
        "a key with a part of order 8 that the equation does not show", 1, "me+64c0b580+AdY8ASIxR1Qd9OFwdj6eJ4iov1lx9SqTxYKdvm9f9rup",
        "2026-08-17T10:10:00Z", "ZMC1gHOB9edb57EtYatOdTFNox6I3vc4WQ9704ELDrTMyn5ClYLicAOStjtPzl3t1QeQX1vk3pciLMqtfFpZTN0y8ws=")]
    [InlineData(
        "a key with a part of order 8 that only the cofactor takes away", 1, "me+64c0b580+AdY8ASIxR1Qd9OFwdj6eJ4iov1lx9SqTxYKdvm9f9rup",
        "2026-08-17T10:10:14Z", "ZMC1gHOB9edb57EtYatOdTFNox6I3vc4WQ9704ELDrTMyn5CWTMsTvvfs5NIkNJTNR/tXDr9pz5PX+j0duZmI+Bp1wo=")]
    [InlineData("R with a part of order 8", 1, "me+30447298+ARf/rYBo3A3pk102Y2860bXebeNBOxI4jkU7BfKkwdPb", "2026-08-17T10:10:00Z",
        "MERymGYUf/bkvQQnGVKJuKMiW+Ia8rJP9WJ0VHq/52yaB6owjo++g/Nwk5eFoexIP7/AYqjIq0LMGti6fNZ9LipZygo=")]
    public async Task is_judged_alike_whatever_it_is_signed_with(string what, int expected, string key, string time, string signature)
    {
        SourceFiles.Need();
        Verifiers.NeedNode();
        const string room = "0a000000-0000-7000-8000-000000000001";
        const string root = "zpf1FW2qBckQZEcBAUS+UiFySEcdt7O2gsyY4RRtjxg=";
        object[] lines =
        [
            new { format = "parle-room/1", room_id = room, name = "me", facts = 1, contents = false, keys = new[] { key } },
            new { checkpoint = $"me/rooms/{room}\n1\n{root}\ntime {time}\n\n\u2014 me {signature}\n" },
            new
            {
                version = 1,
                fact = new
                {
                    actor = "x",
                    at = "2026-08-17T10:00:00.000000Z",
                    authority = Array.Empty<string>(),
                    data = new { },
                    event_id = $"{room[..^1]}2",
                    principal = $"{room[..^1]}3",
                    room_id = room,
                    type = "room_opened"
                }
            },
            new { end = new { facts = 1 } },
        ];
        var file = Write("signed.ndjson", string.Join('\n', lines.Select(line => JsonSerializer.Serialize(line))));

        var (code, said) = await Verifiers.Judge(file, "--trust-file-keys");

        Assert.True(code == expected, $"{what}: {said}");
    }

    /// Of two equally short decimals of a double each verifier takes the same one, or a fact that was signed by one is none to the other.
    [Fact]
    public async Task is_none_for_its_numbers()
    {
        SourceFiles.Need();
        Verifiers.NeedNode();
        // As a text: .NET's serializer spells the first one as another.
        var room = new OneFact("parle.example")
        { Data = JsonElement.Parse("""{"numbers":[2.9802322387695312e-8,2.98023223876953125e-8,4.1045368012983762e-289,0.1,5e-324]}""") };

        Assert.Equal(0, (await Verifiers.Judge(Write("numbers.ndjson", room.Export), "--trust-file-keys")).Code);
        Assert.Contains("2.9802322387695312e-8", room.Export);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private string Write(string name, string text) => Write(name, utf8.GetBytes(text));

    private string Write(string name, byte[] bytes)
    {
        var file = Path.Combine(folder.FullName, name);
        File.WriteAllBytes(file, bytes);
        return file;
    }
}
