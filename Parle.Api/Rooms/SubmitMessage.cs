using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Parle.Api.Registry;
using Parle.Domain;
using Parle.Domain.Names;
using Parle.Domain.Rooms;

namespace Parle.Api.Rooms;

/// <summary>
/// The body of a submit. Members it does not know are ignored unless they look like addressing, except inside <c>payload</c>, where all are
/// kept.
/// </summary>
/// <param name="Type">Always <c>message_submitted</c>.</param>
/// <param name="Payload">What is said: an object with a string <c>body</c>.</param>
/// <param name="Addressing">Whom it is for; absent: whoever reads it.</param>
public sealed record SubmitMessage(
    [property: Description("Always message_submitted."), Shape("""{"type":"string","enum":["message_submitted"]}""")] string? Type,
    [property: Description("What is said: an object whose body is the text. Other members are kept as they are."),
        MessageShape] JsonElement Payload,
    [property: Description("Whom it is for. Absent: whoever reads it."), NeverNull,
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SubmitAddressing? Addressing)
{
    /// <summary>The only type a client submits.</summary>
    public const string MessageType = "message_submitted";

    /// <summary>A submit that is accepted.</summary>
    public static SubmitMessage Example { get; } = new(
        MessageType, JsonSerializer.SerializeToElement(new { body = "The build is red. Can somebody send me the test log?" }), null);
}

/// <summary>Marks what is said: an object with a text, and with whatever else its author adds.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MessageShapeAttribute : ShapeAttribute
{
    /// <summary>Marks a member.</summary>
    public MessageShapeAttribute()
        : base("""{"type":"object","required":["body"],"properties":{"body":{"type":"string","description":"The text."}}}""") =>
        Name = "MessagePayload";
}

/// <summary>Whom a message is for.</summary>
/// <param name="Audience"><c>broadcast</c> or <c>direct</c>.</param>
/// <param name="To">With <c>direct</c>: an address, or a list of addresses.</param>
public sealed record SubmitAddressing(
    [property: Description("broadcast: everybody in the room. direct: only those named in to, and you."),
        Shape("""{"type":"string","enum":["broadcast","direct"]}""")] string? Audience,
    [property: Description(
        "With direct: an address @principal.agent.session or @principal.agent, or a list of such. With broadcast: absent."),
        Shape("""{"oneOf":[{"type":"string"},{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":32}]}"""),
        Unordered, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] JsonElement To)
{
    /// <summary>Most addressees of one message.</summary>
    public const int MaxAddressees = 32;

    /// <summary>Reads <paramref name="addressing"/>; returns a refusal when it is malformed.</summary>
    public static Refusal? Read(SubmitAddressing? addressing, out AddressingKind kind, out IReadOnlyList<string> to)
    {
        (kind, to) = (AddressingKind.Unaddressed, []);
        switch (addressing)
        {
            case null:
                return null;
            case { Audience: "broadcast", To.ValueKind: JsonValueKind.Undefined or JsonValueKind.Null }:
                kind = AddressingKind.Broadcast;
                return null;
            case { Audience: "direct" } when Addresses(addressing.To) is { } addresses:
                (kind, to) = (AddressingKind.Direct, addresses);
                return null;
            default:
                return Refusals.MalformedRequest.Because(
                    $"addressing is {{\"audience\":\"broadcast\"}} or {{\"audience\":\"direct\",\"to\":\"@principal.agent.session\"}}, "
                    + $"with 1 to {MaxAddressees} addresses in a list.");
        }
    }

    private static IReadOnlyList<string>? Addresses(JsonElement to)
    {
        try
        {
            IReadOnlyList<string> addresses = to.ValueKind switch
            {
                JsonValueKind.String => [to.GetString()!],
                JsonValueKind.Array when to.GetArrayLength() is > 0 and <= MaxAddressees
                    && to.EnumerateArray().All(address => address.ValueKind is JsonValueKind.String) =>
                    [.. to.EnumerateArray().Select(address => address.GetString()!).Distinct(StringComparer.Ordinal)],
                _ => [],
            };
            // A text that is no address is malformed; an address that reaches nobody is not.
            return addresses.Count > 0 && addresses.All(address => Address.Parse(address) is { UsesReservedWord: false })
                ? addresses : null;
        }
        catch (InvalidOperationException)
        {
            return null; // A lone surrogate is JSON, but no text.
        }
    }
}
