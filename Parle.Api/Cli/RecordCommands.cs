using System.Text.Json;
using Npgsql;
using Parle.Api.Database;
using Parle.Api.Hosting;
using Parle.Api.Platform;
using Parle.Api.Record;
using Parle.Api.Record.Verification;
using Parle.Api.Wire;
using Parle.Projections.Rooms;

namespace Parle.Api.Cli;

/// <summary>The commands <c>room list|export|import</c> and <c>keys list|rotate|server-key</c>.</summary>
public static class RecordCommands
{
    /// <summary>How <c>room</c> is called.</summary>
    public const string RoomUsage = """
        Usage: room list
               room export ROOM [--contents] [--out FILE]
               room import FILE --keys FILE|KEY [--keys FILE|KEY]...
        """;

    /// <summary>How <c>keys</c> is called.</summary>
    public const string KeysUsage = "Usage: keys list | keys rotate | keys server-key new|status|reseal|retire [--force]";

    /// <summary>Looks at the files that <c>room</c> is to read, before there is a folder or a database.</summary>
    /// <exception cref="StartException">One of them is missing, or is none.</exception>
    public static Func<IServiceProvider, Task<int>> PrepareRoom(Given given)
    {
        if (given.Form.Words is "import")
        {
            CheckFiles(given.Argument, given.Values("--keys"));
        }

        return services => Room(services, given);
    }

    /// <summary>Prints a new server key, which needs no database and stores nothing.</summary>
    internal static int FreshServerKey()
    {
        Console.Out.WriteLine(ServerKeyFile.Fresh());
        return 0;
    }

    /// <summary>Runs <c>room</c>. Exit code 0 when it is done; 1 with a message on standard error otherwise.</summary>
    /// <exception cref="StartException">It cannot be called so, or a file is missing.</exception>
    public static Task<int> Room(IServiceProvider services, string[] arguments) =>
        CommandLine.Prepare([ParleCommand.Room, .. arguments])!(services);

    private static async Task<int> Room(IServiceProvider services, Given given)
    {
        if (!services.GetRequiredService<Readiness>().Complete)
        {
            return await Fail(Condition.Of(await services.GetRequiredService<ParleSchema>().Find(CancellationToken.None))
                is { Reason: not null, Why: var why }
                ? why : Condition.StartedEarly.Why);
        }

        try
        {
            return given.Form.Words switch
            {
                "list" => await List(services),
                "export" => await Named(services, given.Argument) is { } roomID
                    ? await Export(services, roomID, given.Has("--contents"), given.Value("--out")) : 1,
                _ => await Import(services, given.Argument, given.Values("--keys")),
            };
        }
        catch (Exception wrong) when (wrong is ImportException or IOException or UnauthorizedAccessException or FormatException)
        {
            return await Fail(wrong.Message);
        }
    }

    /// <summary>Runs <c>keys</c>.</summary>
    public static async Task<int> Keys(IServiceProvider services, Given given)
    {
        if (!services.GetRequiredService<Readiness>().Complete)
        {
            return await Fail(Condition.Of(await services.GetRequiredService<ParleSchema>().Find(CancellationToken.None))
                is { Reason: not null, Why: var why }
                ? why : Condition.StartedEarly.Why);
        }

        if (given.Form.Words is not ("list" or "rotate"))
        {
            return await ServerKey(services.GetRequiredService<ServerKeyChange>(), given);
        }

        var keys = services.GetRequiredService<SigningKeys>();
        if (given.Form.Words is "rotate")
        {
            await keys.Rotate(CancellationToken.None);
        }

        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(PublishedKeys.Of(await keys.All(CancellationToken.None)),
            WireJson.Indented));
        return 0;
    }

    private static void CheckFiles(string file, IReadOnlyList<string> keys)
    {
        if (keys.Count == 0)
        {
            throw new StartException("--keys is missing: whose signature is to be trusted? The service that wrote the file publishes its "
                + $"keys at {KeyEndpoints.Path}.");
        }

        try
        {
            using var readable = File.OpenRead(file);
            _ = KeyRing.Named(keys);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            throw new StartException(wrong.Message);
        }
    }

    private static async Task<int> List(IServiceProvider services)
    {
        foreach (var room in await Rooms(services, null, null))
        {
            await Console.Out.WriteLineAsync($"{room.RoomID}  {room.Name}{(room.IsArchived ? "  (archived)" : "")}");
        }

        return 0;
    }

    // A person says a room's name; a name is its owner's alone, so it names a room only while nobody else has another of that name.
    private static async Task<Guid?> Named(IServiceProvider services, string room)
    {
        if (Guid.TryParse(room, out var id))
        {
            return id;
        }

        var (owner, handle) = room.Split('/') is [['@', .. var principal], var own] ? (principal, own) : (null, room);
        var found = await Rooms(services, owner, handle);
        if (found is [var only])
        {
            return only.RoomID;
        }

        await Fail(found.Count == 0
            ? $"There is no room \"{room}\". \"room list\" tells all, with their ids."
            : $"Several rooms are called \"{room}\": {string.Join(", ", found.Select(one => $"{one.RoomID} ({one.Name})"))}. Name one by "
            + "its id.");
        return null;
    }

    private static Task<IReadOnlyList<NamedRoom>> Rooms(IServiceProvider services, string? owner, string? handle) =>
        NamedRoom.Find(services.GetRequiredService<NpgsqlDataSource>(), owner, handle, CancellationToken.None);

    // Replaces the server key on this database.
    private static async Task<int> ServerKey(ServerKeyChange change, Given given)
    {
        if (given.Form.Words is "server-key reseal")
        {
            await change.Reseal(CancellationToken.None);
        }
        else if (given.Form.Words is "server-key retire"
            && await change.Retire(given.Has("--force"), CancellationToken.None) is { Count: > 0 } needed)
        {
            var uses = needed.Select(use => $"key {use.Key} by {use.Credentials} credentials, {use.Identities} identities, "
                + $"{use.Secrets} kept secrets and {use.SigningKeys} signing keys");
            return await Fail($"Still needed: {string.Join("; ", uses)}. See docs/operations.md, or say --force to lose them.");
        }

        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(
            await change.Status(CancellationToken.None), WireJson.Indented));
        return 0;
    }

    private static async Task<int> Export(IServiceProvider services, Guid roomID, bool contents, string? file)
    {
        var (exported, said) = await services.GetRequiredService<RoomExport>().To(file, roomID, contents, CancellationToken.None);
        if (exported is null)
        {
            return await Fail($"There is no room {roomID}.");
        }

        await Console.Error.WriteLineAsync($"Exported {exported.Facts} facts of room {roomID}.");
        return exported.Broken ? await Fail($"The record contradicts what was signed of it. {said}") : 0;
    }

    private static async Task<int> Import(IServiceProvider services, string file, IReadOnlyList<string> keys)
    {
        var imported = await services.GetRequiredService<RoomImport>()
            .Read(() => FileText.Lines(file), KeyRing.Named(keys), CancellationToken.None);
        await Console.Error.WriteLineAsync($"Imported {imported.Facts} facts of room {imported.RoomID}. It can be read, not written.");
        return 0;
    }

    private static async Task<int> Fail(string message)
    {
        await Console.Error.WriteLineAsync(message);
        return 1;
    }
}
