using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Projections.Invitations;

namespace Parle.Api.Invitations;

/// <summary>A join key that opens its room to its presenter, or that the same presenter has used.</summary>
/// <param name="ID">The key.</param>
/// <param name="RoomID">The room it opens.</param>
/// <param name="RoomHandle">The room's handle; null for none.</param>
/// <param name="NeedsApproval">Whether the host has to agree.</param>
/// <param name="IssuerID">The principal that made it, or whose agent did.</param>
/// <param name="IssuerHandle">The principal's handle.</param>
/// <param name="AuthorID">The presenter: an agent's token, a person, or the key itself when no credentials were sent.</param>
/// <param name="IsUsed">Whether the same presenter joined with it before, under the same idempotency key.</param>
internal sealed record JoinKey(
    Guid ID, Guid RoomID, string? RoomHandle, bool NeedsApproval, Guid IssuerID, string IssuerHandle, Guid AuthorID, bool IsUsed)
{
    /// <summary>The operators in the chain by which it was made; empty for none.</summary>
    public IReadOnlyList<Guid> Operators { get; init; } = [];

    /// <summary>
    /// Finds a key by its hash; null when it opens nothing for this caller. The room decides whether it opens now. A used key is answered
    /// again for a time, as long as the token it brought is good.
    /// </summary>
    public static async Task<JoinKey?> Find(NpgsqlDataSource database, byte[] hash, Actor? actor, IdempotencyKey named,
        DateTimeOffset usedSince, CancellationToken cancellation) =>
        await JoinKeyRow.Find(database, hash, AuthorOf(actor), InvitationActions.Join.Id, named.Text, usedSince, cancellation) is { } row
            ? new(
                row.InvitationID, row.RoomID, row.RoomHandle, row.NeedsApproval, row.InviterID, row.InviterHandle,
                AuthorOf(actor) ?? row.InvitationID, row.IsUsed)
            {
                Operators = row.Operators,
            }
            : null;

    /// <summary>
    /// The key with the operators by whose session it was approved, who are in its chain too. The approval may have come after the look-up.
    /// </summary>
    public async Task<JoinKey> Approved(NpgsqlDataSource database, CancellationToken cancellation) =>
        this with { Operators = await JoinKeyRow.OperatorsOf(database, ID, RoomID, cancellation) };

    // An agent's idempotency keys belong to its token: another token of the same agent may be narrower, and must not get the same answer.
    private static Guid? AuthorOf(Actor? actor) => actor?.Agent?.TokenID ?? actor?.AuthorID;

    /// <summary>The scope of the idempotency key: this join key and this caller. Under another join key it is another write.</summary>
    public IdempotencyName NameOf(IdempotencyKey named) => new(RoomID, AuthorID, InvitationActions.Join.Id, $"{ID:N}:{named.Text}");
}
