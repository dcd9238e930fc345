using Parle.Tests.Tidiness;

namespace Parle.Tests.Record;

/// The files in samples/vectors: for whoever writes a verifier of their own.
public class TheTestVectors
{
    private static string Folder => Path.Combine(SourceFiles.Repository!, "samples", "vectors");

    public static TheoryData<string> Names => [.. Vectors.All().Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task are_judged_alike_by_both_verifiers(string name)
    {
        SourceFiles.Need();
        var (_, text, verdict) = Vectors.All().Single(vector => vector.Name == name);
        Kept(name, text);

        var (code, said) = await Verifiers.Judge(Path.Combine(Folder, name), "--keys", Path.Combine(Folder, "keys.json"));

        Assert.Equal(verdict == "OK" ? 0 : 1, code);
        Assert.Matches(
            verdict switch
            {
                "OK" => "^OK ",
                "BAD" => "^BAD +[^:]*: (?!fact )",
                "BAD fact" => "^BAD +[^:]*: fact ",
                _ => $"^BAD +[^:]*: {verdict[4..]}:",
            },
            said);
    }

    [Fact]
    public void are_listed_with_what_is_to_be_said_of_them() =>
        Kept("verdicts.txt", string.Concat(Vectors.All().Select(vector => $"{vector.Name} {vector.Verdict}\n")));

    [Fact]
    public void come_with_the_keys_that_they_are_judged_by() => Kept("keys.json", Vectors.PublishedKeysFile);

    [Fact]
    public async Task are_judged_by_the_script_too()
    {
        SourceFiles.Need();
        Verifiers.NeedNode();
        string[] keys = ["--keys", Path.Combine(Folder, "keys.json")];

        Assert.Equal(0, (await Verifiers.Script([Path.Combine(Folder, "room.ndjson"), .. keys])).Code);
        Assert.Equal(1, (await Verifiers.Script([Path.Combine(Folder, "room-altered.ndjson"), .. keys])).Code);
    }

    // To the byte: a mark at the beginning and the ends of lines are what some of them are about.
    private static void Kept(string name, string text)
    {
        SourceFiles.Need();
        var file = Path.Combine(Folder, name);
        if (Environment.GetEnvironmentVariable("PARLE_GOLDEN") is "write")
        {
            File.WriteAllText(file, text);
            Assert.Skip($"Wrote {name}: read its diff.");
        }

        Assert.True(File.Exists(file) && File.ReadAllBytes(file).AsSpan().SequenceEqual(System.Text.Encoding.UTF8.GetBytes(text)),
            $"samples/vectors/{name} is not what it was made from: PARLE_GOLDEN=write renews it.");
    }
}
