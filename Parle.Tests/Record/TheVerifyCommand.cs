using Parle.Api.Cli;
using Parle.Tests.Tidiness;

namespace Parle.Tests.Record;

/// Scripts rely on this: the code tells whether all of a file was signed by a key that the caller trusts; and every error names the file
/// that has it.
public sealed class TheVerifyCommand : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("parle-verify-");

    private string Room => Write("room.ndjson", string.Join('\n', Vectors.Export) + "\n");

    private string Keys => Write("keys.json", Vectors.PublishedKeysFile);

    private string Unsigned => Write("unsigned.ndjson", Vectors.All().Single(vector => vector.Name == "room-signed-in-part.ndjson").Text);

    [Fact]
    public async Task succeeds_where_the_caller_names_the_keys()
    {
        SourceFiles.Need();

        Assert.Equal(0, (await Verifiers.Judge(Room, "--keys", Keys)).Code);
        Assert.Equal(0, (await Verifiers.Judge("--keys", Vectors.Export[0].Split("\"key\":\"")[1].Split('"')[0], Room)).Code);
    }

    [Fact]
    public async Task does_not_succeed_by_the_keys_of_the_file_unless_it_is_told_to()
    {
        SourceFiles.Need();
        var receipt = Write("receipt.json", Vectors.Receipts["receipt-view.json"]);

        foreach (var file in new[] { Room, receipt })
        {
            var (code, said) = await Verifiers.Judge(file);
            Assert.Equal(2, code);
            Assert.StartsWith("UNSURE", said);
            Assert.Contains("--keys", said);
            Assert.Equal(0, (await Verifiers.Judge(file, "--trust-file-keys")).Code);
        }
    }

    [Fact]
    public async Task does_not_succeed_where_nothing_was_signed_of_the_last_facts_unless_it_is_told_to()
    {
        SourceFiles.Need();

        var (code, said) = await Verifiers.Judge(Unsigned, "--keys", Keys);

        Assert.Equal(1, code);
        Assert.Contains("fact 5: nothing was signed of facts 5 to 11", said);
        Assert.Equal(0, (await Verifiers.Judge(Unsigned, "--keys", Keys, "--allow-unsigned")).Code);
    }

    [Fact]
    public async Task compares_with_what_was_kept_elsewhere()
    {
        SourceFiles.Need();
        var fork = Write("fork.ndjson", Vectors.All().Single(vector => vector.Name == "room-forked.ndjson").Text);
        var kept = Write("receipt.json", Vectors.Receipts["receipt-view.json"]);

        Assert.Equal(0, (await Verifiers.Judge(Room, "--keys", Keys, "--checkpoint", kept, "--checkpoint", Room)).Code);
        Assert.Equal(1, (await Verifiers.Judge(Room, "--keys", Keys, "--checkpoint", fork)).Code);
    }

    [Theory]
    [InlineData("--keys", "no key", "--keys FILE is neither a key of Parle nor a file with keys")]
    [InlineData("--keys", """{"keys":[{"key":"x"}]}""", "--keys FILE is neither a key of Parle nor a file with keys")]
    [InlineData("--keys", null, "--keys FILE is neither a key of Parle nor a file with keys")]
    [InlineData("--checkpoint", "no note", "--checkpoint FILE cannot be read")]
    [InlineData("--checkpoint", """{"a":1}""", "--checkpoint FILE cannot be read")]
    [InlineData("--checkpoint", null, "--checkpoint FILE cannot be read")]
    public async Task blames_the_file_that_is_wrong(string option, string? text, string blame)
    {
        SourceFiles.Need();
        var file = text is null ? Path.Combine(folder.FullName, "nowhere") : Write("other", text);

        var (code, said) = await Verifiers.Judge(Room, option, file);

        Assert.Equal(2, code);
        Assert.StartsWith(blame.Replace("FILE", file, StringComparison.Ordinal), said);
        Assert.Contains("Usage:", said);
    }

    [Theory]
    [InlineData("""{"hello":"world"}""", "is neither a receipt")]
    [InlineData("""{"format":"parle-room/2"}""", "is neither a receipt")]
    [InlineData("[]", "cannot be read")]
    [InlineData("hello", "cannot be read")]
    [InlineData("""{"format":"parle-receipt/1"}""", "cannot be read as a receipt")]
    [InlineData("", "is empty")]
    [InlineData("\n \n", "is empty")]
    public async Task says_what_a_file_is_not(string text, string expected)
    {
        SourceFiles.Need();

        var (code, said) = await Verifiers.Judge(Write("other", text), "--trust-file-keys");

        Assert.Equal(2, code);
        Assert.Contains(expected, said);
        Assert.DoesNotContain("dictionary", said);
    }

    [Theory]
    [InlineData("No file is named")]
    [InlineData("There is no option --trust", "FILE", "--trust")]
    [InlineData("There is no option -k", "FILE", "-k")]
    [InlineData("One file is checked at a time", "FILE", "FILE")]
    [InlineData("--keys needs a file", "FILE", "--keys")]
    [InlineData("exclude each other", "FILE", "--keys", "KEYS", "--trust-file-keys")]
    public async Task refuses_a_call_that_is_none(string expected, params string[] arguments)
    {
        SourceFiles.Need();

        var (code, said) = await Verifiers.Judge(
            [.. arguments.Select(argument => argument switch { "FILE" => Room, "KEYS" => Keys, _ => argument })]);

        Assert.Equal(2, code);
        Assert.Contains(expected, said);
        Assert.Contains("Usage:", said);
    }

    [Fact]
    public void reads_standard_input()
    {
        using var output = new StringWriter();

        Assert.Equal(0, VerifyCommand.Run(["-", "--keys", Keys], () => File.OpenRead(Room), output, output));
        Assert.StartsWith("OK   -: room ", output.ToString());
    }

    public void Dispose() => folder.Delete(recursive: true);

    private string Write(string name, string text)
    {
        var file = Path.Combine(folder.FullName, name);
        File.WriteAllText(file, text);
        return file;
    }
}
