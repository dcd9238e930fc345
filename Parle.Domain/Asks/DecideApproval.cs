using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>
/// Approves or denies for the author's principal, and replaces its earlier decision. The decision is about the named digest, and no other.
/// </summary>
/// <param name="AskID">The ask.</param>
/// <param name="Author">The participant that does it.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
/// <param name="Approve">Whether to approve.</param>
/// <param name="Sha256">The digest to decide on.</param>
/// <param name="Reason">The reason, in words.</param>
public sealed record DecideApproval(Guid AskID, Author Author, Guid FactID, byte[] Salt, bool Approve, string? Sha256, string? Reason)
    : AskCommand(AskActs.Decide, AskID, Author, FactID, Salt)
{
    /// <inheritdoc/>
    protected override Decision Decide(Ask ask, Seat seat, Room room, DateTimeOffset now)
    {
        if (Sha256 != ask.Sha256)
        {
            return Refusals.ValidationFailed.Because(
                "sha256 is not the digest of this ask's subject. Look at the subject again: it may have been replaced.");
        }

        bool? earlier = ask.Decisions.TryGetValue(seat.PrincipalID, out var decided) ? decided : null;
        if (earlier == Approve)
        {
            return AskActs.Not("decided", $"Your principal {(Approve ? "approved" : "denied")} this already. Until the approval is used it "
                + "can decide otherwise, or take its decision back.");
        }

        if (Approve && ask.ShareOf(seat.PrincipalID).Obstacle(seat, Limits) is { } full)
        {
            return full;
        }

        var text = $"{(Approve ? "Approved" : "Denied")} "
            + $"{Sha256}{(earlier is null ? "" : ", in place of the earlier decision")}"
            + $"{(Reason is null ? "." : $": {AskTexts.SetIn(Reason)}")}";
        return Record(
            new AskDecided(
                seat.PrincipalID, Approve, Sha256!, ask.Usable(ask.Decisions.SetItem(seat.PrincipalID, Approve), isNew: Approve, now)),
            ask, room, text,
            new()
            {
                ["decision"] = Approve ? "approve" : "deny",
                ["sha256"] = Sha256,
                ["reason"] = Reason,
                ["earlier"] = earlier is null ? null : earlier.Value ? "approve" : "deny"
            },
            ask.Asker);
    }

    /// <inheritdoc/>
    protected override bool GivesBack(Ask ask, Seat seat) => !Approve && base.GivesBack(ask, seat);
}
