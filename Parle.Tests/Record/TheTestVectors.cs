using Parle.Tests.Tidiness;

namespace Parle.Tests.Record;

/// The files in samples/vectors: for whoever writes a verifier of their own.
public class TheTestVectors
{
    public static TheoryData<string> Names => [.. Vectors.All().Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task are_judged_alike_by_both_verifiers(string name)
    {
        SourceFiles.Need();
        var (_, text, verdict) = Vectors.All().Single(vector => vector.Name == name);
        Golden.Golden.Matches(Path.Combine("..", "..", "samples", "vectors", name), text);

        var said = await Verifiers.Verify(text, name);

        Assert.Matches(
            verdict switch
            {
                "OK" => "^OK ",
                "BAD" => "^BAD +file: (?!fact )",
                "BAD fact" => "^BAD +file: fact ",
                _ => $"^BAD +file: {verdict[4..]}:",
            },
            said);
    }

    [Fact]
    public void are_listed_with_what_is_to_be_said_of_them() => Golden.Golden.Matches(
        Path.Combine("..", "..", "samples", "vectors", "verdicts.txt"), string.Concat(Vectors.All().Select(vector => $"{vector.Name} {vector.Verdict}\n")));

    [Fact]
    public async Task are_judged_by_the_script_too()
    {
        SourceFiles.Need();
        Verifiers.NeedNode();
        var folder = Path.Combine(SourceFiles.Repository!, "samples", "vectors");

        Assert.Equal(0, (await Verifiers.Script(Path.Combine(folder, "room.ndjson"))).Code);
        Assert.Equal(1, (await Verifiers.Script(Path.Combine(folder, "room-altered.ndjson"))).Code);
    }
}
