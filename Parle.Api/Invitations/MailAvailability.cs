namespace Parle.Api.Invitations;

/// <summary>Whether people can be invited by mail.</summary>
/// <param name="CanSend">Whether the service has a way to send mail.</param>
public sealed record MailAvailability(bool CanSend);
