using System.Reflection;
using JasperFx.CommandLine;
using Parle.Api.Hosting;
using Parle.Api.Platform;
using Parle.Domain.Names;
using Parle.Projections.Record;

namespace Parle.Api.Cli;

/// <summary>
/// The commands of the executable, and what is asked about them. Help, versions and mistakes are answered here, before any host, database
/// or folder is touched: a word that is not understood starts nothing.
/// </summary>
public static class CommandLine
{
    /// <summary>Exit code for a command line that is not understood.</summary>
    public const int NotUnderstood = 2;

    private static readonly string[] help = ["--help", "-h", "-?", "/?", "/h", "/help", "help", "?"];
    private static readonly string[] versions = ["--version", "-v", "-V", "version"];

    // What the host reads from its arguments, beside settings of sections, which have a colon in their names.
    private static readonly string[] hostOptions =
        ["urls", "http_ports", "https_ports", "environment", "contentRoot", "applicationName", "webroot", "AllowedHosts",
            "shutdownTimeoutSeconds", "detailedErrors", DataFolder.Setting, ServerKeyFile.Setting, ServerKeyFile.OthersSetting,
            "PARLE_MIGRATE"];

    /// <summary>Parle's own commands, as they are listed.</summary>
    public static IReadOnlyList<Command> Own { get; } =
    [
        new(ParleCommand.Serve, "serve requests; the same as no command at all", _ => true, $"""
            Usage: serve [--urls ADDRESS[;ADDRESS]...] [--environment NAME] [--SECTION:SETTING VALUE]...
            Examples: serve --urls http://127.0.0.1:5081
                      serve --Parle:Limits:SeatsPerRoom 50
            Every setting of docs/configuration.md can be given so, or as an environment variable.
            Exit codes: 0 it was told to stop; 1 it could not start, standard error says why; 2 the command line is not understood.
            """),
        new(ParleCommand.Provision, "create people, agents, rooms, seats and tokens from a description", ProvisionCommand.Understands, $"""
            {ProvisionCommand.Usage}
            Reads a description in JSON (-: from standard input), creates what is missing, changes nothing that is there, and prints ids and new tokens.
            All of it is checked before anything is made. A token is written out before it is good: what could not be written was not made.
            Examples: provision people.json
                      echo '{OneLine}' | {Advice.Run("provision - --new-tokens")}
            Exit codes: 0 everything is there; 1 it is not, standard error says why; 2 the command line is not understood.
            """),
        new(ParleCommand.Verify, "check a receipt or an exported room, without service, database or network", null, $"""
            {VerifyCommand.Usage}
            Examples: verify receipt.json --keys keys.json
                      verify room.ndjson --keys keys.json --checkpoint receipt.json
            Exit codes: 0 it holds; 1 it does not, and the first bad fact is named; 2 it cannot be told.
            """),
        new(ParleCommand.Projections, "compare views with the record, or put them right, while the service runs",
            ProjectionsCommand.Understands, $"""
            {ProjectionsCommand.Usage}
            Examples: projections check
                      projections rebuild timeline asks
            It works as the account that owns the tables: ConnectionStrings__ParleOwner, where that is another one than the service's.
            Exit codes: 0 the views are what the record says; 1 check found a difference; 2 it cannot be told.
            """)
        { Words = ProjectionsCommand.Words },
        new(ParleCommand.Room, "list rooms, write one to a file, or take one in", RecordCommands.UnderstandsRoom, $"""
            {RecordCommands.RoomUsage}
            ROOM is a room's id, or its handle where only one room has it ("room list" tells both), or @OWNER/HANDLE.
            Examples: room list
                      room export 019a7c1d-9c0e-7b7e-a3f1-0f2b4c6d8e01 --contents --out room.ndjson
                      room import room.ndjson --keys keys.json
            Exit codes: 0 done; 1 not done, standard error says why; 2 the command line is not understood.
            """)
        { Words = before => before.Length == 0 ? ["list", "export", "import"] : [] },
        new(ParleCommand.Keys, "show or replace the keys that the service signs with", RecordCommands.UnderstandsKeys, $"""
            {RecordCommands.KeysUsage}
            Examples: keys list
                      keys rotate
                      keys server-key status
            Exit codes: 0 done; 1 not done, standard error says why; 2 the command line is not understood.
            """)
        {
            Words = before =>
                before switch { [] => ["list", "rotate", "server-key"], ["server-key"] => ["new", "status", "reseal", "retire"], _ => [] }
        },
        new(ParleCommand.Apply, "put the schema in place: before the first start, and after each update", rest => rest.Length == 0, """
            Usage: db-apply
            It works as the account that owns the tables: ConnectionStrings__ParleOwner, where that is another one than the service's.
            Exit codes: 0 the schema is in place; 1 it is not, standard error says why; 2 the command line is not understood.
            """),
        new(ParleCommand.Assert, "say whether the schema is in place", rest => rest.Length == 0, """
            Usage: db-assert
            Exit codes: 0 it is; 1 it is not, standard error says what differs; 2 the command line is not understood.
            """),
    ];

