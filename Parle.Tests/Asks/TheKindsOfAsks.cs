using System.Text.RegularExpressions;
using Parle.Domain.Asks;
using Parle.Tests.Tidiness;

namespace Parle.Tests.Asks;

/// All that is particular to a kind of ask stands in its row, and a row is whole.
public partial class TheKindsOfAsks
{
    public static TheoryData<string> Words => [.. AskKinds.All.Select(kind => kind.Word)];

    [Fact]
    public void are_named_nowhere_else()
    {
        SourceFiles.Need();
        Assert.Empty(
            from file in SourceFiles.All(".cs")
            where !file.StartsWith("Parle.Tests", StringComparison.Ordinal) && !file.EndsWith("AskKinds.cs", StringComparison.Ordinal)
            from line in SourceFiles.Lines(file)
            where NamedKind().IsMatch(line)
            select $"{file}: {line.Trim()}");
    }

    [Fact]
    public void are_these_and_no_others()
    {
        Assert.Equal(AskKinds.All.Count, AskKinds.All.Select(kind => kind.Word).Distinct().Count());
        Assert.ThrowsAny<InvalidOperationException>(() => AskKinds.Of((AskKind)AskKinds.All.Count));
        Assert.Null(AskKinds.Find("translations"));
    }

    [Theory, MemberData(nameof(Words))]
    public void agree_with_themselves(string word)
    {
        var kind = AskKinds.Find(word)!;
        Assert.Equal(kind, AskKinds.Of(kind.Kind));
        Assert.Equal(kind.IsDecided, kind.AnswerInWords is null);
        Assert.True(kind.NeedsSubject || !(kind.IsDecided || kind.SubjectCanBeReplaced || kind.Answer!.SubjectDigest is not null),
            "Decisions and digests are of a subject.");
        Assert.All(kind.Answer?.Members.Where(member => member.IsNeeded) ?? [],
            member => Assert.Contains($"`{member.Name}`", kind.AnswerInWords));
        Assert.True(kind.Answer?.SubjectDigest?.IsNeeded is not false);
        Assert.Contains(AskActs.Withdraw, kind.Acts);
        Assert.Equal(kind.IsDecided, kind.Acts.Contains(AskActs.Decide));
        Assert.Equal(!kind.IsDecided, kind.Acts.Contains(AskActs.Answer));
    }

    [Theory, MemberData(nameof(Words))]
    public void accept_their_own_examples(string word)
    {
        var kind = AskKinds.Find(word)!;
        var subject = kind.NeedsSubject ? new AskSubject("commit", "main", AskSubject.ExampleDigest) : null;
        Assert.Null(new AskRequest(kind.Kind, kind.ExampleTitle, AskExamples.Of(kind.Request), subject, []).Obstacle());
        Assert.Null(kind.Answer?.Obstacle("answer", AskExamples.Of(kind.Answer)));
    }

    [Theory, MemberData(nameof(Words))]
    public void are_lived_to_their_end(string word)
    {
        var ask = AskKinds.Find(word)!.IsDecided
            ? AskingRoom.After($"{word}; ben approve; cleo approve; ana consume")
            : AskingRoom.After($"{word}; ben claim; ben answer; ana accept");
        Assert.True(ask.Ask.IsOver);
    }

    [GeneratedRegex(@"\bAskKind\.[A-Z]\w+|[kK]ind is ""(help|logs|review|approval)""")]
    private static partial Regex NamedKind();
}
