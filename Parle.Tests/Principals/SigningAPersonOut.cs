using Parle.Domain.Principals;
using static Parle.Tests.Decided;

namespace Parle.Tests.Principals;

public class SigningAPersonOut
{
    private static readonly PersonSessionStarted started = new(Guid.Empty, "email_code", DateTimeOffset.UnixEpoch);

    [Fact]
    public void ends_the_session() => When(new EndPersonSession().Decide([started])).Then(new PersonSessionEnded());

    [Fact]
    public void twice_changes_nothing() => When(new EndPersonSession().Decide([started, new PersonSessionEnded()])).ThenNothing();
}
