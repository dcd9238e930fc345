using Parle.Domain;
using Parle.Domain.Agents;
using static Parle.Tests.Decided;

namespace Parle.Tests.Agents;

public class RegisteringAnAgent
{
    private static readonly Guid Ana = new("00000000-0000-7000-8000-000000000001");

    [Fact]
    public void gives_it_to_its_principal() =>
        When(new RegisterAgent(Ana, "builder", "Builder").Decide()).Then(new AgentRegistered(Ana, "builder", "Builder"));

    [Fact]
    public void shows_it_by_its_handle_when_no_other_name_is_given() =>
        When(new RegisterAgent(Ana, "builder", null).Decide()).Then(new AgentRegistered(Ana, "builder", "builder"));

    [Fact]
    public void under_a_reserved_word_is_refused() =>
        When(new RegisterAgent(Ana, "agent", null).Decide()).ThenRefused(Refusals.ValidationFailed, because: "reserved");

    [Fact]
    public void under_what_is_no_handle_is_refused() =>
        When(new RegisterAgent(Ana, "b", null).Decide()).ThenRefused(Refusals.ValidationFailed, because: "handle");

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void shown_by_too_little_or_too_much_is_refused(int characters) =>
        When(new RegisterAgent(Ana, "builder", new('x', characters)).Decide())
            .ThenRefused(Refusals.ValidationFailed, because: "display_name");
}