    /// <summary>Commands of the libraries beneath, for work on the program itself.</summary>
    public static IReadOnlyList<(string Name, string Summary)> OfLibraries { get; } =
    [
        ("capabilities", "what Wolverine is configured to do, as JSON"),
        ("check-env", "run the environment checks of the libraries"),
        ("codegen", "write or preview the handlers' generated code"),
        ("db-dump", "write the schema as SQL"),
        ("db-list", "list the databases that are configured"),
        ("db-patch", "write what db-apply would do as SQL"),
        ("describe", "describe how the program is configured"),
        ("describe-event-model", "describe handlers and events"),
        ("event-model", "the same as JSON"),
        ("event-query", "query facts as Marten sees them"),
        ("openapi", "write Wolverine's own OpenAPI document, which is not Parle's"),
        ("projection-run", "replay one stream through one projection, step by step"),
        ("scaffold", "write skeletons of handlers"),
        ("stream-query", "query streams as Marten sees them"),
        ("wolverine-diagnostics", "look into Wolverine's generated code and runtime"),
    ];

    /// <summary>
    /// Those among them that remove or reset what is kept, at once and without a question. The record refuses them; messages and views do
    /// not.
    /// </summary>
    public static IReadOnlyList<(string Name, string Summary)> Dangerous { get; } =
    [
        ("clear-handled", "DELETES messages that are marked as handled"),
        ("marten", "can RESET the data of the event store and its views"),
        ("resources", "can CLEAR or TEAR DOWN what is kept: messages that wait, and views"),
        ("storage", "can CLEAR or REBUILD the store of messages that wait"),
    ];

    private const string OneLine = """{"rooms":[{"handle":"demo","owner":"demo-ana","tokens":[{"agent":"@demo-ana.builder"}]}]}""";

    private static string Version => RecordGuards.Version.ToString(3);

    /// <summary>Answers what needs no service: the exit code; null when there is something to run.</summary>
    public static int? Answer(string[] args, TextWriter output, TextWriter errors)
    {
        if (args is not [var first, .. var rest])
        {
            return null;
        }

        if (help.Contains(first))
        {
            return rest is [var topic, ..] && !ParleCommand.IsOption(topic) ? Explain(topic, output, errors) : Say(output, Overview());
        }

        if (versions.Contains(first))
        {
            return Say(output, $"parle {Version}");
        }

        if (ParleCommand.IsOption(first))
        {
            return Options(args, output, errors);
        }

        var name = first == ParleCommand.Run ? ParleCommand.Serve : first;
        if (!Names().Contains(name))
        {
            return Unknown($"There is no command \"{first}\".", first, Names(), errors);
        }

        if (rest.Any(argument => help.Contains(argument) && argument != "?" && argument != "help") || rest is ["help"])
        {
            return Explain(name, output, errors);
        }

        return Own.FirstOrDefault(command => command.Name == name) is not { } own ? Library(args, errors)
            : own.Name == ParleCommand.Serve ? Options(rest, output, errors)
            : own.Understands is null || own.Understands(rest) ? null
            : Misused(own, rest, errors);
    }

    private static int? Options(string[] args, TextWriter output, TextWriter errors)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (help.Contains(args[i]))
            {
                return Explain(ParleCommand.Serve, output, errors);
            }

            if (versions.Contains(args[i]))
            {
                return Say(output, $"parle {Version}");
            }

            var name = args[i].TrimStart('-', '/').Split('=')[0];
            if (!ParleCommand.IsOption(args[i]))
            {
                return Unknown($"\"{args[i]}\" is not understood here: a command comes first.", args[i], Names(), errors);
            }

            if (!name.Contains(':', StringComparison.Ordinal) && !hostOptions.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                return Unknown($"There is no option \"{args[i]}\".", name, [.. hostOptions, "help", "version"], errors, "--");
            }

