namespace Parle.Api.Cli;

/// <summary>A command of Parle's own.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">A description in one line.</param>
/// <param name="Forms">The ways to call it.</param>
/// <param name="Help">Its usage, examples and exit codes. The first lines are the usage.</param>
public sealed record Command(string Name, string Summary, IReadOnlyList<Form> Forms, string Help)
{
    /// <summary>
    /// Does work that needs no service, such as verifying a file, and returns the exit code; null for arguments that need the service. Null
    /// for a command that always needs it.
    /// </summary>
    public Func<string[], int?>? Alone { get; init; }

    /// <summary>
    /// Checks the command's files, before there is a folder or a database, and returns the work on the service. Null for a command that
    /// needs none.
    /// </summary>
    public Func<Given, Func<IServiceProvider, Task<int>>>? Prepare { get; init; }

    /// <summary>Parses the arguments after its name; null when none of its forms fits.</summary>
    public Given? Read(IReadOnlyList<string> rest) =>
        Forms.Select(form => form.Read(rest).Given).FirstOrDefault(given => given is not null);

    /// <summary>Its options.</summary>
    public IReadOnlyList<string> Options =>
        [.. Forms.SelectMany(form => form.Options.Select(option => option.Name)
            .Concat(form.Words.Split(' ').Where(word => word.StartsWith("--", StringComparison.Ordinal)))).Distinct()];

    /// <summary>The words that can follow these; empty for any.</summary>
    public IReadOnlyList<string> WordsAfter(IReadOnlyList<string> before) =>
        [.. Forms.SelectMany(form => form.After(before) ?? []).Distinct()];
}
