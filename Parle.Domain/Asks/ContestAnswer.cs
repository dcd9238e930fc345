using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>Says why the answer does not do. Who answered has the ask again, for the usual time.</summary>
/// <param name="AskID">Which ask.</param>
/// <param name="Author">The participant that does it.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
/// <param name="Reason">Why, in words; needed.</param>
public sealed record ContestAnswer(Guid AskID, Author Author, Guid FactID, byte[] Salt, string? Reason)
    : AskCommand(AskActs.Contest, AskID, Author, FactID, Salt)
{
    /// <inheritdoc/>
    protected override Decision Decide(Ask ask, Seat seat, Room room, DateTimeOffset now) =>
        string.IsNullOrWhiteSpace(Reason) ? Refusals.ValidationFailed.Because("reason must say what is wrong with the answer.")
        : Record(new AskContested(ask.Claims + 1, now + ClaimLease.Usual), ask, room, $"The answer does not do: {AskWords.SetIn(Reason)}",
            new() { ["reason"] = Reason }, ask.Claimant);
}
