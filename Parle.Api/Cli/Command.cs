namespace Parle.Api.Cli;

/// <summary>A command of Parle's own.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it does, in a line.</param>
/// <param name="Forms">The ways to call it.</param>
/// <param name="Help">Its usage, examples and exit codes. The first lines are the usage.</param>
public sealed record Command(string Name, string Summary, IReadOnlyList<Form> Forms, string Help)
{
    /// <summary>
    /// Does the work that needs no service, such as to check a file: the exit code; null for arguments that need one. Null for a command
    /// that always needs one.
    /// </summary>
    public Func<string[], int?>? Alone { get; init; }

    /// <summary>
    /// Looks at the files that the command works on, before there is a folder or a database, and returns the work on the service. Null for
    /// a command that needs none.
    /// </summary>
    public Func<Given, Func<IServiceProvider, Task<int>>>? Prepare { get; init; }

    /// <summary>Reads all that follows its name; null when none of its forms fits.</summary>
    public Given? Read(IReadOnlyList<string> rest) =>
        Forms.Select(form => form.Read(rest).Given).FirstOrDefault(given => given is not null);

    /// <summary>Its options.</summary>
    public IReadOnlyList<string> Options =>
        [.. Forms.SelectMany(form => form.Options.Select(option => option.Name)
            .Concat(form.Words.Split(' ').Where(word => word.StartsWith("--", StringComparison.Ordinal)))).Distinct()];

    /// <summary>The words that can follow these; empty where any can.</summary>
    public IReadOnlyList<string> WordsAfter(IReadOnlyList<string> before) =>
        [.. Forms.SelectMany(form => form.After(before) ?? []).Distinct()];
}
