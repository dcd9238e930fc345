using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Parle.Api.Registry;
using Parle.Domain;

namespace Parle.Api.Contract;

/// <summary>Reads a JSON body within its limits, and reports exactly the fault of an unreadable one.</summary>
public static class RequestBody
{
    /// <summary>Most bytes of a body.</summary>
    public const int MaxBytes = ParleAction.UsualBodyBytes;

    /// <summary>Most bytes of a body that hands context over: its texts may be twice as long when they are escaped.</summary>
    public const int MaxBytesWithContext = 2 * Domain.Asks.ContextPacket.MaxBytes + MaxBytes;

    /// <summary>
    /// The body of <paramref name="action"/>, or a refusal. An empty body is an empty object. Memory is taken as bytes arrive, whatever the
    /// declared length.
    /// </summary>
    public static async Task<(object? Body, Refusal? Refusal)> Read(HttpContext context, ParleAction action)
    {
        var (request, maxBytes) = (context.Request, action.MaxBodyBytes);
        if (request.ContentLength > maxBytes)
        {
            return (null, Refusals.PayloadTooLarge);
        }

        if (!IsPlain(request) || !IsJson(request))
        {
            return (null, Refusals.UnsupportedMediaType);
        }

        ReadResult read;
        Refusal? refusal;
        try
        {
            (read, refusal) = await ReadAtMost(context, maxBytes);
        }
        catch (IOException) when (!context.RequestAborted.IsCancellationRequested)
        {
            refusal = Refusals.MalformedRequest.Because(
                "The body does not arrive as its headers say: check Content-Length, or the sizes of its chunks.");
            read = default;
        }

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

        return Parse(bytes, action.Body!, action.BodyJson, action.Narrowing);
    }

    /// <summary>Parses <paramref name="bytes"/>, or returns a refusal with the place of the error.</summary>
    /// <param name="bytes">JSON in UTF-8.</param>
    /// <param name="type">The type to read it as.</param>
    /// <param name="json">The options to read it with.</param>
    /// <param name="narrowing">As in <see cref="BodyShape.Obstacle"/>.</param>
    public static (object? Body, Refusal? Refusal) Parse(
        ReadOnlyMemory<byte> bytes, Type type, JsonSerializerOptions json, IReadOnlyList<string>? narrowing)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new() { AllowDuplicateProperties = false });
            return BodyShape.Obstacle(document.RootElement, type, json, narrowing) is { } refusal
                ? (null, refusal) : (JsonSerializer.Deserialize(bytes.Span, type, json), null);
        }
        catch (JsonException wrong)
        {
            return (null, Refusals.MalformedRequest.Because(Where(wrong)));
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate is JSON, but no text.
            return (null, Refusals.MalformedRequest.Because("A text in it is not valid Unicode."));
        }
    }

    /// <summary>Whether a request of an action without a body has one that is not empty.</summary>
    public static async Task<bool> HasContent(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            return false;
        }

        const int Enough = 16; // For an empty object with blanks around it.
        try
        {
            var (read, refusal) = await ReadAtMost(context, Enough);
            if (refusal is not null)
            {
                return true;
            }

            var text = Encoding.UTF8.GetString(read.Buffer);
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            return string.Concat(text.Where(letter => !char.IsWhiteSpace(letter))) is not ("" or "{}" or "null");
        }
        catch (IOException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return true;
        }
    }

#pragma warning disable CA2012 // Each reading is awaited once, or was complete: the variable then holds the next one.
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
                ? context.RequestServices.GetRequiredService<TimeProvider>().CreateTimer(
                    static late => ((PipeReader)late!).CancelPendingRead(), reader, within, Timeout.InfiniteTimeSpan) : null;
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
#pragma warning restore CA2012

    private static bool IsAll(ReadResult read, int maxBytes) => read.IsCompleted || read.Buffer.Length > maxBytes;

    private static Refusal? IsTooLarge(ReadResult read, int maxBytes) => read.Buffer.Length > maxBytes ? Refusals.PayloadTooLarge : null;

    // "identity" means no encoding (RFC 9110 §8.4.1).
    private static bool IsPlain(HttpRequest request) => request.Headers.ContentEncoding is []
        || (request.Headers.ContentEncoding is [{ } coding] && coding.Trim().Equals("identity", StringComparison.OrdinalIgnoreCase));

    private static bool IsJson(HttpRequest request) =>
        request.ContentType is null
        || (MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || (HeaderUtilities.RemoveQuotes(type.Charset) is var charset
                && (charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                    || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase)))));

    // The exception's own message may repeat the input, so only the place is reported.
    private static string Where(JsonException wrong) =>
        wrong.LineNumber is { } line && wrong.BytePositionInLine is { } position
            ? $"Invalid JSON, a member twice, or a value of the wrong type, near line {line + 1}, byte {position + 1}."
            : "A member stands there twice, is missing, or is of the wrong type.";
}
