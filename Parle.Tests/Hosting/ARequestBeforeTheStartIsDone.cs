using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Parle.Api.Hosting;

namespace Parle.Tests.Hosting;

/// <summary>The parts start side by side, so somebody may call while one of them is still at it.</summary>
public sealed class ARequestBeforeTheStartIsDone
{
    [Fact]
    public async Task Waits_for_it()
    {
        var order = new ConcurrentQueue<string>();
        var arrived = new TaskCompletionSource();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
        builder.Services.AddHostedService(_ => new SlowPart(arrived.Task, order));
        await using var app = builder.Build();
        app.Use((context, next) =>
        {
            arrived.SetResult();
            return next(context);
        });
        app.UseStarted();
        app.Run(context =>
        {
            order.Enqueue("served");
            return context.Response.WriteAsync("here");
        });

        var starting = app.StartAsync(TestContext.Current.CancellationToken);
        using var client = app.GetTestClient();
        Assert.Equal("here", await client.GetStringAsync("/", TestContext.Current.CancellationToken));
        await starting;

        Assert.Equal(["started", "served"], order);
    }

    private sealed class SlowPart(Task arrived, ConcurrentQueue<string> order) : IHostedLifecycleService
    {
        public Task StartAsync(CancellationToken cancellationToken) => arrived.WaitAsync(cancellationToken);

        public Task StartedAsync(CancellationToken cancellationToken)
        {
            order.Enqueue("started");
            return Task.CompletedTask;
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
