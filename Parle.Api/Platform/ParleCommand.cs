namespace Parle.Api.Platform;

/// <summary>The command of the executable's arguments.</summary>
/// <param name="Name">The command's name; <c>run</c> when none was given.</param>
public sealed record ParleCommand(string Name)
{
    /// <summary>Serve requests.</summary>
    public const string Run = "run";

    /// <summary>The same as <see cref="Run"/>, under the name that people try first.</summary>
    public const string Serve = "serve";

    /// <summary>Create the missing parts of a description.</summary>
    public const string Provision = "provision";

    /// <summary>Export a room to a file, import one, or list rooms.</summary>
    public const string Room = "room";

    /// <summary>Show or replace the keys that the service signs with.</summary>
    public const string Keys = "keys";

    /// <summary>Verify a receipt or an exported room, with nothing but the file.</summary>
    public const string Verify = "verify";

    /// <summary>Compare views with the record, or rebuild them. Replaces Marten's command of that name, which empties them first.</summary>
    public const string Projections = "projections";

    /// <summary>Apply the schema. Replaces Weasel's command of that name, which first searches every folder beside the program.</summary>
    public const string Apply = "db-apply";

    /// <summary>Report whether the schema is in place.</summary>
    public const string Assert = "db-assert";

    /// <summary>The command named by the first argument that is not an option.</summary>
    public static ParleCommand Of(string[] args) => new(args is [var first, ..] && !IsOption(first) && first != Serve ? first : Run);

    /// <summary>Whether an argument is an option or a setting, and so no command.</summary>
    public static bool IsOption(string argument) =>
        argument.StartsWith('-') || argument.StartsWith('/') || argument.Contains('=', StringComparison.Ordinal);

    /// <summary>Whether it works on data; other commands only inspect the program.</summary>
    public bool NeedsDatabase => Name is not ("codegen" or "describe" or "help" or "?" or "capabilities" or "openapi");

    /// <summary>Whether it uses the schema as it must be, rather than working on the schema itself.</summary>
    public bool UsesSchema => Name is Run or Provision or Room or Keys;

    /// <summary>Whether it is one of Parle's own.</summary>
    public bool IsOwn => UsesSchema || Name is Projections or Apply or Assert;
}
