using System.Text.Json;
using Npgsql;
using Parle.Api.Asks;
using Parle.Api.Wire;
using Parle.Domain.Record;
using Parle.Projections.Record;

namespace Parle.Api.Record;

/// <summary>Signs statements about facts, and tells the names in them.</summary>
public sealed class Statements(NpgsqlDataSource database, SigningKeys keys)
{
    /// <summary>The signed note of a statement.</summary>
    /// <param name="make">Makes the statement, from the signer's name and the time.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<string> Sign(Func<string, DateTimeOffset, Statement> make, CancellationToken cancellation)
    {
        var (name, at) = await keys.Signer(cancellation);
        return await keys.Sign(make(name, at).Text, cancellation);
    }

    /// <summary>Whom the ids in facts of a room stand for, in the order of their appearance, and the digest of that list.</summary>
    /// <param name="roomID">The room.</param>
    /// <param name="facts">The facts, as their readers have them.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<(IReadOnlyList<NameOfID> Names, byte[] Digest)> NamesIn(
        Guid roomID, IEnumerable<JsonElement> facts, CancellationToken cancellation)
    {
        var ids = facts.SelectMany(NamesInFact.Of).Distinct().ToList();
        IReadOnlyList<NameOfID> names = [.. (await NamedInRoom.Of(database, roomID, ids, cancellation))
            .Select(named => new NameOfID(named.ID, named.Kind, named.Address))];
        return (names, NamesInFact.Digest(JsonSerializer.SerializeToElement(names, WireJson.Options)));
    }
}
