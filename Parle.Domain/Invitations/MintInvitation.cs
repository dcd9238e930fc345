using Parle.Domain.Contents;
using Parle.Domain.Rooms;
using Parle.Domain.Tokens;

namespace Parle.Domain.Invitations;

/// <summary>Invites a principal, an agent or an e-mail address, or mints a join key for its holder.</summary>
/// <param name="Minter">The member that invites.</param>
/// <param name="Wanted">The invitation to mint; the minter's seat is filled in.</param>
/// <param name="MayGive">The most scopes that a key may give: those of the minter's own token; null for a person.</param>
/// <param name="Label">The minter's label; null for none.</param>
public sealed record MintInvitation(Member Minter, InvitationMinted Wanted, IReadOnlyList<string>? MayGive = null, Content? Label = null)
{
    /// <summary>
    /// Most open invitations of a room. A principal's open ones leave as many free, and at most half of them are by tokens below another
    /// one. So nobody uses up the share of others.
    /// </summary>
    public const int MaxOpen = 400;

    /// <summary>The longest life of an invitation, and the default.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>The life of an invitation by e-mail.</summary>
    public static readonly TimeSpan LifeOfEmail = TimeSpan.FromDays(30);

    /// <summary>The default life of a join key.</summary>
    public static readonly TimeSpan LifeOfKey = TimeSpan.FromDays(1);

    /// <summary>The longest life of a join key.</summary>
    public static readonly TimeSpan LongestLifeOfKey = TimeSpan.FromDays(30);

    /// <summary>Affordances ask this too: inviting is offered exactly when nothing stands in its way.</summary>
    public static Refusal? Obstacle(Room? room, Member member) => member.Obstacle(room, Rights.InviteMembers);

    /// <summary>
    /// The refusal of these terms to a member that may invite; null when it can. Checked again when the invitation is used.
    /// </summary>
    public static Refusal? ObstacleTo(InvitationMinted terms, Room room, Member minter) =>
        minter.AgentID is null && minter.Owns(room) ? null
        : terms.OfferedRights.Count > 0 ? Refusals.Forbidden with
        { Reason = "not_owner", Unlock = "Only the room's owner can offer rights." }
        : terms.History is History.All ? Refusals.Forbidden with
        { Reason = "not_owner", Unlock = "Only the room's owner can show the earlier rows." }
        : terms.Key?.Scopes.Any(scope => scope != Scopes.Participate) is true ? Refusals.Forbidden with
        { Reason = "not_owner", Unlock = "Only the room's owner can hand over more scopes than participate." }
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

        // A token has half the share of the token above it, and so on down the chain.
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
