using Parle.Api.Contract;
using Parle.Api.Registry;
using Parle.Domain;
using Parle.Domain.Asks;

namespace Parle.Api.Asks;

/// <summary>The actions of a participant on asks.</summary>
public static class AskActions
{
    private static readonly IReadOnlyList<SuccessAnswer> Recorded =
    [
        new(201, "Recorded.", typeof(AskReceipt), () => AskReceipt.Example),
        new(200, "It was recorded before, with this key; nothing new was written.", typeof(AskReceipt),
            () => AskReceipt.Example with { Replayed = true }),
    ];

    /// <summary>POST <c>/v/rooms/{room}/asks</c>.</summary>
    public static readonly ParleAction OpenAsk = new("open_ask", "POST", "/v/rooms/{room}/asks",
        $"Ask for {AskKinds.One(_ => true, "or")}.",
        "Without `addressing` everybody in the room is asked; with it, those named, and nobody else learns of it. "
        + $"{Capital(AskKinds.One(kind => kind.NeedsSubject, "and"))} are of exactly the `subject.sha256` that you name. An approval needs "
        + "`quorum` different principals, never your own, and can be "
        + "used once within `valid_seconds`; a quorum that those asked cannot reach is refused. Titles, names, kinds, references and "
        + "actions are one line each. What you hand over in `context` is read by those who are asked, item by item. The ask and everything "
        + "that happens to it appear as rows of the room, with the data in `payload.ask`.",
        [Ways.Participant], Recorded)
    {
        Offers = AskOffers.OfEachKind,
        Body = typeof(OpenAskRequest),
        ShowBody = () => OpenAskRequest.Example,
        MaxBodyBytes = RequestBody.MaxBytesWithContext,
        Idempotent = true,
        Refusals = [Refusals.AddressNotDeliverable, Refusals.ValidationFailed, Refusals.ResourceLimitExceeded],
        Obstacle = here => Domain.Asks.OpenAsk.Obstacle(here.Room, here.ParticipantID, here.OwnLimits, here.Now),
    };

    /// <summary>GET <c>/v/rooms/{room}/asks</c>.</summary>
    public static readonly ParleAction ListAsks = new("list_asks", "GET", "/v/rooms/{room}/asks",
        "List the asks that you may see.",
        "Your own and those that you were asked, oldest first. When `next` is a string, pass it back as `after`. `next` of an ask names "
        + "what you may do about it; `safety_facts` tell what to know before trusting the looks of what was asked.",
        [Ways.Participant], [new(200, "A page of asks.", typeof(AskList), () => AskList.Example)])
    {
        Input = AskFilter.Input,
    };

    /// <summary>GET <c>/v/rooms/{room}/asks/{ask}</c>.</summary>
    public static readonly AskAction ReadAsk = new("read_ask", "GET", "/v/rooms/{room}/asks/{ask}",
        "Read one ask: what is asked, how far it is, and all that happened to it.",
        "With `Accept: text/markdown` you get a page for people, where characters that deceive the eye are spelt out. `affordances` are "
        + "ready to send. `history` and `context` are pages: the newest facts, and the first things handed over. When `history_before` is "
        + "a number, pass it back for what happened before; when `context_after` is a string, pass it back for what was handed over next. "
        + "Words of a row beyond 8 KiB are left out of `history`, which says where they are. `approvals`, `denials` and `quorum_reachable` "
        + "tell how an approval stands. With `wait` and `since_seq` (the `watermark` that you have) it is "
        + "answered when something happens to the ask.",
        [new(200, "The ask.", typeof(AskDetails), () => AskDetails.Example)])
    {
        Input = AskPages.Input,
        Refusals = [Refusals.NotFound],
    };

    /// <summary>GET <c>/v/rooms/{room}/asks/{ask}/evidence</c>.</summary>
    public static readonly AskAction ReadEvidence = new("read_evidence", "GET", "/v/rooms/{room}/asks/{ask}/evidence",
        "Get one signed file about an ask, to hand on.",
        "All facts of the ask that you see, in order: who acted, for whom, by what right, under which name; the decisions with their "
        + "digests; and digests of all that was handed over, with the words and their salts where the words are not erased. It tells "
        + "nothing else of the room. Anybody can check it without the service, as a receipt (`read_receipt`): `verify FILE --keys KEYS`, "
        + $"or `{DiscoveryPaths.Verifier}` with Node.js. It proves what happened up to the time in its `statement`; get a new one to know "
        + "what happened since. When `next` is a number, pass it back as `after` for a file with the facts that follow. Words that do not "
        + "fit are `left_out`, which says where they are.",
        [new(200, "The file.", typeof(AskEvidence), () => AskEvidence.Example)])
    {
        Input = EvidenceQuery.Input,
        Refusals = [Refusals.NotFound],
    };

