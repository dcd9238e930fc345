using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Parle.Api.Discovery;

/// <summary>
/// A document that never changes while the process lives. A caller can revalidate its copy instead of loading it again (RFC 9110 §13).
/// </summary>
/// <remarks>
/// The document is compressed once, at the first request, and not for each request as a middleware would: a stranger must not be able to
/// spend processor time. Only the compressed form is kept.
/// </remarks>
/// <param name="contentType">The media type.</param>
/// <param name="write">Makes the document.</param>
public sealed class PublishedDocument(string contentType, Func<byte[]> write)
{
    private readonly Lazy<Compressed> kept = new(() => Compressed.Of(write()));

    /// <summary>Answers with the document, gzipped if the caller accepts that, or with 304 if the caller has it.</summary>
    public IResult Answer(HttpContext context)
    {
        var headers = context.Response.Headers;
        // The caller keeps it and revalidates it each time, because another version may be served by then.
        headers.CacheControl = "no-cache";
        headers.Vary = HeaderNames.AcceptEncoding;
        var (zipped, tag) = (kept.Value.Zipped, kept.Value.Tag);
        if (!TakesGzip(context.Request.Headers.AcceptEncoding))
        {
            return Results.Stream(new GZipStream(new MemoryStream(zipped, writable: false), CompressionMode.Decompress), contentType,
                entityTag: new($"\"{tag}\""));
        }

        headers.ContentEncoding = "gzip";
        // Another encoding is another representation (RFC 9110 §8.8.3.3).
        return Results.Bytes(zipped, contentType, entityTag: new($"\"{tag}-gzip\""));
    }

    // RFC 9110 §12.5.3: "*" stands for every other encoding; a weight of 0 means no.
    private static bool TakesGzip(StringValues accepted) =>
        StringWithQualityHeaderValue.TryParseList(accepted, out var encodings)
        && (encodings.FirstOrDefault(encoding => encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase))
            ?? encodings.FirstOrDefault(encoding => encoding.Value == "*")) is { } gzip
        && gzip.Quality is not 0;

    private sealed record Compressed(byte[] Zipped, string Tag)
    {
        public static Compressed Of(byte[] document)
        {
            using var zipped = new MemoryStream();
            using (var zip = new GZipStream(zipped, CompressionLevel.SmallestSize))
            {
                zip.Write(document);
            }

            return new(zipped.ToArray(), Convert.ToHexStringLower(SHA256.HashData(document).AsSpan(..16)));
        }
    }
}
