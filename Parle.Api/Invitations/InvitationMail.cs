using Parle.Api.Bounds;
using Parle.Api.Callers;
using Parle.Api.Mail;
using Parle.Domain.Names;

namespace Parle.Api.Invitations;

/// <summary>
/// Mails invitations. The owner of a mailbox did not ask for them, so each address and each inviter has a limit
/// (<c>Parle:Limits:InvitationsPerAddress</c>, <c>Parle:Limits:InvitationMailsPerInviter</c>). No answer reveals that one is reached.
/// </summary>
public sealed class InvitationMail(MailSender mail, PublicUrl url, IConfiguration configuration) : IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(10);

    private readonly RateLimit<string> toAddress = new(Limits.Of(configuration, "InvitationsPerAddress", 5), Within);
    private readonly RateLimit<Guid> ofInviter = new(Limits.Of(configuration, "InvitationMailsPerInviter", 30), Within);

    /// <summary>Whether mail can be sent at all.</summary>
    public bool CanSend => mail.CanSend;

    /// <summary>Sends an invitation, unless a limit is reached.</summary>
    /// <param name="to">The address that is invited.</param>
    /// <param name="identity">The address as it is stored.</param>
    /// <param name="inviter">The inviter.</param>
    /// <param name="invitationID">The invitation.</param>
    public void Send(EmailAddress to, string identity, Actor inviter, Guid invitationID)
    {
        // The inviter's bound comes first: an inviter who reached it uses up nothing of the address's bound.
        if (ofInviter.Exceeded(inviter.PrincipalID) is null && toAddress.Exceeded(identity) is null)
        {
            mail.Invitations.Send(
                to, "An invitation to a room", $"{inviter.PrincipalHandle} invites you to a room on Parle. Sign in with this address and "
                    + $"take it up here:\n\n{PublicUrl.OfInvitation(url.BaseForMail, invitationID)}\n");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        toAddress.Dispose();
        ofInviter.Dispose();
    }
}
