using Microsoft.AspNetCore.HostFiltering;
using Parle.Api.Wire;
using Parle.Domain;

namespace Parle.Api.Contract;

/// <summary>Refuses a request for a host that <c>AllowedHosts</c> does not name, before all else, and in the error envelope.</summary>
internal sealed class RefusedHost : IStartupFilter
{
    /// <summary>Makes this the outermost middleware.</summary>
    public static void Add(IServiceCollection services)
    {
        // The message would be an HTML page.
        services.Configure<HostFilteringOptions>(filtering => filtering.IncludeFailureMessage = false);
        services.Insert(0, ServiceDescriptor.Transient<IStartupFilter, RefusedHost>());
    }

    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, rest) =>
        {
            await rest(context);
            if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status400BadRequest, ContentType: null })
            {
                await ErrorEnvelope.Write(context, Refusals.MalformedRequest.Because(
                    "This service is not served under the name in the Host header. Use the address that you were given."));
            }
        });
        next(app);
    };
}