    /// <summary>POST <c>/v/rooms/{room}/asks/{ask}/claim</c>.</summary>
    public static readonly AskAction ClaimAsk = Acting(AskActs.Claim, "claim",
        "Take an ask over.",
        "Then answer it, or release it for others. The claim is a lease: it lapses unless you renew it.", () => LeaseRequest.Example);

    /// <summary>POST <c>/v/rooms/{room}/asks/{ask}/renew</c>.</summary>
    public static readonly AskAction RenewClaim = Acting(AskActs.Renew, "renew",
        "Keep your claim for longer.",
        "Counted from now.", () => LeaseRequest.Example);

    /// <summary>POST <c>/v/rooms/{room}/asks/{ask}/answer</c>.</summary>
    public static readonly AskAction AnswerAsk = Acting(AskActs.Answer, "answer",
        "Answer an ask that you claimed.",
        $"`answer` depends on the kind: {AnswersInWords}. The asker then accepts or contests it.", () => AnswerRequest.Example) with
    {
        OffersFor = AskOffers.Answer,
    };

    /// <summary>POST <c>/v/rooms/{room}/asks/{ask}/contest</c>.</summary>
    public static readonly AskAction ContestAnswer = Acting(AskActs.Contest, "contest",
        "Say why the answer does not do.",
        "Who answered has the ask again, with your `reason`.", () => ContestRequest.Example);

    /// <summary>POST <c>/v/rooms/{room}/asks/{ask}/accept</c>.</summary>
    public static readonly AskAction AcceptAnswer = Acting(AskActs.Accept, "accept",
        "Accept the answer, which closes the ask.",
        "No body.");

    /// <summary>POST <c>/v/rooms/{room}/asks/{ask}/release</c>.</summary>
    public static readonly AskAction ReleaseClaim = Acting(AskActs.Release, "release",
        "Give an ask back, so that others can take it.",
        "No body.");

    /// <summary>POST <c>/v/rooms/{room}/asks/{ask}/decline</c>.</summary>
    public static readonly AskAction DeclineAsk = Acting(AskActs.Decline, "decline",
        "Say that you will not answer.",
        "When all who were asked by name have declined, the ask is over.", () => ReasonRequest.Example);

    /// <summary>POST <c>/v/rooms/{room}/asks/{ask}/withdraw</c>.</summary>
    public static readonly AskAction WithdrawAsk = Acting(AskActs.Withdraw, "withdraw",
        "Take your ask back.",
        "Nobody can answer it any more.", () => ReasonRequest.Example);

    /// <summary>POST <c>/v/rooms/{room}/asks/{ask}/decide</c>.</summary>
    public static readonly AskAction DecideApproval = Acting(AskActs.Decide, "decide",
        "Approve or deny, for your principal.",
        "The decision is about the `sha256` that you send: look at that, and at nothing else. Until the approval is used, the newest "
        + "decision of a principal counts, in place of its earlier one; a denial denies as long as it stands. Nobody approves its own "
        + "request. Who has not decided has not denied.", () => DecideRequest.Example) with
    {
        OffersFor = AskOffers.Decide,
    };

    /// <summary>POST <c>/v/rooms/{room}/asks/{ask}/decision/withdraw</c>.</summary>
    public static readonly AskAction WithdrawDecision = Acting(AskActs.WithdrawDecision, "decision/withdraw",
        "Take back what your principal decided.",
        "As if it had not decided; possible until the approval is used. What was approved by too few then is not approved any more.",
        () => ReasonRequest.Example);

