using Marten;
using Npgsql;
using Parle.Api.Contract;
using Parle.Api.Lanes;
using Parle.Api.Signals;
using Parle.Api.Tokens;
using Parle.Domain.Rooms;

namespace Parle.Api.Rooms;

/// <summary>Closes a room for good.</summary>
public static class ArchiveRoomEndpoint
{
    /// <summary>Its seats end with it, at once; its tokens are revoked before the answer is sent, unless that takes long.</summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.ArchiveRoom))]
    public static async Task<IResult> Archive(Person person, IdempotencyKey key, HttpContext context)
    {
        var actor = Actor.Of(person);
        var outcome = await new RoomWrite(RoomActions.ArchiveRoom, actor, key).Decide(context, (room, _) => new ArchiveRoom(actor.Member).Decide(room));
        return outcome is RoomOutcome.Refused { Refusal: var refusal } ? new RefusalResult(refusal)
            : outcome is RoomOutcome.Settled ? new AfterEnds(Results.NoContent(), services => Follow(services, RevokeTokens.Of(RoomWrite.RoomOf(context)!.Value, actor.Attribution(context.TraceIdentifier))))
            : Results.NoContent();
    }

    private static Task Follow(IServiceProvider services, RevokeTokens message) => RevokeTokensHandler.Handle(
        message, services.GetRequiredService<IDocumentStore>(), services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<Switchboard>(),
        services.GetRequiredService<TimeProvider>(), CancellationToken.None);
}
