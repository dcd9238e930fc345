namespace Parle.Api.Platform;

/// <summary>Command lines to quote in advice, written so that they can be pasted where this process runs.</summary>
public static class Advice
{
    private static readonly bool inContainer = Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER") is "true" or "1";

    private static readonly string program =
        inContainer ? "dotnet Parle.Api.dll"
        : DataFolder.Repository() is not null ? "dotnet run --project Parle.Api --"
        : Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet" or null
            ? $"dotnet {Quoted(Path.Combine(AppContext.BaseDirectory, "Parle.Api.dll"))}"
        : Quoted(Environment.ProcessPath!);

    /// <summary>The line that applies the schema. The account of a container may not.</summary>
    public static string Apply => inContainer
        ? $"{Run(ParleCommand.Apply)}, as the owner of the tables (with compose.yaml: docker compose run --rm db-apply)"
        : Run(ParleCommand.Apply);

    /// <summary>The line that runs <paramref name="command"/>.</summary>
    public static string Run(string command) => $"{program} {command}";

    private static string Quoted(string path) =>
        path.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('/' or '.' or '-' or '_' or '\\' or ':')) ? $"'{path}'" : path;
}
