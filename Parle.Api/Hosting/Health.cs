using Microsoft.Extensions.Diagnostics.HealthChecks;
using Parle.Api.Platform;
using Parle.Api.Wire;
using Parle.Domain;

namespace Parle.Api.Hosting;

/// <summary>Is the process alive, and can it serve?</summary>
public static class Health
{
    private const string Path = "/health";

    private static readonly Refusal NoSchema = Refusals.ServiceUnavailable with { RetryAfterMs = 5000 };

    /// <summary>Registers the watch as the check of readiness.</summary>
    public static void AddHealth(this IServiceCollection services)
    {
        services.AddHosted<HealthWatch>();
        services.AddHealthChecks().AddCheck<HealthWatch>("ready");
    }

    /// <summary>
    /// Maps <c>/health/live</c> and <c>/health/ready</c>. Anybody may ask: they tell the state and the kind of trouble, and nothing of what
    /// is kept here.
    /// </summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks($"{Path}/live", new()
        {
            Predicate = _ => false, // A process that answers is alive.
            ResponseWriter = (context, _) => context.Response.WriteAsJsonAsync(new { status = "live" }),
        });
        app.MapHealthChecks($"{Path}/ready", new()
        {
            ResponseWriter = (context, report) =>
                report.Entries.Values.Single() is { Status: HealthStatus.Unhealthy, Data: var data, Description: var why }
                    ? context.Response.WriteAsJsonAsync(new { status = "not ready", reason = data[HealthWatch.Reason], why })
                    : context.Response.WriteAsJsonAsync(new { status = "ready" }),
        });
    }

    /// <summary>
    /// Tells every caller to come back where nothing can be served. Otherwise each request would fail in its own way, and look like the
    /// caller's mistake.
    /// </summary>
    public static void UseServing(this WebApplication app)
    {
        // Asked for with the first request: commands build the pipeline too, and have neither a database nor keys that it could watch.
        var watch = new Lazy<HealthWatch>(app.Services.GetRequiredService<HealthWatch>);
        app.Use((context, next) => watch.Value.Serves || context.Request.Path.StartsWithSegments(Path, StringComparison.Ordinal)
            ? next(context) : ErrorEnvelope.Write(context, NoSchema));
    }
}

/// <summary>Whether the service started with everything it needs.</summary>
/// <param name="Complete">False when it started on a database without a current schema, and so without messaging.</param>
public sealed record Readiness(bool Complete);
