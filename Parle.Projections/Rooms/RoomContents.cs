using NpgsqlTypes;

namespace Parle.Projections.Rooms;

/// <summary>Keeps contents of rooms beside the record, see <see cref="Tables.Contents"/>.</summary>
public static class RoomContents
{
    /// <summary>Keeps a content.</summary>
    /// <param name="contentID">Its id.</param>
    /// <param name="roomID">Its room.</param>
    /// <param name="salt">The salt of its commitment.</param>
    /// <param name="body">The content, as canonical JSON.</param>
    public static SqlOperation Keep(Guid contentID, Guid roomID, byte[] salt, string body) => new(
        "insert into parle.contents (content_id, room_id, salt, body) values (?, ?, ?, ?)", (contentID, NpgsqlDbType.Uuid),
        (roomID, NpgsqlDbType.Uuid), (salt, NpgsqlDbType.Bytea), (body, NpgsqlDbType.Text));
}
