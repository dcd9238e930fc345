using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Domain;
using Parle.Domain.Auditing;

namespace Parle.Api.Record;

/// <summary>Receipts and checkpoints: proofs that anybody can verify without the service.</summary>
public static class RecordActions
{
    /// <summary>GET <c>/v/rooms/{room}/receipts/{event}</c>.</summary>
    public static readonly ParleAction ReadReceipt = new("read_receipt", "GET", "/v/rooms/{room}/receipts/{event}",
        "Get the receipt of a fact in your view.",
        "Who acted, for whom, by what right and under which name, what was said as a digest, and where it stands in your view; with a "
        + "signed checkpoint of your view and the proof that the fact is in it. That place tells how much you have seen: to hand a receipt "
        + "on, send `audience=anyone`, which gives a signed statement of the fact alone. Anybody can check either without the service: get "
        + $"`{KeyEndpoints.Path}` and `{DiscoveryPaths.Verifier}` from the service over HTTPS, and run `node verify.mjs receipt.json "
        + "--keys parle-keys.json`. Exit code 0 means that a key of that list signed all of it. Keep the list, and compare it with the one "
        + "that somebody else has. By hand: a fact's text is its JSON by RFC 8785 (members sorted, no spaces); its leaf is SHA-256 of a "
        + "zero byte and that text; the proof leads from the leaf to the root in the signed note (RFC 6962); SHA-256 of the salt and the "
        + "body of a content is the `sha256` in the fact.",
        [Ways.Participant], [new(200, "The receipt.", typeof(SignedReceipt), () => SignedReceipt.Example)])
    {
        Input = ReceiptQuery.OfHolder,
        Offers = here => here.Part<RoomManagement>().NewestRow is { } row ? [new(null, ("event", row.ToString()))] : [],
        Refusals = [Refusals.NotFound, Refusals.ValidationFailed],
    };

    /// <summary>GET <c>/v/rooms/{room}/checkpoint</c>.</summary>
    public static readonly ParleAction ReadCheckpoint = new("read_checkpoint", "GET", "/v/rooms/{room}/checkpoint",
        "Get a signed checkpoint of your view.",
        "How many rows your view has and what is in them, signed. Keep it: whoever changes the record later, or shows somebody another "
        + "one, is found out. It says nothing of what you cannot see.",
        [Ways.Participant], [new(200, "The checkpoint.", typeof(SignedCheckpointView), () => SignedCheckpointView.Example)])
    {
        Input = CheckpointQuery.Input,
        Offers = here => here.Part<RoomManagement>().NewestRow is null ? [] : [new(null)],
        Refusals = [Refusals.NotFound],
    };

    /// <summary>GET <c>/v/rooms/{room}/record/receipts/{event}</c>.</summary>
    public static readonly ParleAction ReadRecordReceipt = new("read_record_receipt", "GET", "/v/rooms/{room}/record/receipts/{event}",
        "Get the receipt of any fact of the room.",
        "As `read_receipt`, for the room's whole record: hidden facts too, with the request that caused each and where it stands in all "
        + "views. For the room's owner and its auditors. Your look is recorded first.",
        [Ways.Auditor, Ways.Person], [new(
            200, "The receipt.", typeof(SignedReceipt), () => SignedReceipt.Example with { Log = SignedReceipt.RecordLog, Position = 12 })])
    {
        Input = ReceiptQuery.Input,
        Obstacle = here => AppointAuditor.Obstacle(here.Room, here.Member),
        Offers = here => here.Part<RoomManagement>().NewestRow is { } row ? [new(null, ("event", row.ToString()))] : [],
        Refusals = [Refusals.NotFound, Refusals.NoSuchThing],
    };

    /// <summary>GET <c>/v/rooms/{room}/record/checkpoint</c>.</summary>
    public static readonly ParleAction ReadRecordCheckpoint = new("read_record_checkpoint", "GET", "/v/rooms/{room}/record/checkpoint",
        "Get a signed checkpoint of the room's whole record.",
        "As `read_checkpoint`. For the room's owner and its auditors.",
        [Ways.Auditor, Ways.Person], [new(200, "The checkpoint.", typeof(SignedCheckpointView),
            () => SignedCheckpointView.Example with { Log = SignedReceipt.RecordLog, Size = 42 })])
    {
        Input = CheckpointQuery.Input,
        Obstacle = here => AppointAuditor.Obstacle(here.Room, here.Member),
        Refusals = [Refusals.NoSuchThing],
    };

    /// <summary>The path parameters of these actions.</summary>
    public static IReadOnlyList<PathParameter> PathParameters { get; } = [new(
        "event", "The fact's `event_id`.", Receipt.Example.EventID.ToString(), "uuid")];

    /// <summary>All of these actions.</summary>
    public static IReadOnlyList<ParleAction> All { get; } = [ReadReceipt, ReadCheckpoint, ReadRecordReceipt, ReadRecordCheckpoint];
}
