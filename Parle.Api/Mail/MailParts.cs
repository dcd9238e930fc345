using Parle.Api.Platform;

namespace Parle.Api.Mail;

/// <summary>The parts of this folder.</summary>
public static class MailParts
{
    /// <summary>Adds mail.</summary>
    /// <param name="services">The service's parts.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="environment">The host's environment.</param>
    public static void AddMail(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddSingleton(MailTransports.Of(configuration, environment));
        services.AddHosted<MailSender>();
    }
}
