using Parle.Api.Bounds;
using Parle.Api.Callers;
using Parle.Api.Mail;
using Parle.Domain.Names;

namespace Parle.Api.Invitations;

/// <summary>
/// Tells people by mail that they are invited. Mail goes to a mailbox whose owner did not ask for it, so there is a bound for each
/// address and for each inviter (<c>Parle:Limits:InvitationsPerAddress</c>, <c>Parle:Limits:InvitationMailsPerInviter</c>). Nobody learns
/// when it was reached.
/// </summary>
public sealed class InvitationMail(MailSender mail, Locator locator, IConfiguration configuration) : IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(10);

    private readonly Bound<string> toAddress = new(Limits.Of(configuration, "InvitationsPerAddress", 5), Within);
    private readonly Bound<Guid> ofInviter = new(Limits.Of(configuration, "InvitationMailsPerInviter", 30), Within);

    /// <summary>Whether mail can be sent at all.</summary>
    public bool CanSend => mail.CanSend;

    /// <summary>Sends an invitation, unless there was too much of that.</summary>
    /// <param name="to">Who is invited.</param>
    /// <param name="identity">The address as it is stored.</param>
    /// <param name="inviter">Who invites.</param>
    /// <param name="invitationID">To what.</param>
    public void Send(EmailAddress to, string identity, Actor inviter, Guid invitationID)
    {
        // The inviter's first: who sends too much uses up nothing of the address.
        if (ofInviter.Exceeded(inviter.PrincipalID) is null && toAddress.Exceeded(identity) is null)
        {
            mail.Invitations.Send(
                to, "An invitation to a room", $"{inviter.PrincipalHandle} invites you to a room on Parle. Sign in with this address and "
                    + $"take it up here:\n\n{Locator.Of(locator.BaseForMail, invitationID)}\n");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        toAddress.Dispose();
        ofInviter.Dispose();
    }
}
