using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>Ends a claim whose lease is over. A claim that was answered, renewed or released in time stays.</summary>
/// <param name="AskID">The ask.</param>
/// <param name="Claim">The number of its claim.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
public sealed record LapseClaim(Guid AskID, int Claim, Guid FactID, byte[] Salt)
{
    /// <summary>Decides. Of a lapse and an answer, the first decision wins.</summary>
    public Decision Decide(Room? room, DateTimeOffset now)
    {
        if (room is not { Archived: false } || room.Asks.GetValueOrDefault(AskID) is not { State: AskState.Claimed } ask
            || ask.Claims != Claim || ask.LeaseUntil > now)
        {
            return Decision.Nothing;
        }

        var words = AskTexts.Of(Salt, AskID, ask.Kind, "lapse", "The claim lapsed: others can take this ask.", null, null);
        return Decision.Record(
            ask.Number(new AskClaimLapsed(Claim) { Words = words.Commitment, Work = ask.Asker.In(room) is { } asker ? [asker] : [] }, room),
            FactID, words);
    }
}

/// <summary>Ends an ask that was not answered by its deadline, or whose approval was not used in time.</summary>
/// <param name="AskID">The ask.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
public sealed record ExpireAsk(Guid AskID, Guid FactID, byte[] Salt)
{
    /// <summary>Decides. An ask that was answered in time waits for its asker without a limit.</summary>
    public Decision Decide(Room? room, DateTimeOffset now)
    {
        if (room is not { Archived: false } || room.Asks.GetValueOrDefault(AskID) is not { } ask || !IsDue(ask, now))
        {
            return Decision.Nothing;
        }

        var words = AskTexts.Of(Salt, AskID, ask.Kind, "expire", "The time of this ask is over.", null, null);
        return Decision.Record(
            ask.Number(new AskExpired { Words = words.Commitment, Work = ask.Asker.In(room) is { } asker ? [asker] : [] }, room), FactID,
            words);
    }

    private static bool IsDue(Ask ask, DateTimeOffset now) => ask.State switch
    {
        AskState.Open or AskState.Claimed => ask.DueAt <= now,
        AskState.Approved => ask.UsableUntil <= now,
        _ => false,
    };
}
