using Npgsql;
using Parle.Api.Auditing;
using Parle.Api.Contract;
using Parle.Api.Record;
using Parle.Projections.Auditing;
using Parle.Projections.Record;

namespace Parle.Api.Hosting;

/// <summary>Is the process alive, and can it serve?</summary>
public static class Health
{
    /// <summary>Maps <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => Results.Json(new { status = "live" }));
        app.MapGet("/health/ready", Ready);
    }

    private static async Task<IResult> Ready(ParleSchema schema, Readiness readiness, NpgsqlDataSource database, IHostApplicationLifetime lifetime, Checkpoints checkpoints, CancellationToken cancellation)
    {
        try
        {
            await using var command = database.CreateCommand("select current_user::text");
            var role = (string)(await command.ExecuteScalarAsync(cancellation))!;
            return lifetime.ApplicationStopping.IsCancellationRequested ? NotReady("The service is stopping.")
                : !await schema.IsCurrent(cancellation) ? NotReady("The database schema is not current. Run: dotnet run --project Parle.Api -- db-apply")
                : !readiness.Complete || role is not RecordGuards.ServiceRole ? NotReady("The schema was put in place after the service had started. Restart the service.")
                : Results.Json(new { status = "ready", index = IndexState.Of(await ViewProgress.Read(database, ViewProgress.Record, cancellation)), tampered_logs = checkpoints.Broken.Count }, WireJson.Options);
        }
        catch (Exception outage) when (outage is NpgsqlException or TimeoutException)
        {
            return NotReady("The database cannot be reached.");
        }
    }

    private static IResult NotReady(string why) => Results.Json(new { status = "not ready", why }, statusCode: StatusCodes.Status503ServiceUnavailable);
}

/// <summary>Whether the service started with everything it needs.</summary>
/// <param name="Complete">False when it started on a database without a current schema, and so without messaging.</param>
public sealed record Readiness(bool Complete);
