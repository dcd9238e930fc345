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

        Golden.Matches(document, await stranger.GetStringAsync($"/{document}"));
    }
}
