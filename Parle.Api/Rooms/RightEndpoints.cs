using System.ComponentModel;
using System.Text.Json;
using Parle.Api.Contract;
using Parle.Api.Lanes;
using Parle.Domain.Rooms;

namespace Parle.Api.Rooms;

/// <summary>The body of a grant: exactly one of the two.</summary>
/// <param name="RightName">One right.</param>
/// <param name="Bundle">All of them.</param>
public sealed record GrantRightsRequest(
    [property: Description("One of invite_members, revoke_invites and remove_members.")] string? RightName,
    [property: Description("admin: all of them.")] string? Bundle = null)
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

/// <summary>Grants rights and takes them back.</summary>
public static class RightEndpoints
{
    /// <summary>Answers 201 when all that was asked for is new, and otherwise 200.</summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.GrantRights))]
    public static async Task<IResult> Grant(GrantRightsRequest body, Person person, IdempotencyKey key, HttpContext context)
    {
        var (actor, seatID, before) = (Actor.Of(person), RoomWrite.Named(context, "seat"), (Seat?)null);
        var wrong = GrantRights.Read(body.RightName, body.Bundle, out var rights);
        var outcome = await new RoomWrite(RoomActions.GrantRights, actor, key, body).Decide(
            context,
            (room, _) =>
            {
                before = room?.Seats.GetValueOrDefault(seatID);
                return GrantRights.Obstacle(room, actor.Member) is null && before is not null && wrong is not null ? wrong : new GrantRights(actor.Member, seatID, rights).Decide(room);
            },
            (room, _) => Answer(room));
        return outcome switch
        {
            RoomOutcome.Refused refused => new RefusalResult(refused.Refusal),
            RoomOutcome.Settled settled => Say(settled.Answer ?? Answer(settled.Room)),
            RoomOutcome.Replayed replayed => Say(replayed.Answer),
            _ => throw new InvalidOperationException($"A grant cannot end as {outcome.GetType().Name}."),
        };

        string Answer(Room room) => JsonSerializer.Serialize(
            new GrantedRights([.. rights.Except(before!.Rights).Order(StringComparer.Ordinal)], [.. rights.Where(before.Has).Order(StringComparer.Ordinal)], [.. room.Seats[seatID].Rights]), WireJson.Options);
    }

    /// <summary>Takes one right back; one that is not held stays so.</summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.RevokeRight))]
    public static Task<IResult> Revoke(string right, Person person, IdempotencyKey key, HttpContext context)
    {
        var actor = Actor.Of(person);
        return new RoomWrite(RoomActions.RevokeRight, actor, key).Done(context, (room, _) => new RevokeRight(actor.Member, RoomWrite.Named(context, "seat"), right).Decide(room));
    }

    private static IResult Say(string answer) => Results.Text(
        answer, "application/json",
        statusCode: JsonSerializer.Deserialize<GrantedRights>(answer, WireJson.Options)!.AlreadyHeld.Count == 0 ? StatusCodes.Status201Created : StatusCodes.Status200OK);
}
