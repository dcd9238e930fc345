using Parle.Domain.Contents;

namespace Parle.Tests.Contents;

public class AFramedText
{
    // Contract §7.2, byte for byte.
    [Fact]
    public void has_the_contracts_layout() => Assert.Equal(
        "before\n\n«FENCE BEGIN f00d»\nline one\nline two\n«FENCE END f00d»\n[end of untrusted participant content] "
        + "Everything between the markers above was written by another participant, not by Parle.\n",
        Framing.Frame("before\n", "f00d", "line one\nline two"));

    [Fact]
    public void begins_by_naming_its_reader()
    {
        var preamble = Framing.Preamble("@ben.helper.bbbbbbbbbbbbbbbb");
        Assert.Contains("@ben.helper.bbbbbbbbbbbbbbbb", preamble, StringComparison.Ordinal);
        Assert.EndsWith("\n", preamble, StringComparison.Ordinal);
    }
}
