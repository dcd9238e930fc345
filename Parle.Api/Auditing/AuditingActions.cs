using Parle.Api.Registry;
using Parle.Domain;

namespace Parle.Api.Auditing;

/// <summary>The actions of a room's auditors, and of its owner about them.</summary>
public static class AuditingActions
{
    /// <summary>POST <c>/v/rooms/{room}/auditors</c>.</summary>
    public static readonly ParleAction AppointAuditor = new("appoint_auditor", "POST", "/v/rooms/{room}/auditors",
        "Let somebody read your room's record.",
        "Only the room's owner can. The token opens this one room's record and nothing else, with what participants said or without. Every "
        + "look at the record is itself written down first (`list_record_reads`).",
        [Ways.Person],
        [
            new(201, "The auditor, with its token.", typeof(AppointedAuditor), () => AppointedAuditor.Example),
            new(200, "It was appointed before, with this `Idempotency-Key`.", typeof(AppointedAuditor),
                () => AppointedAuditor.Example with { Replayed = true }),
        ])
    {
        Body = typeof(AppointAuditorRequest),
        ShowBody = () => AppointAuditorRequest.Example,
        TakesKey = true,
        Obstacle = here => Domain.Auditing.AppointAuditor.Obstacle(here.Room, here.Member),
        Refusals = [Refusals.NoSuchThing, Refusals.Forbidden, Refusals.ValidationFailed, Refusals.SecretGone],
    };

    /// <summary>GET <c>/v/rooms/{room}/auditors</c>.</summary>
    public static readonly ParleAction ListAuditors = new("list_auditors", "GET", "/v/rooms/{room}/auditors",
        "List your room's auditors.",
        "Newest first, ended ones among them; never their tokens.",
        [Ways.Person], [new(200, "A page of auditors.", typeof(AuditorList), () => AuditorList.Example)])
    {
        Input = PageCursor.FromNewest,
        Obstacle = here => Domain.Auditing.AppointAuditor.Obstacle(here.Room, here.Member),
        Refusals = [Refusals.NoSuchThing, Refusals.Forbidden],
    };

    /// <summary>POST <c>/v/rooms/{room}/auditors/{auditor}/revoke</c>.</summary>
    public static readonly ParleAction RevokeAuditor = new("revoke_auditor", "POST", "/v/rooms/{room}/auditors/{auditor}/revoke",
        "Let an auditor read no more.",
        "From its next request on. One that is revoked already is not found.",
        [Ways.Person], [new(204, "Revoked.")])
    {
        Offers = here => here.Part<RoomAuditors>().Living.Select(id => new ActionOffer(null, ("auditor", id.ToString()))),
        TakesKey = true,
        Obstacle = here => Domain.Auditing.AppointAuditor.Obstacle(here.Room, here.Member),
        Refusals = [Refusals.NoSuchThing, Refusals.Forbidden],
    };

    /// <summary>GET <c>/v/rooms/{room}/record-reads</c>.</summary>
    public static readonly ParleAction ListRecordReads = new("list_record_reads", "GET", "/v/rooms/{room}/record-reads",
        "Learn who read your room's record.",
        "Auditors, operators and you yourself, in the order of the looks: at the record, and at what participants were shown.",
        [Ways.Person], [new(200, "A page of looks.", typeof(RecordReadList), () => RecordReadList.Example)])
    {
        Input = PageCursor.FromFirst,
        Obstacle = here => Domain.Auditing.AppointAuditor.Obstacle(here.Room, here.Member),
        Refusals = [Refusals.NoSuchThing, Refusals.Forbidden],
    };

    /// <summary>GET <c>/v/rooms/{room}/record</c>.</summary>
    public static readonly ParleAction ReadRecord = new("read_record", "GET", "/v/rooms/{room}/record",
        "Read the room's record.",
        "For the room's auditors and its owner. Every fact in its order, hidden ones too: who acted, for whom, by what right, and where it "
        + "stands in whose view. Words are digests; with a token that shows contents they stand beside, with the salt: SHA-256 over salt "
        + "and body is the digest. What was erased says so. A page has at most 200 facts and about 1 MiB. With filters you get those facts "
        + "for which all of them hold. `Accept: application/x-ndjson` sends all pages as one stream, a fact on each line; the last line "
        + "has `end`, or `error` when it broke off, as it does when you may read no more. Your reading is recorded first.",
        [Ways.Auditor, Ways.Person], [new(200, "A page of the record.", typeof(RoomRecord), () => RoomRecord.Example)])
    {
        Input = RecordQuery.Input,
        Obstacle = here => Domain.Auditing.AppointAuditor.Obstacle(here.Room, here.Member),
        Refusals = [Refusals.NoSuchThing, Refusals.Forbidden],
    };

    /// <summary>GET <c>/v/record</c>.</summary>
    public static readonly ParleAction ReadWholeRecord = new("read_whole_record", "GET", "/v/record",
        "Read the whole record of the service, without contents.",
        "As `read_record`, over all streams: rooms, principals, agents, tokens, sessions. `position` counts all facts, in the order in "
        + "which they were numbered; `index` says up to which none is missing any more, and those beyond are not there yet. The owners of "
        + "the rooms whose facts you see see that you did.",
        [Ways.Operator], [new(200, "A page of the record.", typeof(WholeRecord), () => WholeRecord.Example)])
    {
        Input = RecordQuery.Input,
    };

    /// <summary>GET <c>/v/operator/rooms/{room}/record</c>.</summary>
    public static readonly ParleAction ReadRecordAsOperator = new("read_record_as_operator", "GET", "/v/operator/rooms/{room}/record",
        "Read a room's record, without contents.",
        "As `read_record`. The room's owner sees that you did.",
        [Ways.Operator], [new(200, "A page of the record.", typeof(RoomRecord), () => RoomRecord.Example)])
    {
        Input = RecordQuery.Input,
        Refusals = [Refusals.RoomNotFound],
    };

    /// <summary>The path parameters of these actions.</summary>
    public static IReadOnlyList<PathParameter> PathParameters { get; } =
    [
        new("auditor", $"The auditor's `auditor_id`, from `{ListAuditors.Id}`.", AppointedAuditor.Example.AuditorID.ToString(), "uuid"),
    ];

    /// <summary>All of these actions; those of operators have a list of their own.</summary>
    public static IReadOnlyList<ParleAction> All { get; } =
        [AppointAuditor, ListAuditors, RevokeAuditor, ListRecordReads, ReadRecord, ReadWholeRecord];
}
