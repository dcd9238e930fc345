using System.Reflection;
using JasperFx.CommandLine;
using Parle.Api.Hosting;
using Parle.Api.Platform;
using Parle.Domain.Names;
using Parle.Projections.Record;

namespace Parle.Api.Cli;

/// <summary>
/// The executable's commands. Help, versions and mistakes are answered here, before a host, a database or a folder is touched: an unknown
/// word starts nothing.
/// </summary>
public static partial class CommandLine
{
    /// <summary>Exit code for an invalid command line.</summary>
    public const int NotUnderstood = 2;

    private static readonly string[] help = ["--help", "-h", "-?", "/?", "/h", "/help", "help", "?"];
    private static readonly string[] versions = ["--version", "-v", "-V", "version"];

    // Settings that the host reads from its arguments, beside those with a colon in their names.
    private static readonly string[] hostOptions =
        ["urls", "http_ports", "https_ports", "environment", "contentRoot", "applicationName", "webroot", "AllowedHosts",
            "shutdownTimeoutSeconds", "detailedErrors", DataFolder.Setting, ServerKeyFile.Setting, ServerKeyFile.OthersSetting,
            "PARLE_MIGRATE"];

    private static string Version => RecordGuards.Version.ToString(3);

    /// <summary>Does all that needs no service, and returns the exit code; null when there is something to run.</summary>
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

        return Find(name) is not { } own ? Library(args, errors)
            : own.Name == ParleCommand.Serve ? Options(rest, output, errors)
            : own.Name == ParleCommand.Verify || own.Read(rest) is not null ? null // It says by itself why it cannot be called so.
            : Misused(own, rest, errors);
    }

    /// <summary>Does the work of a command that needs no service, and returns the exit code; null for any other command.</summary>
    public static int? RunAlone(string[] args) =>
        args is [var name, .. var rest] ? Find(name)?.Alone?.Invoke(rest) : null;

    /// <summary>
    /// Checks a command's input, before anything is created, and returns its work on the service; null for <c>run</c> and for the commands
    /// of the libraries.
    /// </summary>
    /// <exception cref="StartException">The command cannot work on its input.</exception>
    public static Func<IServiceProvider, Task<int>>? Prepare(string[] args) =>
        args is not [var name, .. var rest] || Find(name) is not { Prepare: { } prepare } command ? null
        : prepare(command.Read(rest) ?? throw new StartException(command.Help));

    /// <summary>Parle's own command of this name; null for none.</summary>
    internal static Command? Find(string name) => Own.FirstOrDefault(command => command.Name == name);

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
        if (Find(name) is { } own)
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
        if (rest.FirstOrDefault(argument => argument.StartsWith("--", StringComparison.Ordinal) && !command.Options.Contains(argument))
            is { } option)
        {
            Unknown($"{command.Name} has no option \"{option}\".", option, command.Options, errors);
        }
        else if (rest.Select((word, i) => (Word: word, Known: command.WordsAfter(rest[..i])))
            .FirstOrDefault(one => one.Known.Count > 0 && !one.Known.Contains(one.Word)) is { Word: { } word, Known: var here })
        {
            var above = rest.TakeWhile(one => one != word).Take(1).Prepend(command.Name);
            Unknown($"{string.Join(' ', above)} knows no \"{word}\".", word, here, errors);
        }

        errors.WriteLine(
            string.Join('\n', command.Help.ReplaceLineEndings("\n").Split('\n').TakeWhile((line, i) => i == 0 || line.StartsWith(' '))));
        return NotUnderstood;
    }

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
