using System.Text.Json.Nodes;

namespace Parle.Samples;

/// <summary>The service said no.</summary>
/// <param name="call">To what.</param>
/// <param name="error">What it said.</param>
public sealed class Refused(Call call, JsonNode error) : Exception($"{call.Action} was refused: "
    + $"{error.Text("code")}{(error["reason"] is { } why ? $", {why}" : "")}. {error["unlock"] ?? error["message"]}")
{
    /// <summary>Its stable name.</summary>
    public string Code { get; } = error.Text("code");

    /// <summary>Why, where the code alone does not say it.</summary>
    public string? Reason { get; } = error["reason"]?.GetValue<string>();

    /// <summary>What can be done instead.</summary>
    public IReadOnlyList<string> Next { get; } = [.. error["next"]?.AsArray().Select(act => act!.GetValue<string>()) ?? []];
}
