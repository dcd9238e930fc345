using Marten;
using Npgsql;
using Parle.Api.Registry;
using Parle.Api.Sessions;
using Parle.Api.Tokens;
using Parle.Api.Wakeups;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Api.Rooms;

/// <summary>Closes a room for good.</summary>
public static class ArchiveRoomEndpoint
{
    /// <summary>
    /// Archives the room. Its seats end at once. Its tokens are revoked, and sessions without another room end, before the answer is sent,
    /// unless that takes long.
    /// </summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.ArchiveRoom))]
    public static async Task<IResult> Archive(Guid room, Write write)
    {
        var written = await write.InRoom((state, _) => new ArchiveRoom(write.Actor.Member).Decide(state));
        return written.Room is null ? written.NoContent()
            : new AfterEnds(Results.NoContent(), services => Follow(services, room, write.Attribution));
    }

    private static async Task Follow(IServiceProvider services, Guid roomID, Attribution by)
    {
        await RevokeTokensHandler.Handle(
            RevokeTokens.Of(roomID, by), services.GetRequiredService<IDocumentStore>(), services.GetRequiredService<NpgsqlDataSource>(),
            services.GetRequiredService<Notifier>(), services.GetRequiredService<TimeProvider>(), CancellationToken.None);
        await EndSessionsHandler.Follow(services, new(null, roomID, null, by));
    }
}
