using Parle.Api.Platform;

namespace Parle.Api.Record;

/// <summary>The parts of this folder.</summary>
public static class RecordParts
{
    /// <summary>Adds proofs, exports and imports.</summary>
    /// <param name="services">The service's parts.</param>
    public static void AddRecord(this IServiceCollection services)
    {
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<Checkpoints>();
        services.AddSingleton<Statements>();
        services.AddSingleton<Receipts>();
        services.AddSingleton<Evidence>();
        services.AddSingleton<RoomExport>();
        services.AddSingleton<RoomImport>();
        services.AddHosted<Checkpointer>();
    }
}
