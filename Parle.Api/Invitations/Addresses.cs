using Npgsql;
using Parle.Api.Callers;
using Parle.Domain.Names;
using Parle.Projections.Invitations;

namespace Parle.Api.Invitations;

/// <summary>E-mail addresses of people who are invited. Only their keyed hashes are stored.</summary>
public sealed class Addresses(NpgsqlDataSource database, ServerKey server)
{
    /// <summary>The hash of an address as it is stored, in hex.</summary>
    public string HashOf(EmailAddress address) => Identity.Of(address, server).Hex;

    /// <summary>The hashes of the addresses that are proved to be a principal's.</summary>
    public Task<IReadOnlyList<string>> Of(Guid principalID, CancellationToken cancellation) =>
        Invitees.Identities(database, principalID, Identity.Email, cancellation);
}
