namespace Parle.Api.Platform;

/// <summary>What the executable was asked to do.</summary>
/// <param name="Name">The command's name; <c>run</c> when none was given.</param>
public sealed record ParleCommand(string Name)
{
    /// <summary>Serve requests.</summary>
    public const string Run = "run";

    /// <summary>The same, under the name that people look for first.</summary>
    public const string Serve = "serve";

    /// <summary>Create what is missing from a description.</summary>
    public const string Provision = "provision";

    /// <summary>Write a room to a file, take one in, or list them.</summary>
    public const string Room = "room";

    /// <summary>Show or replace the keys that the service signs with.</summary>
    public const string Keys = "keys";

    /// <summary>Check a receipt or an exported room, with nothing but the file.</summary>
    public const string Verify = "verify";

    /// <summary>
    /// Compare views with the record, or compute them again. In place of Marten's command of that name, which empties them first.
    /// </summary>
    public const string Projections = "projections";

    /// <summary>
    /// Put the schema in place. In place of Weasel's command of that name, which looks through every folder beside the program first.
    /// </summary>
    public const string Apply = "db-apply";

    /// <summary>Say whether the schema is in place.</summary>
    public const string Assert = "db-assert";

    /// <summary>The command named by the first argument that is not an option.</summary>
    public static ParleCommand Of(string[] args) => new(args is [var first, ..] && !IsOption(first) && first != Serve ? first : Run);

    /// <summary>Whether an argument is an option or a setting, and so no command.</summary>
    public static bool IsOption(string argument) =>
        argument.StartsWith('-') || argument.StartsWith('/') || argument.Contains('=', StringComparison.Ordinal);

    /// <summary>Whether it works on data; others only look at the program.</summary>
    public bool NeedsDatabase => Name is not ("codegen" or "describe" or "help" or "?" or "capabilities" or "openapi");

    /// <summary>Whether it uses the schema as it must be, rather than working on the schema itself.</summary>
    public bool UsesSchema => Name is Run or Provision or Room or Keys;

    /// <summary>Whether it is one of Parle's own.</summary>
    public bool IsOwn => UsesSchema || Name is Projections or Apply or Assert;
}
