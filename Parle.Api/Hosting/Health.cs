using Parle.Api.Wire;
using Parle.Domain;

namespace Parle.Api.Hosting;

/// <summary>Is the process alive, and can it serve?</summary>
public static class Health
{
    private const string Path = "/health";

    private static readonly Refusal NoSchema = Refusals.ServiceUnavailable with { RetryAfterMs = 5000 };

    /// <summary>
    /// Maps <c>/health/live</c> and <c>/health/ready</c>. Anybody may ask: they tell the state and the kind of trouble, and nothing of what
    /// is kept here.
    /// </summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet($"{Path}/live", () => Results.Json(new { status = "live" }));
        app.MapGet($"{Path}/ready", async (HealthWatch watch, CancellationToken cancellation) =>
            await watch.Now(cancellation) is { Reason: { } reason, Why: var why }
            ? Results.Json(new { status = "not ready", reason, why }, statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Json(new { status = "ready" }));
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
