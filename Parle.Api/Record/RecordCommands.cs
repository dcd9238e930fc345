using System.Text.Json;
using Npgsql;
using Parle.Api.Contract;
using Parle.Api.Hosting;
using Parle.Api.Record.Verification;

namespace Parle.Api.Record;

/// <summary>The commands <c>room list|export|import</c> and <c>keys list|rotate</c>.</summary>
public static class RecordCommands
{
    /// <summary>How <c>room</c> is called.</summary>
    public const string RoomUsage = """
        Usage: room list
               room export ROOM [--contents] [--out FILE]
               room import FILE --keys FILE|KEY [--keys FILE|KEY]...
        """;

    /// <summary>How <c>keys</c> is called.</summary>
    public const string KeysUsage = "Usage: keys list | keys rotate";

    /// <summary>Runs <c>room</c>. Exit code 0 when it is done; 1 with a message on standard error otherwise.</summary>
    public static async Task<int> Room(IServiceProvider services, string[] arguments)
    {
        if (!services.GetRequiredService<Readiness>().Complete)
        {
            return await Fail("The database schema is not current. Run: dotnet run --project Parle.Api -- db-apply");
        }

        try
        {
            return arguments switch
            {
                ["list"] => await List(services),
                ["export", var room, ..] when !Guid.TryParse(room, out _) => await Fail($"'{room}' is no room's id, which `room list` tells.\n{RoomUsage}"),
                ["export", var room, .. var options] when Options(options, out var contents, out var file) => await Export(services, Guid.Parse(room), contents, file),
                ["import", _] => await Fail($"--keys is missing: whose signature is to be trusted? The service that wrote the file publishes its keys at {KeyEndpoints.Path}.\n{RoomUsage}"),
                ["import", var file, .. var keys] when keys.Length % 2 == 0 && keys.Where((_, i) => i % 2 == 0).All(option => option == "--keys") => await Import(services, file, [.. keys.Where((_, i) => i % 2 == 1)]),
                _ => await Fail(RoomUsage),
            };
        }
        catch (Exception wrong) when (wrong is ImportException or IOException or UnauthorizedAccessException or FormatException)
        {
            return await Fail(wrong.Message);
        }
    }

    /// <summary>Runs <c>keys</c>.</summary>
    public static async Task<int> Keys(IServiceProvider services, string[] arguments)
    {
        if (!services.GetRequiredService<Readiness>().Complete)
        {
            return await Fail("The database schema is not current. Run: dotnet run --project Parle.Api -- db-apply");
        }

        var keys = services.GetRequiredService<SigningKeys>();
        if (arguments is ["rotate"])
        {
            await keys.Rotate(CancellationToken.None);
        }
        else if (arguments is not ["list"])
        {
            return await Fail(KeysUsage);
        }

        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(PublishedKeys.Of(await keys.All(CancellationToken.None)), new JsonSerializerOptions(WireJson.Options) { WriteIndented = true }));
        return 0;
    }

    private static async Task<int> List(IServiceProvider services)
    {
        await using var command = services.GetRequiredService<NpgsqlDataSource>().CreateCommand("""
            select r.room_id, '@' || p.handle || '/' || coalesce(r.handle, '-'), case when r.archived_at is null then '' else ' archived' end
            from parle.rooms r left join parle.principals p on p.principal_id = r.owner_id order by 2, 1
            """);
        await using var rooms = await command.ExecuteReaderAsync();
        while (await rooms.ReadAsync())
        {
            await Console.Out.WriteLineAsync($"{rooms.GetGuid(0)} {(rooms.IsDBNull(1) ? "-" : rooms.GetString(1))}{rooms.GetString(2)}");
        }

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
        var imported = await services.GetRequiredService<RoomImport>().Read(() => FileText.Lines(file), KeyRing.Named(keys), CancellationToken.None);
        await Console.Error.WriteLineAsync($"Imported {imported.Facts} facts of room {imported.RoomID}. It can be read, not written.");
        return 0;
    }

    private static bool Options(string[] options, out bool contents, out string? file)
    {
        contents = options.Contains("--contents");
        var rest = options.Where(option => option != "--contents").ToList();
        file = rest is ["--out", var named] ? named : null;
        return rest.Count == 0 || file is not null;
    }

    private static async Task<int> Fail(string message)
    {
        await Console.Error.WriteLineAsync(message);
        return 1;
    }
}
