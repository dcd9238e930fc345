using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Parle.Tests.Service;

namespace Parle.Tests.Discovery;

public class APublishedDocument(TestCluster cluster)
{
    public static TheoryData<string> Documents => ["/openapi.json", "/llms.txt", "/docs", "/docs/swagger-ui-bundle.js"];

    [Theory, MemberData(nameof(Documents))]
    public async Task is_compressed_for_who_takes_that(string document)
    {
        using var plain = await Get(document, null);
        using var zipped = await Get(document, "br;q=0.5, gzip");

        await using var unzipped = new GZipStream(
            await zipped.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        await unzipped.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        Assert.Equal(["gzip"], zipped.Content.Headers.ContentEncoding);
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal(await plain.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), bytes.ToArray());
        Assert.All([plain, zipped], answer => Assert.Contains("Accept-Encoding", answer.Headers.Vary));
        Assert.NotEqual(plain.Headers.ETag, zipped.Headers.ETag);
    }

    [Theory]
    [InlineData("gzip;q=0")]
    [InlineData("*;q=0")]
    [InlineData("gzip;q=0, *")]
    [InlineData("identity")]
    [InlineData("br")]
    public async Task is_not_compressed_for_who_does_not(string accepted)
    {
        using var answer = await Get("/llms.txt", accepted);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    [Theory, MemberData(nameof(Documents))]
    public async Task is_not_sent_again_to_who_has_it(string document)
    {
        foreach (var accepted in (string?[])[null, "gzip"])
        {
            using var first = await Get(document, accepted);
            using var second = await Get(document, accepted, first.Headers.ETag);
            using var other = await Get(document, accepted, new("\"another\""));

            Assert.Equal((HttpStatusCode.NotModified, 0),
                (second.StatusCode, (await second.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length));
            Assert.Equal(first.Headers.ETag, second.Headers.ETag);
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        }
    }

    private async Task<HttpResponseMessage> Get(string document, string? accepted, EntityTagHeaderValue? has = null)
    {
        using var stranger = (await cluster.Service).Host.Server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, document);
        _ = accepted is null || request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        if (has is not null)
        {
            request.Headers.IfNoneMatch.Add(has);
        }

        return await stranger.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
