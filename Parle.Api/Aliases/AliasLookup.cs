using Npgsql;
using Parle.Domain.Rooms;
using Parle.Projections.Aliases;

namespace Parle.Api.Aliases;

/// <summary>Finds agents by their addresses, the sessions that have aliases now, and whether a message may be left for an alias.</summary>
public sealed class AliasLookup(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>
    /// The agents and aliases that <paramref name="addresses"/> name, for messages in <paramref name="roomID"/>. An address is left out
    /// when it names no agent, or nobody ever claimed its alias.
    /// </summary>
    public async Task<IReadOnlyList<KnownAddress>> Find(IReadOnlyList<string> addresses, Guid roomID, CancellationToken cancellation) =>
        addresses.Count == 0 ? [] : await AliasQueries.Find(database, addresses, roomID, clock.GetUtcNow(), cancellation);
}
