using System.Reflection;
using JasperFx;
using Parle.Api.Cli;
using Parle.Api.Contract;
using Parle.Api.Database;
using Parle.Api.Discovery;
using Parle.Api.Hosting;
using Parle.Api.Platform;
using Parle.Api.Record;
using Parle.Api.Wire;
using Parle.Projections;
using Wolverine.Http;

// False in tests, which pass settings as arguments, listen nowhere, and need whole exceptions.
var isProcess = Assembly.GetEntryAssembly() == typeof(Program).Assembly;
if (isProcess && CommandLine.Answer(args, Console.Out, Console.Error) is { } answered)
{
    return answered;
}

if (CommandLine.RunAlone(args) is { } done)
{
    return done;
}

try
{
    var command = ParleCommand.Of(args);
    ParleHost.WarmUp(command);
    var builder = ParleHost.CreateBuilder(args is [ParleCommand.Serve or ParleCommand.Run, .. var options] ? options : args);
    Settings.Check(builder.Configuration, Environment.GetEnvironmentVariables());
    if (command.Name is ParleCommand.Run && isProcess)
    {
        ListenAddresses.Check(builder.Configuration);
    }

    var work = CommandLine.Prepare(args);
    if (command.UsesSchema)
    {
        ServerKeyFile.Check(builder.Configuration);
    }

    var opening = command.NeedsDatabase ? Task.Run(() => ParleDatabase.Open(builder.Configuration)) : Task.FromResult(ParleDatabase.None());
    var store = ParleStore.Options();
    await using var database = await opening;
    await builder.AddParle(database, store, command);

    var app = builder.Build();
    var prepared = Task.Run(() => app.PrepareDatabase(database, command));
    app.Use(BrowserHeaders.Middleware);
    app.UseHsts(); // Only over HTTPS, and never for loopback.
    app.Use(HeadRequests.Middleware);
    app.Use(ErrorEnvelope.Middleware);
    app.UseStarted();
    app.UseServing();
    app.Use(SecretInUrl.Middleware);
    app.Use(VersionHeader.Middleware);
    app.UseRouting();
    app.Use(RequestContract.Middleware);
    app.MapHealth();
    app.MapDiscovery();
    app.MapKeys();
    app.MapWolverineEndpoints(options => options.AddParameterHandlingStrategy(new EndpointParameters()));

    await prepared;
    if (command.Name is ParleCommand.Run)
    {
        await StartPhase.Run(app);
        return 0;
    }

    return work is not null ? await work(app.Services) : await app.RunJasperFxCommands(args);
}
catch (Exception failure) when ((StartFailure.Of(failure) ?? (isProcess ? StartFailure.Unforeseen(failure) : null)) is { } line)
{
    await Console.Error.WriteLineAsync(line);
    return 1;
}

/// <summary>The service's entry point; tests start it as it is.</summary>
public partial class Program;
