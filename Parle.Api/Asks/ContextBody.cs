using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Parle.Api.Registry;
using Parle.Domain;
using Parle.Domain.Asks;
using Parle.Domain.Contents;

namespace Parle.Api.Asks;

/// <summary>What is handed over, and what was left out of it.</summary>
/// <param name="Items">What is handed over.</param>
/// <param name="LeftOut">What was not.</param>
public sealed record ContextBody(
    [property: Description("Up to 32 things of at most 262144 bytes each, 1048576 together.")] IReadOnlyList<ContextItemBody>? Items,
    [property: Description("What was left out, in words: up to 100 lines of at most 500 characters."), AnyText, Absent("[]"),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? LeftOut = null)
{
    /// <summary>One.</summary>
    public static ContextBody Example { get; } = new(
        [new("failed-tests.log", "text/plain", "FAILED Parser.reads_nothing")], ["412 lines that passed"]);

    /// <summary>Reads it, or says what is wrong with it.</summary>
    internal static Refusal? Read(ContextBody? body, out ContextPacket? packet)
    {
        packet = null;
        if (body is null)
        {
            return null;
        }

        var leftOut = body.LeftOut ?? [];
        if (body.Items is not { Count: > 0 and <= ContextPacket.MaxItems } given || given.Any(item => item is null)
            || leftOut.Count > ContextPacket.MaxLeftOut || leftOut.Any(line => line is null))
        {
            return Refusals.ValidationFailed.Because(
                $"context takes 1 to {ContextPacket.MaxItems} items, and up to {ContextPacket.MaxLeftOut} lines of left_out.");
        }

        if (leftOut.Where(line => !string.IsNullOrWhiteSpace(line))
            .Select(line => Line.Obstacle("each line of left_out", line, AskRequest.MaxLine)).FirstOrDefault(wrong => wrong is not null)
            is { } broken)
        {
            return broken;
        }

        var items = new List<NewContextItem>();
        foreach (var item in given)
        {
            if (item.Read(out var read) is { } refusal)
            {
                return refusal;
            }

            items.Add(read!);
        }

        packet = new(items, leftOut);
        return items.Sum(item => (long)item.Bytes) > ContextPacket.MaxBytes
            ? Refusals.PayloadTooLarge.Because($"All items of a packet together have at most {ContextPacket.MaxBytes} bytes.") : null;
    }
}

/// <summary>One thing to hand over: text, or JSON.</summary>
/// <param name="Name">What the reader knows it by.</param>
/// <param name="MediaType">What it is.</param>
/// <param name="Text">The thing, when it is text.</param>
/// <param name="Json">The thing, when it is JSON.</param>
/// <param name="Sha256">Its digest, to be checked.</param>
/// <param name="ExpiresAt">When it can no longer be read.</param>
public sealed record ContextItemBody(
    [property: Description("What the reader knows it by: one line of 1 to 200 characters."), AnyText] string? Name,
    [property: Description("What it is, as type/subtype (RFC 6838), e.g. text/plain. Absent: text/plain, or application/json."), AnyText,
        MayBeAbsent]
    string? MediaType,
    [property: Description("The thing itself, when it is text."), AnyText, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string? Text = null,
    [property: Description("The thing itself, when it is JSON."), Shape("{}"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    JsonElement? Json = null,
    [property: Description("SHA-256 of the text in UTF-8 (of JSON: in canonical form, RFC 8785), to be checked. Absent: not checked."),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        string? Sha256 = null,
    [property: Description("When it can no longer be read. Absent: never."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    DateTimeOffset? ExpiresAt = null) : IFilled
{
    private string UsualMediaType => Json is null ? "text/plain" : "application/json";

    object IFilled.Filled => MediaType == UsualMediaType ? this with { MediaType = null } : this;

    internal Refusal? Read(out NewContextItem? item)
    {
        item = null;
        if ((Line.Obstacle("name", Name, ContextPacket.MaxName)
            ?? (MediaType is null ? null : Domain.Contents.MediaType.Obstacle(MediaType))) is { } wrong)
        {
            return wrong;
        }

        if (Text is null == (Json is null))
        {
            return Refusals.ValidationFailed.Because($"A context item has either text or json.");
        }

        string text;
        try
        {
            text = Json is { } json ? CanonicalJson.Of(json) : Text!;
        }
        catch (FormatException notInteroperable)
        {
            return Refusals.ValidationFailed.Because(notInteroperable.Message);
        }

        if (Encoding.UTF8.GetByteCount(text) > ContextPacket.MaxItemBytes)
        {
            return Refusals.PayloadTooLarge.Because($"A context item has at most {ContextPacket.MaxItemBytes} bytes.");
        }

        item = new(Guid.CreateVersion7(), Name!, MediaType ?? UsualMediaType, text, Json is not null, ExpiresAt,
            RandomNumberGenerator.GetBytes(Content.SaltLength));
        return Sha256 is not null && Sha256 != item.Sha256
            ? Refusals.ValidationFailed.Because($"The sha256 of a context item is not that of what was sent, which is {item.Sha256}.")
            : null;
    }
}
