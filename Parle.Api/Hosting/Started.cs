namespace Parle.Api.Hosting;

/// <summary>The parts of the service start side by side, its listener among them; nobody is served before all have.</summary>
public static class Started
{
    /// <summary>Lets requests wait that come before the service has started.</summary>
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
