using System.ComponentModel;
using System.Data.Common;
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

namespace Parle.Api.Rooms;

/// <summary>The body of an opening.</summary>
/// <param name="Kind">Who can have a seat.</param>
/// <param name="RoomHandle">The name.</param>
public sealed record CreateRoomRequest(
    [property: Description("private: you and your own agents. shared: whom you admit. Absent: private."), Absent("\"private\"")]
    string? Kind,
    [property: Description("Its name among your rooms: 2 to 20 characters of a-z and 0-9, in groups joined by single hyphens. A private "
        + "room needs one; a shared one can go without.")] string? RoomHandle)
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

/// <summary>Opens a room for a person, or for whom an agent acts.</summary>
public static class CreateRoomEndpoint
{
    private const string HandleSql = "select exists (select from parle.rooms where owner_id = $1 and archived_at is null and handle = $2)";

    // By which token a room was opened is on its first fact; only those who are below another one need to know.
    private const string CountSql = """
        select tokens, count(*) from (
            select case when $2 then (
                select count(*) from parle.mt_events e, jsonb_array_elements_text(e.headers->'authority') as step
                where e.stream_id = r.room_id and e.version = 1 and step like 'token:%') else 0 end as tokens
            from parle.rooms r where r.owner_id = $1 and r.archived_at is null) as opened
        group by tokens
        """;

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
        await using var command = database.CreateCommand(CountSql);
        command.Parameters.Add(new() { Value = caller.PrincipalID });
        command.Parameters.Add(new() { Value = caller.TokenPath.Count > 0 });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return limits.RoomObstacle(await CountOf(rows, cancellation), caller.TokenPath.Count);
    }

    private static async Task<Refusal?> Obstacle(
        IDocumentSession session, Actor actor, string? handle, AccountLimits limits, CancellationToken cancellation)
    {
        if (handle is not null)
        {
            await using var named =
                new NpgsqlCommand(HandleSql) { Parameters = { new() { Value = actor.PrincipalID }, new() { Value = handle } } };
            await using var found = await session.ExecuteReaderAsync(named, cancellation);
            await found.ReadAsync(cancellation);
            if (found.GetBoolean(0))
            {
                return Refusals.HandleUnavailable;
            }
        }

        var above = Math.Max(0, actor.Tokens.Count - 1);
        await using var command =
            new NpgsqlCommand(CountSql) { Parameters = { new() { Value = actor.PrincipalID }, new() { Value = above > 0 } } };
        await using var rows = await session.ExecuteReaderAsync(command, cancellation);
        return limits.RoomObstacle(await CountOf(rows, cancellation), above);
    }

    private static async Task<Count> CountOf(DbDataReader rows, CancellationToken cancellation)
    {
        var count = Count.None;
        while (await rows.ReadAsync(cancellation))
        {
            count = count.And(new(IsGuest: false, (int)Math.Max(0, rows.GetInt64(0) - 1)), rows.GetInt64(1));
        }

        return count;
    }

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
