using System.Security.Cryptography;
using System.Text.Json;
using Parle.Api.Aliases;
using Parle.Api.Contract;
using Parle.Api.Lanes;
using Parle.Api.Tokens;
using Parle.Domain;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;

namespace Parle.Api.Rooms;

/// <summary>Says something to some or all of the room.</summary>
public static class PostMessageEndpoint
{
    /// <summary>Reads what is said, has it decided in the room's lane, and answers with the receipt.</summary>
    [Serves(nameof(Actions.PostMessage))]
    public static async Task<IResult> Post(SubmitMessage body, Caller caller, IdempotencyKey key, RoomLanes lanes, AliasLookup aliases, ServerKey server, RoomLimits limits, HttpContext context)
    {
        if (Read(body, out var payload, out var kind, out var to) is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        var content = new Content(RandomNumberGenerator.GetBytes(Content.SaltLength), payload);
        var known = await aliases.Find([.. to.Where(Addressee.IsAlias)], caller.RoomID, context.RequestAborted);
        var message = new PostMessage(Guid.CreateVersion7(), caller.Author, content, kind, to, known) { Limits = limits };
        var outcome = await lanes.Decide(new(caller.RoomID, caller.Attribution(context.TraceIdentifier), message.Decide)
        {
            Idempotency = new(
                new(caller.RoomID, caller.AgentID, Actions.PostMessage.Id, key.Text),
                Meaning.OfText(server, Says(to.Order(StringComparer.Ordinal)), Says(to)),
                (room, fact) => JsonSerializer.Serialize(Receipt.For(caller, room, fact), WireJson.Options)),
            Consumes = TokenUses.Of(caller),
        });
        return Receipt.Answer(outcome);

        string Says(IEnumerable<string> to) => JsonSerializer.Serialize(new { body.Type, Payload = payload, Kind = kind, To = to }, WireJson.Options); // The payload is canonical already.
    }

    private static Refusal? Read(SubmitMessage body, out string payload, out AddressingKind kind, out IReadOnlyList<string> to)
    {
        (payload, kind, to) = ("", AddressingKind.Unaddressed, []);
        return body.Type != SubmitMessage.MessageType
            ? Refusals.ValidationFailed.Because("type must be message_submitted.")
            : MessagePayload.Read(body.Payload, out payload) ?? SubmitAddressing.Read(body.Addressing, out kind, out to);
    }
}
