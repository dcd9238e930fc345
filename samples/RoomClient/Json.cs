using System.Text.Json.Nodes;

namespace Parle.Samples;

/// <summary>Reading answers without a class for each.</summary>
public static class Json
{
    /// <summary>The text of a member that is there.</summary>
    public static string Text(this JsonNode node, string member) => node[member]!.GetValue<string>();
}