            if (!args[i].Contains('=', StringComparison.Ordinal))
            {
                if (++i == args.Length)
                {
                    errors.WriteLine($"The option \"{args[i - 1]}\" has no value.");
                    return NotUnderstood;
                }
            }
        }

        return null;
    }

    private static int Explain(string topic, TextWriter output, TextWriter errors)
    {
        var name = topic == ParleCommand.Run ? ParleCommand.Serve : topic;
        if (Own.FirstOrDefault(command => command.Name == name) is { } own)
        {
            return Say(output, $"{own.Name}: {own.Summary}\n\n{own.Help}");
        }

        if (OfLibraries.Concat(Dangerous).FirstOrDefault(command => command.Name == name) is not { Name: not null } found)
        {
            return Unknown($"There is no command \"{topic}\".", topic, Names(), errors);
        }

        output.WriteLine($"{found.Name}: {found.Summary}. A command of the libraries beneath, not of "
            + $"Parle{(Dangerous.Contains(found) ? "; it asks no question before it does what it says" : "")}.\n");
        _ = CommandExecutor.For(Register).Execute(["help", found.Name]); // Its exit code calls every help a failure.
        return 0;
    }

    // Its own options are looked at before there is a host, which would open the database.
    private static int? Library(string[] args, TextWriter errors)
    {
        var factory = new CommandFactory();
        Register(factory);
        if (factory.BuildRun(args).Command is not JasperFx.CommandLine.Help.HelpCommand)
        {
            return null;
        }

        errors.WriteLine($"\"{string.Join(' ', args)}\" is not understood. See: {Advice.Run($"help {args[0]}")}");
        return NotUnderstood;
    }

    /// <summary>The commands of the libraries.</summary>
    public static void Register(CommandFactory factory)
    {
        foreach (var assembly in (Assembly[])
            [
                typeof(CommandFactory).Assembly, typeof(JasperFx.Events.IEvent).Assembly, typeof(Weasel.Core.SchemaMigration).Assembly,
                typeof(Marten.IDocumentStore).Assembly, typeof(Wolverine.WolverineOptions).Assembly,
                typeof(Wolverine.Http.WolverineHttpOptions).Assembly,
            ])
        {
            factory.RegisterCommands(assembly);
        }
    }

    private static int Misused(Command command, string[] rest, TextWriter errors)
    {
        var known = Known(command);
        if (rest.FirstOrDefault(argument => argument.StartsWith("--", StringComparison.Ordinal) && !known.Contains(argument)) is { } option)
        {
            Unknown($"{command.Name} has no option \"{option}\".", option, known, errors);
        }
        else if (command.Words is { } words && rest.Select((word, i) => (Word: word, Known: words(rest[..i])))
            .FirstOrDefault(one => one.Known.Count > 0 && !one.Known.Contains(one.Word)) is { Word: { } word, Known: var here })
        {
            var above = rest.TakeWhile(one => one != word).Take(1).Prepend(command.Name);
            Unknown($"{string.Join(' ', above)} knows no \"{word}\".", word, here, errors);
        }

        errors.WriteLine(
            string.Join('\n', command.Help.ReplaceLineEndings("\n").Split('\n').TakeWhile((line, i) => i == 0 || line.StartsWith(' '))));
        return NotUnderstood;
    }

    private static List<string> Known(Command command) =>
        [.. command.Help.Split([' ', '[', ']', '|', '.', '\'', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.StartsWith("--", StringComparison.Ordinal)).Distinct()];

    private static int Unknown(string message, string word, IEnumerable<string> known, TextWriter errors, string before = "")
    {
        errors.WriteLine(
            Nearest.Of(word, known) is { } meant ? $"{message} Did you mean \"{before}{meant}\"?" : $"{message} See: {Advice.Run("help")}");
        return NotUnderstood;
    }

    private static int Say(TextWriter output, string text)
    {
        output.WriteLine(text);
        return 0;
    }

    private static List<string> Names() => [.. Own.Select(command => command.Name), .. OfLibraries.Select(command => command.Name),
        .. Dangerous.Select(command => command.Name)];

    private static string Overview() => $"""
        parle {Version}: rooms in which agents of different people work with each other

        Usage: {Advice.Run("[COMMAND] [options]")}
               help COMMAND or COMMAND --help tells more; --version tells the version.

        {Listed(Own.Select(command => (command.Name, command.Summary)))}

        Of the libraries beneath, for work on the program itself:
        {Listed(OfLibraries)}

        Of the libraries too, and dangerous: they ask no question, and what they remove is gone
        {Listed(Dangerous)}

        Settings are environment variables: see docs/configuration.md. Once it serves: /docs for people, /llms.txt for agents.
        """;

    private static string Listed(IEnumerable<(string Name, string Summary)> commands) =>
        string.Join('\n', commands.Select(command => $"  {command.Name,-22} {command.Summary}"));
}

/// <summary>A command of Parle's own.</summary>
/// <param name="Name">How it is called.</param>
/// <param name="Summary">What it does, in a line.</param>
/// <param name="Understands">Whether these arguments make sense; null when the command tells by itself, without service or
/// database.</param>
/// <param name="Help">Its usage, examples and exit codes. The first line is the usage.</param>
public sealed record Command(string Name, string Summary, Func<string[], bool>? Understands, string Help)
{
    /// <summary>The words that there can be after these; empty where any can be. Null where the command takes none of its own.</summary>
    public Func<string[], IReadOnlyList<string>>? Words { get; init; }
}
