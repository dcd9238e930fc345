using Parle.Api.Contract;
using Parle.Api.Lanes;
using Parle.Api.Record;
using Parle.Api.Tokens;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Api.Rooms;

/// <summary>A write by somebody who manages a room, decided in the room's lane. It happens once under its name (law 3).</summary>
/// <param name="Action">What is done.</param>
/// <param name="Actor">Who does it.</param>
/// <param name="Key">Its name.</param>
/// <param name="Meaning">What it says; with its path, what the name stands for.</param>
public sealed record RoomWrite(ParleAction Action, Actor Actor, IdempotencyKey Key, object? Meaning = null)
{
    /// <summary>Has it decided, in the room of the path.</summary>
    /// <param name="context">The request.</param>
    /// <param name="decide">The decision.</param>
    /// <param name="answer">What to keep of the answer; holds no secret.</param>
    public async Task<RoomOutcome> Decide(HttpContext context, Func<Room?, DateTimeOffset, Decision> decide, Func<Room, RecordedFact, string>? answer = null)
    {
        if (RoomOf(context) is not { } roomID)
        {
            return new RoomOutcome.Refused(Refusals.NoSuchThing);
        }

        var services = context.RequestServices;
        var outcome = await services.GetRequiredService<RoomLanes>().Decide(new(roomID, Actor.Attribution(context.TraceIdentifier), decide)
        {
            Idempotency = new(
                new(roomID, Actor.AuthorID, Action.Id, Key.Text),
                RequestMeaning.Of(context, Meaning),
                answer ?? ((_, _) => "")),
            Consumes = TokenUses.Of(Actor.Agent),
        });
        ReceiptReference.Tell(context, Actor, roomID, outcome);
        return outcome;
    }

    /// <summary>The same, where there is nothing to say when it is done.</summary>
    public async Task<IResult> Done(HttpContext context, Func<Room?, DateTimeOffset, Decision> decide) =>
        await Decide(context, decide) is RoomOutcome.Refused { Refusal: var refusal } ? new RefusalResult(refusal) : Results.NoContent();

    /// <summary>The room of the path; null when no room can be meant.</summary>
    public static Guid? RoomOf(HttpContext context) => IDIn(context, "room");

    /// <summary>The id that stands in the path under <paramref name="name"/>; empty when none does, so that nothing is found under it.</summary>
    public static Guid Named(HttpContext context, string name) => IDIn(context, name) ?? Guid.Empty;

    /// <summary>The id that stands in the path under <paramref name="name"/>; null when none does.</summary>
    internal static Guid? IDIn(HttpContext context, string name) => WireID.InPath(context, name);
}

/// <summary>A room as one of its members may look at it.</summary>
/// <param name="RoomID">Which room.</param>
/// <param name="Room">Its state.</param>
/// <param name="Refusal">Why it may not be looked at; null when it may.</param>
public sealed record MembersRoom(Guid RoomID, Room Room, Refusal? Refusal)
{
    /// <summary>The room of the path. Whoever has no seat there is told the same as of a room that does not exist (law 9).</summary>
    public static async Task<MembersRoom> Of(HttpContext context, Actor actor)
    {
        if (RoomWrite.RoomOf(context) is not { } roomID)
        {
            return new(Guid.Empty, null!, Refusals.NoSuchThing);
        }

        var room = (await context.RequestServices.GetRequiredService<RoomStates>().Read([roomID], context.RequestAborted))[roomID].Room;
        var obstacle = actor.Member.SeatObstacle(room) is null ? null : actor.Agent is null ? Refusals.NoSuchThing : Refusals.RoomNotFound;
        return new(roomID, room!, obstacle);
    }
}
