using System.ComponentModel;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain.Rooms;

namespace Parle.Api.Rooms;

/// <summary>The body of a grant: exactly one of the two.</summary>
/// <param name="RightName">One right.</param>
/// <param name="Bundle">All of them.</param>
public sealed record GrantRightsRequest(
    [property: Description("One of invite_members, revoke_invites and remove_members; or else bundle."), MayBeAbsent] string? RightName,
    [property: Description("admin: all of them, in place of right_name."), MayBeAbsent] string? Bundle = null)
{
    /// <summary>A grant that is accepted.</summary>
    public static GrantRightsRequest Example { get; } = new(Rights.InviteMembers);
}

/// <summary>What a seat may do now.</summary>
/// <param name="Granted">What it may do since this call.</param>
/// <param name="AlreadyHeld">What of the request it could do before.</param>
/// <param name="Rights">All that it may do beside taking part.</param>
public sealed record GrantedRights(IReadOnlyList<string> Granted, IReadOnlyList<string> AlreadyHeld, IReadOnlyList<string> Rights)
{
    /// <summary>An answer as it is sent.</summary>
    public static GrantedRights Example { get; } = new([Domain.Rooms.Rights.InviteMembers], [], [Domain.Rooms.Rights.InviteMembers]);
}

/// <summary>Grants rights and withdraws them.</summary>
public static class RightEndpoints
{
    /// <summary>Answers 201 when all requested rights are new, otherwise 200.</summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.GrantRights))]
    public static async Task<IResult> Grant(Guid seat, GrantRightsRequest body, Write write)
    {
        var (actor, before) = (write.Actor, (Seat?)null);
        var wrong = GrantRights.Read(body.RightName, body.Bundle, out var rights);
        var written = await write.InRoom(
            write.Says(body),
            (room, _) =>
            {
                before = room?.Seats.GetValueOrDefault(seat);
                return GrantRights.Obstacle(room, actor.Member) is null && before is not null && wrong is not null
                    ? wrong : new GrantRights(actor.Member, seat, rights).Decide(room);
            },
            (room, _) => Granted(room));
        return written.Refusal is { } refusal ? new RefusalResult(refusal) : Answer(written.Kept ?? Granted(written.Room!));

        GrantedRights Granted(Room room) => new([.. rights.Except(before!.Rights).Order(StringComparer.Ordinal)],
            [.. rights.Where(before.Has).Order(StringComparer.Ordinal)], [.. room.Seats[seat].Rights]);
    }

    /// <summary>Withdraws one right. To withdraw a right that is not held changes nothing.</summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.RevokeRight))]
    public static async Task<IResult> Revoke(Guid seat, string right, Write write) =>
        (await write.InRoom((room, _) => new RevokeRight(write.Actor.Member, seat, right).Decide(room))).NoContent();

    private static IResult Answer(GrantedRights granted) =>
        Results.Json(
            granted, WireJson.Options, statusCode: granted.AlreadyHeld.Count == 0 ? StatusCodes.Status201Created : StatusCodes.Status200OK);
}
