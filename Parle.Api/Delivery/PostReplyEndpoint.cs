using System.ComponentModel;
using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Parle.Api.Aliases;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Contents;
using Parle.Domain.Names;
using Parle.Domain.Rooms;
using Parle.Projections.Rooms;

namespace Parle.Api.Delivery;

/// <summary>The body of a reply.</summary>
/// <param name="ReplyRouteID">The route that came with the row.</param>
/// <param name="Payload">What is said: an object with a string <c>body</c>.</param>
public sealed record ReplyRequest(
    [property: Description("The reply_route_id of the row that is answered.")] Guid? ReplyRouteID,
    [property: Description("What is said: an object whose body is the text. Other members are kept as they are."),
        Shape("""{"type":"object","required":["body"],"properties":{"body":{"type":"string"}}}""")] JsonElement Payload)
{
    /// <summary>A reply along the example's route.</summary>
    public static ReplyRequest Example { get; } = new(
        ResponsivePage.Example.Messages[0].ReplyRoute!.ReplyRouteID,
        JsonSerializer.SerializeToElement(new { body = "Here it is: 3 of 412 tests fail, all in Parser." }));
}

/// <summary>Answers a row along its route, whoever wrote it.</summary>
public static class PostReplyEndpoint
{
    private const string RouteSql = """
        select a.event_id, a.author_id, a.interaction_id, a.hop, r.created_at, r.author_alias, p.address, s.agent_id
        from parle.attention a
        join parle.timeline_rows r on r.event_id = a.event_id
        join parle.participants p on p.participant_id = a.author_id and p.room_id = r.room_id
        join parle.seats s on s.seat_id = p.seat_id and s.room_id = r.room_id
        where a.route_id = $1 and a.seat_id = $2 and a.scope = any($3) and a.author_id <> $4
        """;

    /// <summary>
    /// Whatever is wrong with the route, the answer is the same. A reply that was made is answered again even when its route is gone.
    /// </summary>
    [Serves(typeof(DeliveryActions), nameof(DeliveryActions.PostReply))]
    public static async Task<IResult> Post(
        ReplyRequest body, Caller caller, Write write, NpgsqlDataSource database, AliasLookup aliases, RoomLimits limits,
        CancellationToken cancellation)
    {
        if (body.ReplyRouteID is not { } routeID)
        {
            return new RefusalResult(Refusals.MalformedRequest.Because("reply_route_id must be the id of a reply route."));
        }

        if (MessagePayload.Read(body.Payload, out var payload) is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        var route = await Find(routeID, caller, database, aliases, cancellation);
        var reply =
            new PostReply(Guid.CreateVersion7(), caller.Author, new(RandomNumberGenerator.GetBytes(Content.SaltLength), payload), route)
            { Limits = limits };
        var meaning = write.SaysText(JsonSerializer.Serialize(new { Route = routeID, Payload = payload }, WireJson.Options));
        var written = await write.InRoom(caller.RoomID, meaning, reply.Decide, (room, fact) => Receipt.For(caller, room, fact), new()
        {
            Consumes = [new([new(caller.RoomID, caller.AgentID, AttentionPage.UsedRoute, routeID.ToString())], Refusals.NotFound)],
        });
        return written.Created(Receipt.Again);
    }

    private static async Task<OpenRoute?> Find(
        Guid routeID, Caller caller, NpgsqlDataSource database, AliasLookup aliases, CancellationToken cancellation)
    {
        if (await Read(routeID, caller, database, cancellation) is not { } found)
        {
            return null;
        }

        // The handle of an agent that was deleted may be another agent's now, whom nobody answers.
        var alias = found.AliasAddress is { } address && await aliases.Find(
            [address], caller.RoomID, cancellation) is [var known] && known.AgentID == found.AgentID ? known : null;
        return found.Route with { Alias = alias };
    }

    // A reader is given back to the pool with its connection, and must not be touched again: so it ends before the next look.
    private static async Task<(OpenRoute Route, string? AliasAddress, Guid AgentID)?> Read(
        Guid routeID, Caller caller, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(RouteSql);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new() { Value = routeID }, new() { Value = caller.Seat!.SeatID },
            new() { Value = caller.WorkScopes.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            new() { Value = caller.ParticipantID!.Value },
        });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation))
        {
            return null;
        }

        var (messageID, authorID, interactionID, hop) = (row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetInt32(3));
        var link = ReplyRoute.Next(messageID, hop == 0 ? null : new(interactionID, hop, messageID));
        return (
            new(authorID, null, link, row.GetFieldValue<DateTimeOffset>(4) + ReplyRoute.Life),
            row.IsDBNull(5) ? null : (Address.Parse(row.GetString(6))! with { Session = row.GetString(5) }).ToString(),
            row.GetGuid(7));
    }
}
