using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;
using Parle.Domain;

namespace Parle.Api.Contract;

/// <summary>Reads a JSON body within its bounds, and says exactly what is wrong with one that cannot be read.</summary>
public static class RequestBody
{
    /// <summary>Most bytes of a body.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Most bytes of a body that hands context over: its texts may be twice as long when they are escaped.</summary>
    public const int MaxBytesWithContext = 2 * Domain.Asks.ContextPacket.MaxBytes + MaxBytes;

    /// <summary>The body as <paramref name="type"/>, or a refusal. An empty body is an empty object. Its bytes are held as they come, whatever its length is said to be.</summary>
    public static async Task<(object? Body, Refusal? Refusal)> Read(HttpContext context, Type type, JsonSerializerOptions json, int maxBytes)
    {
        var request = context.Request;
        if (request.ContentLength > maxBytes)
        {
            return (null, Refusals.PayloadTooLarge);
        }

        if (request.Headers.ContentEncoding.Count > 0 || !IsJson(request))
        {
            return (null, Refusals.UnsupportedMediaType);
        }

        var (read, refusal) = await ReadAtMost(context, maxBytes);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        var bytes = read.Buffer.IsEmpty ? "{}"u8.ToArray() : read.Buffer.ToArray();
        request.BodyReader.AdvanceTo(read.Buffer.End);
        if (!Utf8.IsValid(bytes))
        {
            return (null, Refusals.MalformedRequest.Because("The body is not valid UTF-8."));
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, type, json) is { } body
                ? (body, null)
                : (null, Refusals.MalformedRequest.Because("The body must be a JSON object."));
        }
        catch (JsonException wrong)
        {
            return (null, Refusals.MalformedRequest.Because(Where(wrong)));
        }
    }

    // Most bodies are there already. Those that are on their way are counted, and must be there in time, however evenly they trickle.
    private static async ValueTask<(ReadResult Read, Refusal? Refusal)> ReadAtMost(HttpContext context, int maxBytes)
    {
        var (reader, reading) = (context.Request.BodyReader, context.Request.BodyReader.ReadAsync(context.RequestAborted));
        if (reading.IsCompletedSuccessfully)
        {
            var read = reading.Result;
            if (IsAll(read, maxBytes))
            {
                return (read, IsTooLarge(read, maxBytes));
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            reading = reader.ReadAsync(context.RequestAborted);
        }

        var uploads = context.RequestServices.GetRequiredService<Uploads>();
        var (lease, full) = uploads.Begin(context, context.Request.ContentLength ?? maxBytes);
        using (lease)
        {
            if (full is not null)
            {
                reader.CancelPendingRead();
                await reading;
                return (default, full);
            }

            using var timer = uploads.Within is { } within
                ? context.RequestServices.GetRequiredService<TimeProvider>().CreateTimer(static late => ((PipeReader)late!).CancelPendingRead(), reader, within, Timeout.InfiniteTimeSpan) : null;
            while (true)
            {
                var read = await reading;
                if (read.IsCanceled)
                {
                    return (default, Refusals.RequestTimeout);
                }

                if (IsAll(read, maxBytes))
                {
                    return (read, IsTooLarge(read, maxBytes));
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                reading = reader.ReadAsync(context.RequestAborted);
            }
        }
    }

    private static bool IsAll(ReadResult read, int maxBytes) => read.IsCompleted || read.Buffer.Length > maxBytes;

    private static Refusal? IsTooLarge(ReadResult read, int maxBytes) => read.Buffer.Length > maxBytes ? Refusals.PayloadTooLarge : null;

    private static bool IsJson(HttpRequest request) =>
        request.ContentType is null
        || (MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)));

    // The exception's own text may repeat what was sent, so only the place is told.
    private static string Where(JsonException wrong) =>
        wrong.LineNumber is { } line && wrong.BytePositionInLine is { } position
            ? $"Malformed JSON, a member twice, or a value of the wrong type, near line {line + 1}, byte {position + 1}."
            : "A member is missing or of the wrong type.";
}