    /// <summary>POST <c>/v/rooms/{room}/asks/{ask}/consume</c>.</summary>
    public static readonly AskAction ConsumeApproval = Acting(AskActs.Consume, "consume",
        "Use your approval, once.",
        "Present the `sha256` of what you are about to do: of any number of tries exactly one succeeds, with 201. Do the thing only after "
        + "it did. A retry with the same key is answered 200 with `replayed: true`, `used_at` and a `statement`: it is the same use, not "
        + "another one.", () => ConsumeRequest.Example) with
    {
        OffersFor = (ask, _) => [new(new ConsumeRequest(ask.Sha256))],
    };

    /// <summary>POST <c>/v/rooms/{room}/asks/{ask}/subject</c>.</summary>
    public static readonly AskAction ReplaceSubject = Acting(AskActs.ReplaceSubject, "subject",
        "Ask about something else from now on.",
        "Claims, answers and decisions about the old subject are void. The same digest is refused (`unchanged`), and who denied a digest "
        + "denies it still when you come back to it; approvals have to be given anew.", () => SubjectRequest.Example);

    /// <summary>POST <c>/v/rooms/{room}/asks/{ask}/context</c>.</summary>
    public static readonly AskAction AddContext = Acting(AskActs.AddContext, "context",
        "Hand over more.",
        "Only those who see the ask can read it. Up to 32 items of 256 KiB, 1 MiB together.", () => ContextBody.Example) with
    {
        OffersFor = AskOffers.HandOver,
    };

    /// <summary>GET <c>/v/rooms/{room}/asks/{ask}/context/{item}</c>.</summary>
    public static readonly AskAction ReadContext = new("read_context", "GET", "/v/rooms/{room}/asks/{ask}/context/{item}",
        "Read one thing that was handed over.",
        "What was withdrawn or has expired is `gone`, for everybody at once.",
        [new(200, "The thing.", typeof(ContextThing), () => ContextThing.Example)])
    {
        Refusals = [Refusals.NotFound],
        OffersFor = AskOffers.EachItem,
    };

    /// <summary>POST <c>/v/rooms/{room}/asks/{ask}/context/{item}/withdraw</c>.</summary>
    public static readonly AskAction WithdrawContext = Acting(AskActs.WithdrawContext, "context/{item}/withdraw",
        "Take back what you handed over.",
        "No body. Nobody can read it any more; that it was there stays on the record.") with
    {
        OffersFor = AskOffers.EachOwnItem,
    };

    private static string AnswersInWords =>
        string.Join("; ", AskKinds.All.Where(kind => !kind.IsDecided).Select(kind => $"{kind.One} {kind.AnswerInWords}"));

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static AskAction Acting<T>(AskAct act, string path, string summary, string description, Func<T> show)
        where T : class => Acting(act, path, summary, description) with
        {
            Body = typeof(T),
            ShowBody = show,
            MaxBodyBytes = typeof(T) == typeof(AnswerRequest) || typeof(T) == typeof(ContextBody)
                ? RequestBody.MaxBytesWithContext : RequestBody.MaxBytes,
        };

    private static AskAction Acting(AskAct act, string path, string summary, string description) =>
        new(act.ID, "POST", $"/v/rooms/{{room}}/asks/{{ask}}/{path}", summary, description, Recorded)
        {
            Act = act,
            Idempotent = true,
            Refusals = [Refusals.NotFound, Refusals.ActNotPossible, Refusals.ValidationFailed,
                .. act.IsRepeatable || act == AskActs.Answer ? (Refusal[])[Refusals.ResourceLimitExceeded] : []],
        };

    /// <summary>All of these actions, in the order in which a newcomer needs them.</summary>
    public static IReadOnlyList<ParleAction> All { get; } =
    [
        OpenAsk, ListAsks, ReadAsk, ClaimAsk, RenewClaim, AnswerAsk, ContestAnswer, AcceptAnswer, ReleaseClaim, DeclineAsk, WithdrawAsk,
        DecideApproval, WithdrawDecision, ConsumeApproval, ReplaceSubject, AddContext, ReadContext, WithdrawContext, ReadEvidence,
    ];

    /// <summary>The path parameters of these actions.</summary>
    public static IReadOnlyList<PathParameter> PathParameters { get; } =
    [
        new("ask", $"The ask's `ask_id`, from `{ListAsks.Id}` or a row's `payload.ask`.", AskReceipt.Example.AskID.ToString(), "uuid"),
        new("item", $"A context item's `item_id`, from `{ReadAsk.Id}`.", ContextItemView.Example.ItemID.ToString(), "uuid"),
    ];
}
