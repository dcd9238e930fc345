namespace Parle.Api.Invitations;

/// <summary>What is kept of the answer to a mint: the rest follows from the request.</summary>
/// <param name="InvitationID">Which invitation.</param>
/// <param name="ExpiresAt">When it is over.</param>
internal sealed record KeptInvitation(Guid InvitationID, DateTimeOffset ExpiresAt);
