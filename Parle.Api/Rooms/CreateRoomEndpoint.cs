using System.ComponentModel;
using Marten;
using Npgsql;
using Parle.Api.Accounts;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Sessions;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Rooms;
using Parle.Projections;
using Parle.Projections.Rooms;

namespace Parle.Api.Rooms;

/// <summary>The body of an opening.</summary>
/// <param name="Kind">Who can have a seat.</param>
/// <param name="RoomHandle">The name.</param>
public sealed record CreateRoomRequest(
    [property: Description("private: you and your own agents. shared: whom you admit. Absent: private."), Absent("\"private\""),
        MayBeAbsent,
        Shape("""{"type":"string","enum":["private","shared"]}""")]
    string? Kind,
    [property: Description("Its name among your rooms: 2 to 20 characters of a-z and 0-9, in groups joined by single hyphens. A private "
        + "room needs one; a shared one can go without."), MayBeAbsent] string? RoomHandle)
{
    /// <summary>An opening that is accepted.</summary>
    public static CreateRoomRequest Example { get; } = new("shared", null);
}

/// <summary>A room that is open now.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="RoomHandle">Its handle; null when it has none.</param>
/// <param name="Private">Whether it is private.</param>
/// <param name="Kind">The same as a word.</param>
/// <param name="SeatID">The owner's own seat.</param>
public sealed record CreatedRoom(Guid RoomID, string? RoomHandle, bool Private, RoomKind Kind, Guid SeatID)
{
    /// <summary>An answer as it is sent.</summary>
    public static CreatedRoom Example { get; } = new(
        EnteredRoom.Example.RoomID, null, false, RoomKind.Shared, new("019a7c1d-9c0e-7f10-8d21-6b3a4f5e7c02"));
}

/// <summary>Opens a room for a person, or for the principal of an agent.</summary>
public static class CreateRoomEndpoint
{
    /// <summary>Opens it, with its owner seated.</summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.CreateRoom))]
    public static Task<IResult> Create(CreateRoomRequest body, Actor actor, Write write, IDocumentSession session, AccountLimits limits,
        TimeProvider clock, CancellationToken cancellation) =>
        write.Once<CreatedRoom>(
            session, body,
            async attribution =>
            {
                if (body.Kind is not (null or "private" or "shared"))
                {
                    return (Refusals.ValidationFailed.Because("kind must be private or shared."), null);
                }

                var (roomID, seatID, kind) = (Guid.CreateVersion7(), Guid.CreateVersion7(),
                    body.Kind is "shared" ? RoomKind.Shared : RoomKind.Private);
                var decision = new OpenRoom(actor.PrincipalID, body.RoomHandle, kind, seatID).Decide(null);
                if ((decision.Refusal ?? await Obstacle(session, actor, body.RoomHandle, limits, cancellation)) is { } refusal)
                {
                    return (refusal, null);
                }

                session.Events.StartStream(roomID, Opening(session, decision, attribution, clock.GetUtcNow()));
                return (null, new(roomID, body.RoomHandle, kind is RoomKind.Private, kind, seatID));
            },
            (created, _) => Results.Json(created, WireJson.Options, statusCode: StatusCodes.Status201Created));

    /// <summary>Refuses the caller one more room; null while there is space.</summary>
    internal static async Task<Refusal?> Obstacle(
        NpgsqlDataSource database, Caller caller, AccountLimits limits, CancellationToken cancellation)
    {
        var above = caller.TokenPath.Count;
        return limits.RoomObstacle(CountOf(await RoomPage.Count(database, caller.PrincipalID, above > 0, cancellation)), above);
    }

    private static async Task<Refusal?> Obstacle(
        IDocumentSession session, Actor actor, string? handle, AccountLimits limits, CancellationToken cancellation)
    {
        if (handle is not null && await RoomPage.IsHandleTaken(session, actor.PrincipalID, handle, cancellation))
        {
            return Refusals.HandleUnavailable;
        }

        var above = Math.Max(0, actor.Tokens.Count - 1);
        return limits.RoomObstacle(CountOf(await RoomPage.Count(session, actor.PrincipalID, above > 0, cancellation)), above);
    }

    private static Count CountOf(IReadOnlyList<OpenRooms> opened) => opened.Aggregate(
        Count.None, (count, rooms) => count.And(new(IsGuest: false, (int)Math.Max(0, rooms.Tokens - 1)), rooms.Rooms));

    private static object[] Opening(IDocumentSession session, Decision decision, Attribution attribution, DateTimeOffset now)
    {
        var (room, facts) = ((Room?)null, new List<object>());
        foreach (var fact in decision.Facts)
        {
            var placement = Placement.Of(room, fact.Data);
            facts.Add(session.BuildFact(fact.Data, Guid.CreateVersion7(now), now, attribution, placement));
            room = Room.Apply(room, fact.Data, placement, now);
        }

        return [.. facts];
    }
}
