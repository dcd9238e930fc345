using Parle.Domain;
using Parle.Domain.Principals;
using static Parle.Tests.Decided;

namespace Parle.Tests.Principals;

public class RegisteringAPrincipal
{
    [Fact]
    public void makes_it_known() =>
        When(new RegisterPrincipal("ana", "Ana Lima").Decide()).Then(new PrincipalRegistered("ana", "Ana Lima"));

    [Fact]
    public void shows_it_by_its_handle_when_no_other_name_is_given() =>
        When(new RegisterPrincipal("ana", null).Decide()).Then(new PrincipalRegistered("ana", "ana"));

    [Fact]
    public void under_a_reserved_word_is_refused() =>
        When(new RegisterPrincipal("system", null).Decide()).ThenRefused(Refusals.ValidationFailed, because: "reserved");

    [Fact]
    public void under_what_is_no_handle_is_refused() =>
        When(new RegisterPrincipal("Ana Lima", null).Decide()).ThenRefused(Refusals.ValidationFailed, because: "handle");

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void shown_by_too_little_or_too_much_is_refused(int characters) =>
        When(new RegisterPrincipal("ana", new('x', characters)).Decide()).ThenRefused(Refusals.ValidationFailed, because: "display_name");

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void shown_by_up_to_a_hundred_characters_is_accepted(int characters) =>
        When(new RegisterPrincipal("ana", new('x', characters)).Decide()).Then(new PrincipalRegistered("ana", new('x', characters)));

    [Theory]
    [InlineData(" ")]
    [InlineData("\u3000\u00a0\u2003")]
    [InlineData("\u200b\u2060")]
    [InlineData("\u3164\u2800\ufe0f")]
    [InlineData(" \ufff9 ")]
    public void shown_by_nothing_that_is_seen_is_refused(string name)
    {
        When(new RegisterPrincipal("ana", name).Decide()).ThenRefused(Refusals.ValidationFailed, because: "can be seen");
        When(new Domain.Agents.RegisterAgent(Guid.NewGuid(), "builder", name).Decide())
            .ThenRefused(Refusals.ValidationFailed, because: "can be seen");
        Assert.Contains("can be seen", Label.Obstacle(name)!.Detail);
        Assert.Contains("can be seen", Line.Obstacle("title", name, 200)!.Detail);
    }

    [Theory]
    [InlineData("Ana\nLima")]
    [InlineData("Ana\0")]
    [InlineData("Ana\u202eamiL")]
    [InlineData("A\u200bna")]
    [InlineData("Ana\u2028")]
    public void shown_by_what_deceives_the_eye_is_refused(string name)
    {
        When(new RegisterPrincipal("ana", name).Decide()).ThenRefused(Refusals.ValidationFailed, because: "display_name");
        When(new Domain.Agents.RegisterAgent(Guid.NewGuid(), "builder", name).Decide())
            .ThenRefused(Refusals.ValidationFailed, because: "display_name");
    }
}
