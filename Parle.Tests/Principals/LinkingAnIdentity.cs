using Parle.Domain;
using Parle.Domain.Principals;
using static Parle.Tests.Decided;

namespace Parle.Tests.Principals;

public class LinkingAnIdentity
{
    private static readonly Guid ana = new("019a7c1d-0a11-7c3b-8c45-2d7f9b3e5a01");
    private static readonly Guid ben = new("019a7c1d-0a11-7c3b-8c45-2d7f9b3e5a02");
    private static readonly LinkIdentity link = new("email", "00ff");

    [Fact]
    public void that_is_nobodys_makes_it_the_principals() =>
        When(link.Decide(ana, linkedTo: null)).Then(new IdentityLinked("email", "00ff"));

    [Fact]
    public void that_is_the_principals_already_changes_nothing() => When(link.Decide(ana, linkedTo: ana)).ThenNothing();

    [Fact]
    public void that_is_somebody_elses_is_refused() => When(link.Decide(ana, linkedTo: ben)).ThenRefused(Refusals.LinkConflict);
}
