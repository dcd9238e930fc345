using System.Runtime.CompilerServices;
using JasperFx;
using JasperFx.CodeGeneration;
using Marten;
using Npgsql;
using Parle.Api.Accounts;
using Parle.Api.Aliases;
using Parle.Api.Asks;
using Parle.Api.Auditing;
using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Database;
using Parle.Api.Delivery;
using Parle.Api.Invitations;
using Parle.Api.LocalPostgres;
using Parle.Api.Mail;
using Parle.Api.Platform;
using Parle.Api.Provisioning;
using Parle.Api.Reading;
using Parle.Api.Record;
using Parle.Api.Rooms;
using Parle.Api.Sessions;
using Parle.Api.Tokens;
using Parle.Api.Wakeups;
using Parle.Api.Writing;
using Parle.Projections.Record;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Http;
using Wolverine.Marten;

namespace Parle.Api.Hosting;

/// <summary>The composition of the service.</summary>
public static class ParleHost
{
    /// <summary>
    /// A builder with Parle's defaults. A debug build is a development environment unless the environment says otherwise.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(ParleHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
#if DEBUG
            EnvironmentName = NamesEnvironment(args) ? null : Environments.Development,
#endif
        });
        if (builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey) is null && builder.Configuration["HTTP_PORTS"] is null)
        {
            builder.WebHost.UseUrls(ServiceUrl.Default);
        }

        // Standard output is for the results of commands; the log goes to standard error.
        builder.Logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (!builder.Environment.IsDevelopment())
        {
            // One JSON object a line, for log collectors; people get plain text.
            builder.Logging.AddJsonConsole(json => (json.TimestampFormat, json.UseUtcTimestamp) = ("yyyy-MM-ddTHH:mm:ss.fffZ", true));
        }

        // Marten logs each failed statement with its parameters, and a lost race of two nodes as an error. The caller logs failures.
        builder.Logging.AddFilter("Marten.IDocumentStore", LogLevel.None);

        // A failed start is reported in one line; the host would repeat it with all stack traces.
        var start = new StartPhase();
        builder.Services.AddSingleton(start);
        start.AddLogFilters(builder.Logging, builder.Configuration);

        // On a single database there is no choice of which node works near which database, and nothing to warn of.
        builder.Logging.AddFilter("Wolverine.Persistence.MessageStoreCollection", LogLevel.Error);
        // Certificates by settings, as the larger builder has them; of what else it loads nothing is used.
        builder.WebHost.UseKestrelHttpsConfiguration();
        var connections = new Connections(builder.Configuration);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Each action's own bound is far lower; beyond this one the connection is cut.
            kestrel.Limits.MaxRequestBodySize = 2 * RequestBody.MaxBytesWithContext;
            // On the average. RequestBody limits the total time.
            kestrel.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
            kestrel.Limits.MinResponseDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
            kestrel.Limits.Http2.MaxStreamsPerConnection = 100;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection => connections.Serve(connection, next)));
        });
        RefusedHost.Add(builder.Services);
        builder.Services.Configure<HostOptions>(
            host => (host.ShutdownTimeout, host.ServicesStartConcurrently) = (TimeSpan.FromSeconds(30), true));
        if (!ParleCommand.Of(args).IsOwn)
        {
            builder.Host.ApplyJasperFxExtensions(); // db-apply, codegen and their like; looking for them takes a second.
        }

        return builder;
    }

    /// <summary>
    /// Begins the slow work that depends on nothing, in parallel with the rest of the start. A start mostly runs code for the first time.
    /// </summary>
    public static void WarmUp(ParleCommand command)
    {
        if (command.Name is ParleCommand.Run)
        {
            ThreadPool.QueueUserWorkItem(_ => RuntimeHelpers.RunClassConstructor(typeof(EndpointParameters).TypeHandle));
        }
    }

    /// <summary>Adds the parts of the service.</summary>
    public static async Task AddParle(this WebApplicationBuilder builder, ParleDatabase database, StoreOptions store, ParleCommand command)
    {
        var services = builder.Services;
        var migrates = database.IsPrivate || builder.Configuration["PARLE_MIGRATE"] == "1";
        var messageStore = migrates || !command.NeedsDatabase
            ? Task.FromResult(migrates) : Task.Run(() => ParleSchema.HasMessageStore(database, CancellationToken.None));

        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Actions.Index);
        services.AddSingleton(database);
        services.AddSingleton(database.Generation);
        services.AddSingleton(command.UsesSchema ? database.Service : database.Owner);
        services.AddSingleton<LocalLocks>();
        services.AddSingleton<ParleSchema>();
        services.AddSingleton(provider => ServerKeyFile.Load(builder.Configuration, provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton<ServerKeyChange>();
        if (database.Postgres is { } postgres && command.Name is ParleCommand.Run)
        {
            // The first to start is the last to stop.
            services.AddHostedService(provider => new PostgresRevival(postgres, provider.GetRequiredService<ILogger<PostgresRevival>>()));
        }

        // In this order they start; they stop in the opposite one.
        services.AddCallers(builder.Configuration);
        services.AddContract(builder.Configuration);
        services.AddReading();
        services.AddWriting();
        services.AddWakeups();
        services.AddMail(builder.Configuration, builder.Environment);
        services.AddAccounts();
        services.AddSessions();
        services.AddTokens();
        services.AddAliases();
        services.AddRooms();
        services.AddAsks();
        services.AddDelivery();
        services.AddInvitations();
        services.AddAuditing();
        services.AddRecord();
        services.AddProvisioning();
        services.AddHealth();
        services.AddHostedService<IdleMemory>();

        services.AddSingleton<ViewWake>();
        services.AddSingleton<IConfigureMarten>(provider => provider.GetRequiredService<ViewWake>());
        services.AddMarten(store).UseNpgsqlDataSource().UseLightweightSessions()
            // Each view that is kept after the facts has one node that keeps it.
            .IntegrateWithWolverine(with => with.UseWolverineManagedEventSubscriptionDistribution = true);
        services.AddWolverineHttp();

        var durability = new DurabilitySettings();
        builder.Host.UseWolverine(wolverine =>
        {
            wolverine.ApplicationAssembly = typeof(ParleHost).Assembly;
            wolverine.Policies.AutoApplyTransactions();
            wolverine.Policies.UseDurableLocalQueues();
            wolverine.OnException<TimeoutException>().Or<NpgsqlException>()
                .ScheduleRetryIndefinitely(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));

            // Unfinished messages of a killed node, such as leaving the rooms of an ended session, are taken over in about half a minute.
            // Taking over from a node that only slept is harmless, since all handlers are idempotent.
            wolverine.Durability.HealthCheckPollingTime = TimeSpan.FromSeconds(5);
            wolverine.Durability.StaleNodeTimeout = TimeSpan.FromSeconds(20);

            // Counting envelopes every few seconds is not worth an idle service's sleep.
            wolverine.Durability.DurabilityMetricsEnabled = false;

            durability = wolverine.Durability;
#if DEBUG
            wolverine.UseRuntimeCompilation();
            wolverine.CodeGeneration.TypeLoadMode = TypeLoadMode.Dynamic;
            if (DataFolder.Repository() is { } repository)
            {
                // The folder for generated code.
                wolverine.CodeGeneration.GeneratedCodeOutputPath = Path.Combine(repository, "Parle.Api", "Internal", "Generated");
                wolverine.Services.AddSingleton<IAssemblyGenerator>(
                    _ => new HandlerCache(Path.Combine(repository, "Parle.Api", "obj", "handlers")));
            }
#else
            wolverine.CodeGeneration.TypeLoadMode = TypeLoadMode.Static;
#endif
        }, ExtensionDiscovery.ManualOnly); // Looking for extensions loads every assembly there is.

        // Without its tables the messaging cannot start; the service then starts without it and says in its readiness why.
        var hasMessageStore = await messageStore;
        services.AddSingleton(new Readiness(hasMessageStore));
        durability.Mode = hasMessageStore && command.Name is ParleCommand.Run ? DurabilityMode.Balanced : DurabilityMode.MediatorOnly;
    }

    /// <summary>Applies the schema if this process is to do so, and checks the server key.</summary>
    public static async Task PrepareDatabase(this WebApplication app, ParleDatabase database, ParleCommand command)
    {
        if (!command.UsesSchema)
        {
            return;
        }

        var schema = app.Services.GetRequiredService<ParleSchema>();
        if ((database.IsPrivate || app.Configuration["PARLE_MIGRATE"] == "1") && !await schema.IsCurrent(CancellationToken.None))
        {
            await schema.Apply(CancellationToken.None);
        }

        if (app.Services.GetRequiredService<Readiness>().Complete && await schema.IsCurrent(CancellationToken.None))
        {
            await ServerKeyFile.MustNotBeLost(
                app.Configuration, app.Services.GetRequiredService<NpgsqlDataSource>(), CancellationToken.None);
            await ServerKeyFile.Check(
                app.Services.GetRequiredService<ServerKey>(), app.Services.GetRequiredService<NpgsqlDataSource>(), CancellationToken.None);
            if (command.Name is ParleCommand.Run && !await schema.SeesTransactions(CancellationToken.None))
            {
                app.Logger.LogWarning(
                    "{Role} does not see which transactions are at work: what follows the whole record may miss facts of slow ones. As a "
                    + "superuser, once: grant pg_read_all_stats to {Role};", RecordGuards.ServiceRole, RecordGuards.ServiceRole);
            }

            if (command.Name is ParleCommand.Run && app.Environment.IsDevelopment())
            {
                await Demonstration.Seed(app.Services);
            }
        }
    }

#if DEBUG
    private static bool NamesEnvironment(string[] args) =>
        Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") is not null
        || Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") is not null
        || args.Any(argument => argument.StartsWith("--environment", StringComparison.OrdinalIgnoreCase));
#endif
}
