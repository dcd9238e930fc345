using System.ComponentModel;
using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
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
        MessageShape] JsonElement Payload)
{
    /// <summary>A reply along the example's route.</summary>
    public static ReplyRequest Example { get; } = new(
        ResponsivePage.Example.Messages[0].ReplyRoute!.ReplyRouteID,
        JsonSerializer.SerializeToElement(new { body = "Here it is: 3 of 412 tests fail, all in Parser." }));
}

/// <summary>Posts a reply along a row's route.</summary>
public static class PostReplyEndpoint
{
    /// <summary>Every invalid route gets the same refusal. A retry gets its answer again even when the route is gone.</summary>
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
        if (await AttentionPage.Route(database, caller.Work, routeID, cancellation) is not { } found)
        {
            return null;
        }

        // The handle of a deleted agent may be another agent's now: a reply must not reach that one.
        var address = found.AuthorAlias is { } session ? $"{Address.Parse(found.AuthorAddress)! with { Session = session }}" : null;
        var alias = address is not null && await aliases.Find([address], caller.RoomID, cancellation) is [var known]
            && known.AgentID == found.AgentID ? known : null;
        var link = ReplyRoute.Next(found.MessageID, found.Hop == 0 ? null : new(found.InteractionID, found.Hop, found.MessageID));
        return new(found.AuthorID, alias, link, found.At + ReplyRoute.Life);
    }
}
