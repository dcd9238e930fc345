using Npgsql;
using Parle.Api.Callers;
using Parle.Domain.Names;

namespace Parle.Api.Invitations;

/// <summary>E-mail addresses of those who are invited: how they are stored, and whose they are.</summary>
public sealed class Addresses(NpgsqlDataSource database, ServerKey server)
{
    /// <summary>How an address is stored: as a keyed hash, in hex.</summary>
    public string HashOf(EmailAddress address) => Identity.Of(address, server).Hex;

    /// <summary>The addresses that are proved to be the principal's, as they are stored.</summary>
    public async Task<IReadOnlyList<string>> Of(Guid principalID, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "select unnest(array[hash] || former) from parle.identities where principal_id = $1 and kind = $2");
        command.Parameters.Add(new() { Value = principalID });
        command.Parameters.Add(new() { Value = Identity.Email });
        var found = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            found.Add(rows.GetString(0));
        }

        return found;
    }
}
