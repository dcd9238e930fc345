using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>Contests the answer. Its author has the claim again, for the default lease.</summary>
/// <param name="AskID">The ask.</param>
/// <param name="Author">The participant that does it.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
/// <param name="Reason">The reason, in words; required.</param>
public sealed record ContestAnswer(Guid AskID, Author Author, Guid FactID, byte[] Salt, string? Reason)
    : AskCommand(AskActs.Contest, AskID, Author, FactID, Salt)
{
    /// <inheritdoc/>
    protected override Decision Decide(Ask ask, Seat seat, Room room, DateTimeOffset now) =>
        string.IsNullOrWhiteSpace(Reason) ? Refusals.ValidationFailed.Because("reason must say what is wrong with the answer.")
        : Record(new AskContested(ask.Claims + 1, now + ClaimLease.Usual), ask, room, $"The answer does not do: {AskTexts.SetIn(Reason)}",
            new() { ["reason"] = Reason }, ask.Claimant);
}
