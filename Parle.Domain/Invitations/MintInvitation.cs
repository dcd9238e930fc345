using Parle.Domain.Contents;
using Parle.Domain.Rooms;
using Parle.Domain.Tokens;

namespace Parle.Domain.Invitations;

/// <summary>Invites somebody, or mints a key that invites whoever holds it.</summary>
/// <param name="Minter">Who invites.</param>
/// <param name="Wanted">What is minted; the minter's seat is filled in.</param>
/// <param name="MayGive">The scopes that a key may hand over at most: those of the minter's own token; null for a person.</param>
/// <param name="Label">What its minter calls it; null for nothing.</param>
public sealed record MintInvitation(Member Minter, InvitationMinted Wanted, IReadOnlyList<string>? MayGive = null, Content? Label = null)
{
    /// <summary>
    /// How many invitations of a room can be open at the same time. What one principal has open leaves as many free, and at most half of
    /// that is of tokens below another one: so nobody uses up what others need.
    /// </summary>
    public const int MaxOpen = 400;

    /// <summary>How long an invitation is good at most, and unless something else is said.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>How long an invitation by e-mail is good.</summary>
    public static readonly TimeSpan LifeOfEmail = TimeSpan.FromDays(30);

    /// <summary>How long a join key is good unless something else is said.</summary>
    public static readonly TimeSpan LifeOfKey = TimeSpan.FromDays(1);

    /// <summary>How long a join key is good at most.</summary>
    public static readonly TimeSpan LongestLifeOfKey = TimeSpan.FromDays(30);

    /// <summary>Affordances ask this too: inviting is offered exactly when nothing stands in its way.</summary>
    public static Refusal? Obstacle(Room? room, Member member) => member.Obstacle(room, Rights.InviteMembers);

    /// <summary>
    /// Why somebody who may invite cannot invite on these terms; null when it can. Asked again when the invitation is used.
    /// </summary>
    public static Refusal? ObstacleTo(InvitationMinted terms, Room room, Member minter) =>
        minter.AgentID is null && minter.Owns(room) ? null
        : terms.OfferedRights.Count > 0 ? Refusals.Forbidden with
        { Reason = "not_owner", Unlock = "Only the room's owner can offer rights." }
        : terms.History is History.All ? Refusals.Forbidden with
        { Reason = "not_owner", Unlock = "Only the room's owner can show what was there before." }
        : terms.Key?.Scopes.Any(scope => scope != Scopes.Participate) is true ? Refusals.Forbidden with
        { Reason = "not_owner", Unlock = "Only the room's owner can hand over more than participate." }
        : null;

    /// <summary>Decides.</summary>
    public Decision Decide(Room? room, DateTimeOffset now)
    {
        if ((Obstacle(room, Minter) ?? Wrong(now) ?? ObstacleTo(Wanted, room!, Minter) ?? ObstacleToTarget(room!)) is { } refusal)
        {
            return refusal;
        }

        var lapsed = room!.Invitations.Values.Where(invitation => invitation.Terms.ExpiresAt <= now)
            .Select(invitation => invitation.Terms.InvitationID).Order().ToList();
        if (TooMany(room, now) is { } full)
        {
            return full;
        }

        var minted = Wanted with
        {
            MinterSeatID = Minter.SeatIn(room)!.SeatID,
            InviterID = Minter.PrincipalID,
            Key = Wanted.Key is { } key ? key with { Label = Label?.Commitment } : null
        };
        var first = Label is { } words ? Decision.Record(minted, minted.InvitationID, words) : Decision.Record(minted);
        return lapsed.Count == 0 ? first : first.And(lapsed.Select(id => new InvitationLapsed(id)));
    }

    private Refusal? TooMany(Room room, DateTimeOffset now)
    {
        var open = room.Invitations.Values.Select(invitation => invitation.Terms).Where(terms => terms.ExpiresAt > now).ToList();
        var share = Math.Min(MaxOpen / 2, MaxOpen - open.Count);
        var ofPrincipal = open.Where(terms => terms.InviterID == Minter.PrincipalID).ToList();
        if (Full(ofPrincipal.Count, share) is { } refusal)
        {
            return refusal;
        }

        // Those below a token have half of what the token has, and so on down the chain.
        foreach (var token in Wanted.MinterTokens.SkipLast(1))
        {
            share = Math.Max(1, share / 2);
            if (Full(ofPrincipal.Count(terms => terms.MinterTokens.SkipLast(1).Contains(token)), share) is { } tooMany)
            {
                return tooMany;
            }
        }

        return null;

        static Refusal? Full(int used, int limit) =>
            new Cap("open_invitations", used, limit, "Take back an invitation or a join key that is not needed any more.").Obstacle();
    }

    private Refusal? Wrong(DateTimeOffset now) =>
        Wanted.ExpiresAt <= now || Wanted.ExpiresAt > now + Longest
            ? Refusals.ValidationFailed.Because($"ttl_seconds must be 1 to {(int)Longest.TotalSeconds}.")
        : Wanted.OfferedRights.Except(Rights.All).Any() ? Refusals.ValidationFailed.Because($"Rights are {string.Join(", ", Rights.All)}.")
        : Wanted.Key is not { } key ? null
        : key.Scopes.Count == 0 || key.Scopes.Except(Scopes.All).Any() ? Refusals.ValidationFailed.Because(
            $"Scopes are one or more of {string.Join(", ", Scopes.All)}.")
        : MayGive is not null && key.Scopes.Except(MayGive).FirstOrDefault() is { } missing ? Refusals.MissingScope(missing)
        : key.AgentHandle is { } handle ? Names.Handle.Obstacle(handle)
        : null;

    private TimeSpan Longest => Wanted.Kind switch { InvitedKind.Email => LifeOfEmail, InvitedKind.Key => LongestLifeOfKey, _ => Life };

    private Refusal? ObstacleToTarget(Room room) => Wanted switch
    {
        { Kind: InvitedKind.Email } when room.Kind is RoomKind.Private =>
            Refusals.ValidationFailed.Because("A private room seats its owner's agents only."),
        { PrincipalID: { } principalID } => Invitation.ObstacleToSeat(room, principalID, Wanted.AgentID),
        _ => null,
    };
}
