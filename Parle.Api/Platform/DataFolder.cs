namespace Parle.Api.Platform;

/// <summary>The folder of the service's own data: the private database and the server key. Its mode is 0700.</summary>
public static class DataFolder
{
    /// <summary>The setting that names the folder.</summary>
    public const string Setting = "PARLE_DATA";

    /// <summary>
    /// The folder named by <c>PARLE_DATA</c>; else <c>.parle</c> in the repository, or in the working folder outside of one.
    /// </summary>
    public static string Find(IConfiguration configuration) =>
        Path.GetFullPath(configuration[Setting] is { Length: > 0 } named ? named : Path.Combine(Repository() ?? ".", ".parle"));

    /// <summary>
    /// Creates the folder, readable for its owner alone, and returns its path. An existing one must belong to this account.
    /// </summary>
    /// <exception cref="StartException">The folder belongs to another account, or others can write to it.</exception>
    public static string Create(IConfiguration configuration)
    {
        var folder = Find(configuration);
        OwnPlace.Folder(folder);
        return folder;
    }

    /// <summary>The repository's folder, when this process runs from a build inside of it.</summary>
    internal static string? Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Parle.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }
}
