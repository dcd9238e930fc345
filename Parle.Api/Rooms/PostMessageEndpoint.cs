using System.Security.Cryptography;
using System.Text.Json;
using Parle.Api.Aliases;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;

namespace Parle.Api.Rooms;

/// <summary>Posts a message to some or all of the room.</summary>
public static class PostMessageEndpoint
{
    /// <summary>Reads the message, has it decided by the room's writer, and returns the receipt.</summary>
    [Serves(typeof(TalkActions), nameof(TalkActions.PostMessage))]
    public static async Task<IResult> Post(
        SubmitMessage body, Caller caller, Write write, AliasLookup aliases, RoomLimits limits, CancellationToken cancellation)
    {
        if (Read(body, out var payload, out var kind, out var to) is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        var content = new Content(RandomNumberGenerator.GetBytes(Content.SaltLength), payload);
        var known = await aliases.Find([.. to.Where(Addressee.IsLookedUp)], caller.RoomID, cancellation);
        var message = new PostMessage(Guid.CreateVersion7(), caller.Author, content, kind, to, known) { Limits = limits };
        var meaning = write.SaysText(Says(to.Order(StringComparer.Ordinal)), former: to.Count > 1 ? Says(to) : null);
        return (await write.InRoom(caller.RoomID, meaning, message.Decide, (room, fact) => Receipt.For(caller, room, fact)))
            .Created(Receipt.Again);

        // The payload is canonical already.
        string Says(IEnumerable<string> to) =>
            JsonSerializer.Serialize(new { body.Type, Payload = payload, Kind = kind, To = to }, WireJson.Options);
    }

    private static Refusal? Read(SubmitMessage body, out string payload, out AddressingKind kind, out IReadOnlyList<string> to)
    {
        (payload, kind, to) = ("", AddressingKind.Unaddressed, []);
        return body.Type != SubmitMessage.MessageType
            ? Refusals.ValidationFailed.Because("type must be message_submitted.")
            : MessagePayload.Read(body.Payload, out payload) ?? SubmitAddressing.Read(body.Addressing, out kind, out to);
    }
}
