using System.Text.Json;
using Parle.Api.Contract;
using Parle.Api.Hosting;
using Parle.Api.Record.Verification;

namespace Parle.Api.Record;

/// <summary>The commands <c>room export|import</c> and <c>keys list|rotate</c>.</summary>
public static class RecordCommands
{
    /// <summary>How <c>room</c> is called.</summary>
    public const string RoomUsage = "Usage: room export ROOM [--contents] [--out FILE] | room import FILE --keys FILE|KEY [--keys FILE|KEY]...";

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
                ["export", var room, .. var options] when Guid.TryParse(room, out var roomID) && Options(options, out var contents, out var file) => await Export(services, roomID, contents, file),
                ["import", var file, .. var keys] when keys.Length > 0 && keys.Length % 2 == 0 && keys.Where((_, i) => i % 2 == 0).All(option => option == "--keys") => await Import(services, file, [.. keys.Where((_, i) => i % 2 == 1)]),
                _ => await Fail(RoomUsage),
            };
        }
        catch (Exception wrong) when (wrong is ImportException or IOException or UnauthorizedAccessException or JsonException or FormatException or KeyNotFoundException)
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

    private static async Task<int> Export(IServiceProvider services, Guid roomID, bool contents, string? file)
    {
        var export = services.GetRequiredService<RoomExport>();
        await using var output = file is null ? Console.Out : new StreamWriter(file);
        if (await export.Write(roomID, contents, output, CancellationToken.None) is not { } facts)
        {
            return await Fail($"There is no room {roomID}.");
        }

        await Console.Error.WriteLineAsync($"Exported {facts} facts of room {roomID}.");
        return 0;
    }

    private static async Task<int> Import(IServiceProvider services, string file, IReadOnlyList<string> keys)
    {
        var imported = await services.GetRequiredService<RoomImport>().Read(() => File.ReadLines(file), KeyRing.Named(keys), CancellationToken.None);
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
