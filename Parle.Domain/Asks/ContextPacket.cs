using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parle.Domain.Contents;

namespace Parle.Domain.Asks;

/// <summary>A new context item.</summary>
/// <param name="ItemID">A fresh id.</param>
/// <param name="Name">Its name.</param>
/// <param name="MediaType">Its media type (RFC 6838), e.g. <c>text/plain</c>.</param>
/// <param name="Text">The text, or canonical JSON.</param>
/// <param name="IsJson">Whether it was sent as JSON.</param>
/// <param name="ExpiresAt">The end of its readability; null for none.</param>
/// <param name="Salt">Fresh random bytes.</param>
public sealed record NewContextItem(
    Guid ItemID, string Name, string MediaType, string Text, bool IsJson, DateTimeOffset? ExpiresAt, byte[] Salt)
{
    /// <summary>SHA-256 of the text in UTF-8, 64 lowercase hex digits.</summary>
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>Length of the text in UTF-8.</summary>
    public int Bytes { get; } = Encoding.UTF8.GetByteCount(Text);

    /// <summary>Its content.</summary>
    public Content Content { get; } = new(Salt,
        CanonicalJson.Of(JsonSerializer.SerializeToElement(new { name = Name, media_type = MediaType, text = Text, is_json = IsJson })));
}

/// <summary>The context of one act, with a list of what was left out.</summary>
/// <param name="Items">The items; at most <see cref="MaxItems"/>.</param>
/// <param name="LeftOut">The parts that were left out, in words.</param>
public sealed record ContextPacket(IReadOnlyList<NewContextItem> Items, IReadOnlyList<string> LeftOut)
{
    /// <summary>Most items of a packet.</summary>
    public const int MaxItems = 32;

    /// <summary>Most characters of an item's name.</summary>
    public const int MaxName = 200;

    /// <summary>Most lines of <see cref="LeftOut"/>.</summary>
    public const int MaxLeftOut = 100;

    /// <summary>Most bytes of one item.</summary>
    public const int MaxItemBytes = 256 * 1024;

    /// <summary>Most bytes of all items together.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>
    /// The obstacle to it at <paramref name="now"/>; null for none. Not asked for a retry, since its expiry may have passed by then.
    /// </summary>
    public Refusal? Obstacle(DateTimeOffset now) =>
        Items.Any(item => item.ExpiresAt <= now) ? Refusals.ValidationFailed.Because("expires_at must lie in the future.") : null;

    /// <summary>The contents, by item.</summary>
    public IReadOnlyList<(Guid ID, Content Content)> Contents => [.. Items.Select(item => (item.ItemID, item.Content))];

    /// <summary>The items, as the fact stores them.</summary>
    public IReadOnlyList<ContextItem> Facts(Guid seatID) =>
        [.. Items.Select(item => new ContextItem(item.ItemID, seatID, item.Content.Commitment, item.ExpiresAt))];

    /// <summary>
    /// The items, as the row shows them. Without names and digests: these would outlive a withdrawn item, and a digest reveals a short
    /// text.
    /// </summary>
    public JsonObject Manifest() => new()
    {
        ["items"] = new JsonArray(
            [.. Items.Select(item => (JsonNode)new JsonObject { ["item_id"] = item.ItemID.ToString(), ["bytes"] = item.Bytes })]),
        ["left_out"] = new JsonArray([.. LeftOut.Select(text => (JsonNode)text)]),
    };

    /// <summary>The same in words.</summary>
    public string Describe() => string.Join("\n",
        Items.Select(item => $"Context {item.ItemID}: {item.Bytes} bytes.").Concat(LeftOut.Select(text => $"Left out: {text}")));
}
