using Parle.Api.Mail;
using Parle.Api.Registry;

namespace Parle.Api.Invitations;

/// <summary>The parts of this folder.</summary>
public static class InvitationsParts
{
    /// <summary>Adds invitations and join keys.</summary>
    /// <param name="services">The service's parts.</param>
    public static void AddInvitations(this IServiceCollection services)
    {
        services.AddSingleton<PublicUrl>();
        services.AddSingleton<Addresses>();
        services.AddSingleton<InvitationMail>();
        services.AddSingleton<InviteMint>();
        services.AddSingleton<InviteeLookup>();
        services.AddSingleton<JoinKeyRedemption>();
        services.AddSingleton<JoinGuesses>();
        services.AddStandingPartOfAll(
            (provider, _, _) => Task.FromResult(new MailAvailability(provider.GetRequiredService<MailSender>().CanSend)));
    }
}
