using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Parle.Api.Aliases;
using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Asks;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;

namespace Parle.Api.Asks;

/// <summary>Asks in a room and the acts on them. Each act is one decision of the room's writer.</summary>
public static class AskEndpoints
{
    private const int MaxReason = 2000;

    /// <summary>Opens an ask.</summary>
    [Serves(typeof(AskActions), nameof(AskActions.OpenAsk))]
    public static async Task<IResult> Open(
        OpenAskRequest body, Caller caller, Write write, AliasLookup aliases, RoomLimits limits, CancellationToken cancellation)
    {
        if (AskKinds.Find(body.Kind) is not { Kind: var kind })
        {
            return new RefusalResult(Refusals.ValidationFailed.Because($"kind must be {AskKinds.Words}."));
        }

        body = body with { Request = OrEmpty(body.Request) };
        var handedOver = ContextBody.Read(body.Context, out var packet);
        if ((SubmitAddressing.Read(body.Addressing, out var audience, out var to) ?? Texts(body.Request) ?? handedOver) is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        var request = new AskRequest(kind, body.Title, body.Request, body.Subject?.Subject, body.DoneWhen ?? []);
        var known = await aliases.Find([.. to.Where(Addressee.IsLookedUp)], caller.RoomID, cancellation);
        var ask = new OpenAsk(
            Guid.CreateVersion7(), caller.Author, Salt(), request, audience, to, known, body.DueAt, body.Quorum,
            body.ValidSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null, packet)
        { Limits = limits.For(caller.TokenPath.Count) };

        // A new ask has no id that its caller could name: its key stands for the body alone.
        return await Record(write, caller, limits, new { Ask = (Guid?)null, Item = (Guid?)null, Body = (object?)body }, ask.Decide);
    }

    /// <summary>Claims the ask.</summary>
    [Serves(typeof(AskActions), nameof(AskActions.ClaimAsk))]
    public static Task<IResult> Claim(Guid ask, LeaseRequest body, Caller caller, Write write, RoomLimits limits) =>
        Act(ask, write, caller, limits, body, (fact, salt) => new ClaimAsk(ask, caller.Author, fact, salt, body.Lease));

    /// <summary>Renews the claim.</summary>
    [Serves(typeof(AskActions), nameof(AskActions.RenewClaim))]
    public static Task<IResult> Renew(Guid ask, LeaseRequest body, Caller caller, Write write, RoomLimits limits) =>
        Act(ask, write, caller, limits, body, (fact, salt) => new RenewClaim(ask, caller.Author, fact, salt, body.Lease));

    /// <summary>Releases the claim.</summary>
    [Serves(typeof(AskActions), nameof(AskActions.ReleaseClaim))]
    public static Task<IResult> Release(Guid ask, Caller caller, Write write, RoomLimits limits) =>
        Act(ask, write, caller, limits, null, (fact, salt) => new ReleaseClaim(ask, caller.Author, fact, salt));

    /// <summary>Answers the ask.</summary>
    [Serves(typeof(AskActions), nameof(AskActions.AnswerAsk))]
    public static Task<IResult> Answer(Guid ask, AnswerRequest body, Caller caller, Write write, RoomLimits limits)
    {
        var said = body with { Answer = OrEmpty(body.Answer) };
        return (ContextBody.Read(said.Context, out var packet) ?? Texts(said.Answer)) is { } refusal ? Refuse(refusal)
            : Act(ask, write, caller, limits, said, (fact, salt) => new AnswerAsk(ask, caller.Author, fact, salt, said.Answer, packet));
    }

    /// <summary>Declines the ask.</summary>
    [Serves(typeof(AskActions), nameof(AskActions.DeclineAsk))]
    public static Task<IResult> Decline(Guid ask, ReasonRequest body, Caller caller, Write write, RoomLimits limits) =>
        Reason(body.Reason) is { } refusal ? Refuse(refusal)
        : Act(ask, write, caller, limits, body, (fact, salt) => new DeclineAsk(ask, caller.Author, fact, salt, body.Reason));

    /// <summary>Withdraws the ask.</summary>
    [Serves(typeof(AskActions), nameof(AskActions.WithdrawAsk))]
    public static Task<IResult> Withdraw(Guid ask, ReasonRequest body, Caller caller, Write write, RoomLimits limits) =>
        Reason(body.Reason) is { } refusal ? Refuse(refusal)
        : Act(ask, write, caller, limits, body, (fact, salt) => new WithdrawAsk(ask, caller.Author, fact, salt, body.Reason));

    /// <summary>Accepts the answer.</summary>
    [Serves(typeof(AskActions), nameof(AskActions.AcceptAnswer))]
    public static Task<IResult> Accept(Guid ask, Caller caller, Write write, RoomLimits limits) =>
        Act(ask, write, caller, limits, null, (fact, salt) => new AcceptAnswer(ask, caller.Author, fact, salt));

    /// <summary>Contests the answer.</summary>
    [Serves(typeof(AskActions), nameof(AskActions.ContestAnswer))]
    public static Task<IResult> Contest(Guid ask, ContestRequest body, Caller caller, Write write, RoomLimits limits) =>
        Reason(body.Reason) is { } refusal ? Refuse(refusal)
        : Act(ask, write, caller, limits, body, (fact, salt) => new ContestAnswer(ask, caller.Author, fact, salt, body.Reason));

    /// <summary>Approves or denies.</summary>
    [Serves(typeof(AskActions), nameof(AskActions.DecideApproval))]
    public static Task<IResult> Decide(Guid ask, DecideRequest body, Caller caller, Write write, RoomLimits limits) =>
        body.Decision is not ("approve" or "deny") ? Refuse(Refusals.ValidationFailed.Because("decision must be approve or deny."))
        : Reason(body.Reason) is { } refusal ? Refuse(refusal)
        : Act(ask, write, caller, limits, body,
            (fact, salt) => new DecideApproval(ask, caller.Author, fact, salt, body.Decision == "approve", body.Sha256, body.Reason));

    /// <summary>Withdraws the decision.</summary>
    [Serves(typeof(AskActions), nameof(AskActions.WithdrawDecision))]
    public static Task<IResult> WithdrawDecision(Guid ask, ReasonRequest body, Caller caller, Write write, RoomLimits limits) =>
        Reason(body.Reason) is { } refusal ? Refuse(refusal)
        : Act(ask, write, caller, limits, body, (fact, salt) => new WithdrawDecision(ask, caller.Author, fact, salt, body.Reason));

    /// <summary>Consumes the approval.</summary>
    [Serves(typeof(AskActions), nameof(AskActions.ConsumeApproval))]
    public static Task<IResult> Consume(Guid ask, ConsumeRequest body, Caller caller, Write write, RoomLimits limits) =>
        Act(ask, write, caller, limits, body, (fact, salt) => new ConsumeApproval(ask, caller.Author, fact, salt, body.Sha256));

    /// <summary>Replaces the subject.</summary>
    [Serves(typeof(AskActions), nameof(AskActions.ReplaceSubject))]
    public static Task<IResult> ReplaceSubject(Guid ask, SubjectRequest body, Caller caller, Write write, RoomLimits limits) =>
        Act(ask, write, caller, limits, body,
            (fact, salt) => new ReplaceSubject(ask, caller.Author, fact, salt, body.Subject?.Subject ?? new(null, null, null)));

    /// <summary>Adds context.</summary>
    [Serves(typeof(AskActions), nameof(AskActions.AddContext))]
    public static Task<IResult> AddContext(Guid ask, ContextBody body, Caller caller, Write write, RoomLimits limits) =>
        ContextBody.Read(body, out var packet) is { } refusal ? Refuse(refusal)
        : Act(ask, write, caller, limits, body, (fact, salt) => new AddContext(ask, caller.Author, fact, salt, packet!));

    /// <summary>Withdraws a context item.</summary>
    [Serves(typeof(AskActions), nameof(AskActions.WithdrawContext))]
    public static Task<IResult> WithdrawContext(Guid ask, Guid item, Caller caller, Write write, RoomLimits limits) =>
        Act(ask, write, caller, limits, null, (fact, salt) => new WithdrawContext(ask, caller.Author, fact, salt, item), item);

    private static Task<IResult> Act(
        Guid askID, Write write, Caller caller, RoomLimits limits, object? body, Func<Guid, byte[], AskCommand> command,
        Guid? itemID = null) =>
        Record(write, caller, limits, new { Ask = (Guid?)askID, Item = itemID, Body = body },
            (command(Guid.CreateVersion7(), Salt()) with { Limits = limits.For(caller.TokenPath.Count).OfAsk }).Decide);

    private static async Task<IResult> Record(
        Write write, Caller caller, RoomLimits limits, object said, Func<Room?, DateTimeOffset, Decision> decide)
    {
        var meaning = write.SaysExactly(said);
        var written = await write.InRoom(
            caller.RoomID, meaning, decide, (room, fact) => AskReceipt.For(caller, limits.For(caller.TokenPath.Count).OfAsk, room, fact));
        return written.Created(AskReceipt.Again);
    }

    private static Task<IResult> Refuse(Refusal refusal) => Task.FromResult<IResult>(new RefusalResult(refusal));

    private static byte[] Salt() => RandomNumberGenerator.GetBytes(Content.SaltLength);

    private static Refusal? Reason(string? reason) => reason is not null && !Line.HasAtMost(reason, MaxReason)
        ? Refusals.ValidationFailed.Because($"reason has at most {MaxReason} characters.") : null;

    // An absent member means the same as an empty one; the shape check names what is missing.
    private static JsonElement OrEmpty(JsonElement value) => value.ValueKind is JsonValueKind.Undefined ? JsonElement.Parse("{}") : value;

    // A value without a canonical form cannot be committed to, and a row's content has the same limit as a message.
    private static Refusal? Texts(JsonElement value)
    {
        try
        {
            return Encoding.UTF8.GetByteCount(CanonicalJson.Of(value)) > RequestBody.MaxBytes
                ? Refusals.PayloadTooLarge.Because(
                    $"A request and an answer have at most {RequestBody.MaxBytes} bytes. Hand the rest over as context.")
                : null;
        }
        catch (FormatException notInteroperable)
        {
            return Refusals.ValidationFailed.Because(notInteroperable.Message);
        }
    }
}
