using System.Diagnostics;
using JasperFx.CommandLine;
using Parle.Api.Cli;
using Parle.Projections.Record;
using Parle.Tests.Service;

namespace Parle.Tests.Hosting;

/// A request for help gets help; a mistyped command is refused. Neither starts anything.
public sealed class TheCommandLine
{
    public static TheoryData<string> OwnCommands => [.. CommandLine.Own.Select(command => command.Name)];

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("-?")]
    [InlineData("/?")]
    [InlineData("help")]
    [InlineData("?")]
    public void lists_the_commands_with_its_own_first(string asked)
    {
        var (code, output, errors) = Ask(asked);

        Assert.Equal((0, ""), (code, errors));
        var places = CommandLine.Own.Select(command => output.IndexOf($"\n  {command.Name} ", StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.All(CommandLine.OfLibraries.Concat(CommandLine.Dangerous),
            command => Assert.True(output.IndexOf($"\n  {command.Name} ", StringComparison.Ordinal) > places[^1], command.Name));
        Assert.True(output.IndexOf("dangerous", StringComparison.Ordinal) < output.IndexOf("\n  resources ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("-v")]
    [InlineData("version")]
    [InlineData("serve --version")]
    public void tells_the_version_of_the_program(string asked) =>
        Assert.Equal((0, $"parle {RecordGuards.Version.ToString(3)}\n", ""), Ask(asked));

    [Theory]
    [MemberData(nameof(OwnCommands))]
    public void tells_how_each_command_is_used(string command)
    {
        foreach (var asked in (string[])[$"help {command}", $"{command} --help", $"{command} -h", $"{command} /?", $"--help {command}"])
        {
            var (code, output, errors) = Ask(asked);
            Assert.Equal((0, ""), (code, errors));
            Assert.StartsWith($"{command}: ", output, StringComparison.Ordinal);
            Assert.Contains($"Usage: {command}", output, StringComparison.Ordinal);
            Assert.Contains("Exit codes: 0 ", output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(OwnCommands))]
    public void names_all_words_and_options_of_a_command_in_its_help(string command)
    {
        var own = CommandLine.Own.Single(one => one.Name == command);
        Assert.All(own.Forms.SelectMany(form => form.Words.Split(' ').Concat(form.Options.Select(option => option.Name))),
            word => Assert.Contains(word, own.Help, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("provison", "provision")]
    [InlineData("Provision", "provision")]
    [InlineData("projection", "projections")]
    [InlineData("db-aply", "db-apply")]
    [InlineData("rooms", "room")]
    [InlineData("help provison", "provision")]
    [InlineData("--hlep", "--help")]
    [InlineData("--url=http://127.0.0.1:1", "--urls")]
    [InlineData("provision --new-token -", "--new-tokens")]
    [InlineData("room export demo --content", "--contents")]
    [InlineData("serve --enviroment Production", "--environment")]
    [InlineData("projections chek", "check")]
    [InlineData("projections check timelin", "timeline")]
    [InlineData("projections rebuild rooms tmeline", "timeline")]
    [InlineData("room exprot demo", "export")]
    [InlineData("keys rotat", "rotate")]
    [InlineData("keys server-key stat", "status")]
    public void names_the_word_that_was_probably_meant(string asked, string meant)
    {
        var (code, output, errors) = Ask(asked);

        Assert.Equal((CommandLine.NotUnderstood, ""), (code, output));
        Assert.Contains($"Did you mean \"{meant}\"?", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("projections check nosuch", "projections check knows no \"nosuch\".")]
    [InlineData("projections nosuch", "projections knows no \"nosuch\".")]
    [InlineData("keys server-key burn", "keys server-key knows no \"burn\".")]
    [InlineData("room nosuch", "room knows no \"nosuch\".")]
    public void says_which_word_it_does_not_know(string asked, string says)
    {
        var (code, _, errors) = Ask(asked);
        Assert.Equal(CommandLine.NotUnderstood, code);
        Assert.Contains(says, errors, StringComparison.Ordinal);
        Assert.Contains("Usage: ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xyzzy")]
    [InlineData("xyzzy --help")]
    [InlineData("help xyzzy")]
    [InlineData("--xyzzy")]
    [InlineData("-x")]
    [InlineData("/x")]
    [InlineData("x=y")]
    [InlineData("--urls")]
    [InlineData("--urls http://127.0.0.1:1 provision")]
    [InlineData("serve now")]
    [InlineData("provision")]
    [InlineData("provision a b")]
    [InlineData("room")]
    [InlineData("room export")]
    [InlineData("keys")]
    [InlineData("keys burn")]
    [InlineData("projections rebuild")]
    [InlineData("projections rebuild rums")]
    [InlineData("db-apply --force")]
    [InlineData("db-assert everything")]
    [InlineData("db-dump --xyzzy")]
    public void is_not_understood_rather_than_guessed_at(string asked)
    {
        var (code, output, errors) = Ask(asked);

        Assert.Equal((CommandLine.NotUnderstood, ""), (code, output));
        Assert.NotEmpty(errors);
    }

    [Theory]
    [InlineData("")]
    [InlineData("serve")]
    [InlineData("run")]
    [InlineData("--urls http://127.0.0.1:1")]
    [InlineData("--urls=http://127.0.0.1:1 --environment Production")]
    [InlineData("serve --Parle:Lanes 3")]
    [InlineData("provision -")]
    [InlineData("provision --new-tokens people.json")]
    [InlineData("room list")]
    [InlineData("room export demo --contents --out file")]
    [InlineData("room import file --keys a --keys b")]
    [InlineData("keys rotate")]
    [InlineData("projections check")]
    [InlineData("projections rebuild rooms timeline")]
    [InlineData("db-apply")]
    [InlineData("db-assert")]
    [InlineData("codegen write")]
    [InlineData("resources list")]
    public void lets_through_what_there_is_to_run(string asked) => Assert.Equal((null, "", ""), Ask(asked));

    /// The list is written down, so that help needs no search; this is what keeps it true.
    [Fact]
    public void knows_every_command_of_the_libraries()
    {
        var factory = new CommandFactory();
        CommandLine.Register(factory);

        Assert.Equal(
            factory.AllCommandTypes().Select(CommandFactory.CommandNameFor)
                .Except(["run", "help", .. CommandLine.Own.Select(command => command.Name)]).Order(StringComparer.Ordinal),
            CommandLine.OfLibraries.Concat(CommandLine.Dangerous).Select(command => command.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0, "--help")]
    [InlineData(0, "help", "provision")]
    [InlineData(0, "help", "resources")]
    [InlineData(0, "--version")]
    [InlineData(2, "provison", "-")]
    public async Task makes_nothing_in_the_working_folder(int expected, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("parle-help-").FullName;
        try
        {
            var start = new ProcessStartInfo("dotnet", [ParleProcess.Program, .. arguments])
            { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["PARLE_DATA"] = Path.Combine(folder, "data");
            using var process = Process.Start(start)!;
            var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)
                + await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.True(process.ExitCode == expected, said);
            Assert.NotEmpty(said);
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (int? Code, string Output, string Errors) Ask(string asked)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var code = CommandLine.Answer(asked.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
