namespace Parle.Api.Hosting;

/// <summary>Holds requests back until all parts of the service have started. They start in parallel, the listener among them.</summary>
public static class Started
{
    /// <summary>Makes requests wait that arrive before the service has started.</summary>
    public static void UseStarted(this WebApplication app)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Lifetime.ApplicationStarted.Register(started.SetResult);
        app.Use((context, next) => started.Task.IsCompleted ? next(context) : After(started.Task, context, next));
    }

    private static async Task After(Task started, HttpContext context, RequestDelegate next)
    {
        await started.WaitAsync(context.RequestAborted);
        await next(context);
    }
}
