using System.Text.Json;
using Parle.Tests.Service;

namespace Parle.Tests.Golden;

public class ADiscoveryDocument(TestCluster cluster)
{
    [Theory]
    [InlineData("openapi.json")]
    [InlineData("llms.txt")]
    [InlineData("llms-full.txt")]
    public async Task is_served_as_it_was_published(string document)
    {
        using var stranger = (await cluster.Service).Host.Server.CreateClient();

        var text = await stranger.GetStringAsync($"/{document}");
        Golden.Matches(document, document.EndsWith(".json", StringComparison.Ordinal) ? Indented(text) : text);
    }

    // It is served without white space; the file is to be read.
    private static string Indented(string json) => JsonSerializer.Serialize(JsonElement.Parse(json), indented) + "\n";

    private static readonly JsonSerializerOptions indented = new()
    { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
