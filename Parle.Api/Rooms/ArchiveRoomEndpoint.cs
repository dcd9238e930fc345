using Marten;
using Npgsql;
using Parle.Api.Contract;
using Parle.Api.Lanes;
using Parle.Api.Sessions;
using Parle.Api.Signals;
using Parle.Api.Tokens;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Api.Rooms;

/// <summary>Closes a room for good.</summary>
public static class ArchiveRoomEndpoint
{
    /// <summary>Its seats end with it, at once; its tokens are revoked, and sessions that have nowhere to go on end, before the answer is sent, unless that takes long.</summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.ArchiveRoom))]
    public static async Task<IResult> Archive(Person person, IdempotencyKey key, HttpContext context)
    {
        var actor = Actor.Of(person);
        var outcome = await new RoomWrite(RoomActions.ArchiveRoom, actor, key).Decide(context, (room, _) => new ArchiveRoom(actor.Member).Decide(room));
        return outcome is RoomOutcome.Refused { Refusal: var refusal } ? new RefusalResult(refusal)
            : outcome is RoomOutcome.Settled ? new AfterEnds(Results.NoContent(), services => Follow(services, RoomWrite.RoomOf(context)!.Value, actor.Attribution(context.TraceIdentifier)))
            : Results.NoContent();
    }

    private static async Task Follow(IServiceProvider services, Guid roomID, Attribution by)
    {
        await RevokeTokensHandler.Handle(
            RevokeTokens.Of(roomID, by), services.GetRequiredService<IDocumentStore>(), services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<Switchboard>(),
            services.GetRequiredService<TimeProvider>(), CancellationToken.None);
        await EndSessionsHandler.Follow(services, new(null, roomID, null, by));
    }
}
