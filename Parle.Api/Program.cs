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

// Not a test's own, which hands settings over as arguments, listens nowhere, and wants its failures whole.
var isProcess = Assembly.GetEntryAssembly() == typeof(Program).Assembly;
if (isProcess && CommandLine.Answer(args, Console.Out, Console.Error) is { } answered)
{
    return answered;
}

if (args is [ParleCommand.Verify, .. var files])
{
    return VerifyCommand.Run(files, Console.Out, Console.Error);
}

if (args is [ParleCommand.Keys, "server-key", "new"])
{
    Console.Out.WriteLine(ServerKeyFile.Fresh()); // Needs nothing, and writes nothing down.
    return 0;
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

    // What a command works on is looked at before anything is made.
    var description = command.Name is ParleCommand.Provision ? ProvisionCommand.Read(args[1..]) : null;
    if (command.Name is ParleCommand.Room)
    {
        RecordCommands.Check(args[1..]);
    }

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
    switch (command.Name)
    {
        case ParleCommand.Run:
            await StartPhase.Run(app);
            return 0;
        case ParleCommand.Provision:
            return await ProvisionCommand.Run(app.Services, args[1..], description!);
        case ParleCommand.Room:
            return await RecordCommands.Room(app.Services, args[1..]);
        case ParleCommand.Keys:
            return await RecordCommands.Keys(app.Services, args[1..]);
        case ParleCommand.Projections:
            return await ProjectionsCommand.Run(app.Services, database.Owner, args[1..]);
        case ParleCommand.Apply:
            return await SchemaCommand.Apply(app.Services);
        case ParleCommand.Assert:
            return await SchemaCommand.Assert(app.Services);
        default:
            return await app.RunJasperFxCommands(args);
    }
}
catch (Exception failure) when ((StartFailure.Of(failure) ?? (isProcess ? StartFailure.Unforeseen(failure) : null)) is { } line)
{
    await Console.Error.WriteLineAsync(line);
    return 1;
}

/// <summary>The service's entry point; tests start it as it is.</summary>
public partial class Program;
