namespace Parle.Api.Accounts;

/// <summary>The parts of this folder.</summary>
public static class AccountsParts
{
    /// <summary>Adds accounts of people.</summary>
    /// <param name="services">The service's parts.</param>
    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<AccountLimits>();
        services.AddSingleton<CodeLimits>();
        services.AddSingleton<EmailCodes>();
    }
}
