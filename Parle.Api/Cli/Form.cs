namespace Parle.Api.Cli;

/// <summary>One form of a command: fixed words, then its arguments. Options may stand anywhere after the words.</summary>
/// <param name="Words">The words, with a blank between them; empty for none.</param>
/// <param name="Argument">The argument after them; null for none.</param>
/// <param name="Options">The options.</param>
public sealed record Form(string Words, Argument? Argument = null, params IReadOnlyList<Option> Options)
{
    private readonly string[] words = Words.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Parses a command line.</summary>
    /// <param name="rest">The arguments after the command's name.</param>
    /// <returns>The parts; or null, and the reason why the form does not fit.</returns>
    public (Given? Given, string? Why) Read(IReadOnlyList<string> rest)
    {
        if (!rest.Take(words.Length).SequenceEqual(words))
        {
            return (null, $"It does not begin with {Words}.");
        }

        var (arguments, options) = (new List<string>(), new List<(string Name, string Value)>());
        for (var i = words.Length; i < rest.Count; i++)
        {
            if (rest[i] is not ['-', _, ..])
            {
                arguments.Add(rest[i]);
                continue;
            }

            if (Options.FirstOrDefault(known => known.Name == rest[i]) is not { } option)
            {
                return (null, $"There is no option {rest[i]}.");
            }

            if (option is { Value: not null, Repeats: false } && options.Exists(one => one.Name == option.Name))
            {
                return (null, $"{option.Name} is there twice.");
            }

            if (option.Value is not null && ++i == rest.Count)
            {
                return (null, $"{option.Name} needs a file.");
            }

            options.Add((option.Name, option.Value is null ? "" : rest[i]));
        }

        return Misfit(arguments) is { } why ? (null, why) : (new(this, arguments, options), null);
    }

    /// <summary>The words that can follow these; null where the form does not fit, or any word can follow.</summary>
    public IEnumerable<string>? After(IReadOnlyList<string> before) =>
        !before.Zip(words).All(pair => pair.First == pair.Second) ? null
        : before.Count < words.Length ? [words[before.Count]]
        : Argument?.Among;

    private string? Misfit(List<string> arguments) =>
        arguments.Count < (Argument?.Least ?? 0) ? $"No {Argument!.Noun} is named."
        : arguments.Count > (Argument is null ? 0 : Argument.IsMany ? int.MaxValue : 1)
            ? $"One {Argument?.Noun ?? "word"} is checked at a time, and {arguments.Count} are named."
        : arguments.Find(one => one == "-" && Argument?.TakesStandardInput is not true || Argument?.Among?.Contains(one) is false)
            is { } unknown ? $"{unknown} is no {Argument!.Noun}."
        : null;
}

/// <summary>A positional argument.</summary>
/// <param name="Noun">The noun for messages.</param>
public sealed record Argument(string Noun)
{
    /// <summary>The least number of values.</summary>
    public int Least { get; init; } = 1;

    /// <summary>Whether several values are allowed.</summary>
    public bool IsMany { get; init; }

    /// <summary>Whether <c>-</c> stands for standard input.</summary>
    public bool TakesStandardInput { get; init; }

    /// <summary>The allowed words; null for any.</summary>
    public IReadOnlyList<string>? Among { get; init; }
}

/// <summary>A named option.</summary>
/// <param name="Name">Its name, with the dashes.</param>
/// <param name="Value">The name of its value, for people; null for an option without a value.</param>
/// <param name="Repeats">Whether it can be repeated, each time with its own value.</param>
public sealed record Option(string Name, string? Value = null, bool Repeats = false);

/// <summary>A parsed command line.</summary>
/// <param name="Form">The form that fits.</param>
/// <param name="Arguments">The arguments.</param>
/// <param name="Options">The options in order; the value is empty for an option without one.</param>
public sealed record Given(Form Form, IReadOnlyList<string> Arguments, IReadOnlyList<(string Name, string Value)> Options)
{
    /// <summary>The only argument.</summary>
    public string Argument => Arguments[0];

    /// <summary>Whether an option is given.</summary>
    public bool Has(string option) => Options.Any(one => one.Name == option);

    /// <summary>All values of an option.</summary>
    public IReadOnlyList<string> Values(string option) => [.. Options.Where(one => one.Name == option).Select(one => one.Value)];

    /// <summary>The value of an option; null when it is not given.</summary>
    public string? Value(string option) => Values(option) is [var value] ? value : null;
}
