namespace Parle.Api.Invitations;

/// <summary>The part of the answer to a mint that cannot be recomputed from the request. It is kept for retries.</summary>
/// <param name="InvitationID">The invitation.</param>
/// <param name="ExpiresAt">Its end.</param>
internal sealed record KeptInvitation(Guid InvitationID, DateTimeOffset ExpiresAt);
