using Parle.Api.Provisioning;

namespace Parle.Tests.Provisioning;

public class ADescription
{
    [Theory]
    [InlineData("""{"principals":[{"handel":"ana"}]}""", "`principals[0].handel` is not known here. Did you mean `handle`?"),
        InlineData("""{"principal":[]}""", "Did you mean `principals`?")]
    [InlineData("""{"principals":[{"handle":"ana"},{"display_name":"Ben"}]}""", "`principals[1].handle` is missing."),
        InlineData("""{"principals":[{"handle":null}]}""", "`principals[0].handle` must not be null.")]
    [InlineData("""{"rooms":[{"handle":"a1","owner":"b1","kind":"open"}]}""", "`rooms[0].kind` must be one of private, shared."),
        InlineData("""{"rooms":[{"handle":"a1","owner":"b1","kind":1}]}""", "must be one of private, shared")]
    [InlineData("""{"rooms":[{"handle":"a1","owner":"b1","seats":[{"agent":"@b1.c1"},{"agent":"@b1.c2","history":"everything"}]}]}""",
        "`rooms[0].seats[1].history` must be one of from_admission, all.")]
    [InlineData("""{"rooms":[{"handle":"a1","owner":"b1","auditors":[{"label":"x","contents":"yes"}]}]}""",
        "`rooms[0].auditors[0].contents` must be true or false."), InlineData("""{"operators":{}}""", "`operators` must be a list.")]
    [InlineData("[]", "must be a JSON object"), InlineData("not json", "Invalid JSON"),
        InlineData("""{"principals":[],"principals":[]}""", "twice"),
        InlineData("""{"principals":[{"handle":"a\u0000b"}]}""", "must not contain U+0000")]
    public void that_cannot_be_read_is_told_where_and_what_there_is_instead(string json, string says)
    {
        var wrong = Assert.Throws<ProvisionException>(() => Provision.Parse(json));
        Assert.Contains(says, wrong.Message);
        Assert.DoesNotContain("Parle.Api", wrong.Message);
        Assert.DoesNotContain(".NET", wrong.Message);
    }
}
