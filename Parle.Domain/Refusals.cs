using static Parle.Domain.Recovery;
using Scope = Parle.Domain.RefusalScope;

namespace Parle.Domain;

/// <summary>Every code a client can meet, in the contract's own columns. A code, once served, keeps its meaning.</summary>
public static class Refusals
{
#pragma warning disable CS1591 // Each line's message is its documentation.
    public static readonly Refusal MalformedRequest = new(
        "malformed_request", 400, FixClient, Scope.Request, "The request is malformed. See its schema in /openapi.json.");
    public static readonly Refusal UnsupportedParleVersion = new(
        "unsupported_parle_version", 400, FixClient, Scope.Request, "Send the Parle-Version header with a supported date.");
    public static readonly Refusal InvalidAgentToken = new(
        "invalid_agent_token", 401, Reauthorize, Scope.AgentToken, "Send a valid agent token as Authorization: Bearer.");
    public static readonly Refusal InvalidAgentSession = new("invalid_agent_session", 401, Rebootstrap, Scope.AgentSession,
        "Send a live session credential as Parle-Agent-Session, or start a session.");
    public static readonly Refusal AgentSessionExpired = new(
        "agent_session_expired", 401, Rebootstrap, Scope.AgentSession, "This session has expired. Start a new one.");
    public static readonly Refusal AgentSessionEnded = new(
        "agent_session_ended", 401, Rebootstrap, Scope.AgentSession, "This session was ended. Start a new one.");
    public static readonly Refusal AgentSessionSuperseded = new("agent_session_superseded", 401, Rebootstrap, Scope.AgentSession,
        "Another session of your agent took over this one's alias. Start a new one.");
    public static readonly Refusal Unauthenticated = new(
        "unauthenticated", 401, Stop, Scope.Request, "Send a person's session as the cookie __Host-parle_session. Get one by e-mail code.");
    public static readonly Refusal InvalidAuditorToken = new(
        "invalid_auditor_token", 401, Stop, Scope.Request, "Send a valid auditor token as Authorization: Bearer.");
    public static readonly Refusal InvalidOperatorToken = new(
        "invalid_operator_token", 401, Stop, Scope.Request, "Send a valid operator token as Authorization: Bearer.");
    public static readonly Refusal InvalidJoinKey = new(
        "invalid_join_key", 401, Stop, Scope.Request, "This join key is not valid. Ask its sender for another one.");
    public static readonly Refusal AgentSessionMismatch = new(
        "agent_session_mismatch", 404, Stop, Scope.AgentSession,
        "The path names another session than the credential. Use the agent_session_id of your own.");
    public static readonly Refusal Forbidden = new(
        "forbidden", 403, Stop, Scope.RoomAccess, "This token does not allow that. See reason and unlock.");
    public static readonly Refusal ParticipantRevoked = new(
        "participant_revoked", 403, Stop, Scope.RoomAccess, "This session was removed from the room, and cannot enter it again.");
    public static readonly Refusal CsrfRejected = new("csrf_rejected", 403, FixClient, Scope.Request,
        "This request came from a page of another site. Send it from this site, or without a browser.");
    public static readonly Refusal RoomNotFound = new(
        "room_not_found", 404, Stop, Scope.RoomAccess, "You have no such room. Check the id, or ask the room's owner for a seat.");
    public static readonly Refusal NotFound = new(
        "not_found", 404, Stop, Scope.Request, "There is nothing at this address for you. Check the path and the ids in it.");
    public static readonly Refusal NoSuchThing =
        NotFound with { Scope = Scope.Account, Message = "You have no such thing. List yours first, and use an id from that list." };
    public static readonly Refusal MethodNotAllowed = new(
        "method_not_allowed", 405, FixClient, Scope.Request, "This address does not take that method. See /openapi.json.");
    public static readonly Refusal RequestTimeout = new("request_timeout", 408, Retry, Scope.Request,
        "The body did not arrive in time, and nothing was done. Send all of it at once; repeat a write with its Idempotency-Key.");
    public static readonly Refusal HandleUnavailable = new(
        "handle_unavailable", 409, Stop, Scope.Request, "This handle is taken. Choose another one.");
    public static readonly Refusal LinkConflict = new(
        "link_conflict", 409, Stop, Scope.Request,
        "This identity belongs to another account already. Sign in with it, or use another identity.");
    public static readonly Refusal AlreadyMember = new(
        "already_member", 409, Stop, Scope.RoomAccess, "This principal or agent has a seat in the room already.");
    public static readonly Refusal CursorGap = new("cursor_gap", 409, Retry, Scope.Request, "The service's database was restored, and rows "
        + "that you have may be lost. Read again from earliest_available_seq: nothing changed up to there.");
    public static readonly Refusal DeliveryAckRejected = new("delivery_ack_rejected", 409, Stop, Scope.Request,
        "This names no row that waits for your acknowledgement. Drain again and acknowledge what you get.");
    public static readonly Refusal AgentSessionAliasConflict = new(
        "agent_session_alias_conflict", 409, Stop, Scope.Request, "The alias could not be claimed.");
    public static readonly Refusal SessionAliasReserved = new(
        "session_alias_reserved", 409, Stop, Scope.Request, "This alias is a reserved word. Choose another one.");
    public static readonly Refusal ActNotPossible = new("act_not_possible", 409, Stop, Scope.Request,
        "This is not possible with this ask now. See reason and unlock; next lists the actions that are.");
    public static readonly Refusal IdempotencyConflict = new("idempotency_conflict", 409, Stop, Scope.Request,
        "This Idempotency-Key was used for another request. Use a new key for a new request.");
    public static readonly Refusal InviteCapabilityRetired = new("invite_capability_retired", 410, Stop, Scope.Request,
        "Invitations with a secret and a code are no longer made. Ask for a join key, and send it to POST /v/join.");
    public static readonly Refusal SecretGone = new("secret_gone", 410, Stop, Scope.Request, "This secret was made before under "
        + "this Idempotency-Key, and is no longer valid, so it is not shown again. Use a new key to make another one.");
    public static readonly Refusal PayloadTooLarge = new(
        "payload_too_large", 413, FixClient, Scope.Request, "The body is larger than this action takes. Send less, or several times.");
    public static readonly Refusal UnsupportedMediaType = new("unsupported_media_type", 415, FixClient, Scope.Request,
        "Send the body as Content-Type: application/json, uncompressed, in UTF-8.");
    public static readonly Refusal AddressNotDeliverable = new(
        "address_not_deliverable", 422, Stop, Scope.Request,
        "This address reaches nobody in this room. Use the author.address of a row, or a current alias.");
    public static readonly Refusal ValidationFailed = new(
        "validation_failed", 422, FixClient, Scope.Request, "The request is well formed, but a value is not allowed.");
    public static readonly Refusal TokenQuotaExceeded = new("token_quota_exceeded", 403, Stop, Scope.AgentToken,
        "This principal has as many tokens as it may have. Revoke some first.");
    public static readonly Refusal RateLimited = new(
        "rate_limited", 429, Backoff, Scope.RateLimit, "Too many requests at once. Wait for retry_after_ms, then send it again.");
    public static readonly Refusal ResourceLimitExceeded = new("resource_limit_exceeded", 429, Stop, Scope.Room,
        "A bound is reached: see cap, used and limit. See recovery for a way to make room.");
    public static readonly Refusal ServerError = new("server_error", 500, RetryWithBackoff, Scope.Server,
        "The service failed. Retry with the same Idempotency-Key: nothing is done twice.");
    public static readonly Refusal NotRecorded = new("not_recorded", 500, Stop, Scope.Request,
        "The database refused to record this, and would refuse it again. Nothing was done. Tell the operator of the service.");
    public static readonly Refusal ServiceUnavailable = new("service_unavailable", 503, RetryWithBackoff, Scope.Server,
        "The service is busy or restarting. Retry with the same Idempotency-Key.")
    { RetryAfterMs = 500 };
#pragma warning restore CS1591

    /// <summary>A token without the scope an action needs.</summary>
    public static Refusal MissingScope(string scope) =>
        Forbidden with { Reason = "missing_scope", Unlock = $"Ask the room's owner for a token with the scope {scope}." };

    /// <summary>The token was minted for other actions.</summary>
    public static Refusal NotInToken { get; } = Forbidden with
    {
        Reason = "not_in_token",
        Unlock = "This token was minted for other actions only. Ask its minter for a wider one."
    };

    /// <summary>The token's uses are all made.</summary>
    public static Refusal TokenUsedUp { get; } = Forbidden with
    {
        Reason = "token_used_up",
        Unlock = "All uses of this token are made. Ask its minter for another one."
    };

    /// <summary>Two agents have only answered each other for too long.</summary>
    public static Refusal LoopGuard { get; } = RateLimited with
    {
        Reason = "loop_guard",
        Unlock = "You and another agent have only answered each other for many turns. Wait for retry_after_ms, open an ask, or have a "
            + "person act in the room. Nothing is lost: then send this again with the same key.",
    };

    /// <summary>A seat without the right an action needs.</summary>
    public static Refusal MissingRight(string right) =>
        Forbidden with { Reason = "missing_right", Unlock = $"Ask the room's owner to grant your seat the right {right}." };

    /// <summary>A guest came by a join key without credentials of its own, and wants to do its host's part.</summary>
    public static Refusal Guest { get; } = Forbidden with
    {
        Reason = "guest",
        Unlock = "A guest takes part for its host, and neither manages nor decides anything as its host. Ask your host to do it in "
            + "person, or by an agent of its own."
    };

    /// <summary>
    /// The code does not prove the address. One answer for all reasons: wrong, used, too old, tried too often, never sent.
    /// </summary>
    public static Refusal InvalidCode { get; } = Unauthenticated with
    {
        Message = "This code is not valid for this address.",
        Reason = "invalid_code",
        Unlock = "Ask for a new code. A code works once, within ten minutes and a few tries.",
    };

    /// <summary>The proved identity belongs to nobody yet.</summary>
    public static Refusal NotOnboarded(string unlock) =>
        Unauthenticated with { Message = "No account has this identity yet.", Reason = "not_onboarded", Unlock = unlock };

    /// <summary>The proved identity belongs to a principal already, and its owner wants to register again.</summary>
    public static Refusal AlreadyOnboarded(string unlock) => LinkConflict with { Reason = "already_onboarded", Unlock = unlock };

    /// <summary>The service has no way to send mail.</summary>
    public static Refusal MailNotConfigured { get; } = ServiceUnavailable with
    {
        Message = "This service cannot send mail.",
        Reason = "mail_not_configured",
        Unlock = "Ask the operator to configure Parle:Smtp.",
        RetryAfterMs = null,
    };

    /// <summary>All of the above, by status.</summary>
    public static IReadOnlyList<Refusal> All { get; } =
    [
        MalformedRequest, UnsupportedParleVersion, InvalidAgentToken, InvalidAgentSession, AgentSessionExpired, AgentSessionEnded,
        AgentSessionSuperseded, Unauthenticated, InvalidAuditorToken, InvalidOperatorToken, InvalidJoinKey, Forbidden, ParticipantRevoked,
        CsrfRejected, TokenQuotaExceeded, AgentSessionMismatch, RoomNotFound, NotFound, MethodNotAllowed, RequestTimeout, HandleUnavailable,
        LinkConflict, AlreadyMember, CursorGap, DeliveryAckRejected, AgentSessionAliasConflict, SessionAliasReserved, ActNotPossible,
        IdempotencyConflict, InviteCapabilityRetired, SecretGone, PayloadTooLarge, UnsupportedMediaType, AddressNotDeliverable,
        ValidationFailed, RateLimited, ResourceLimitExceeded, ServerError, NotRecorded, ServiceUnavailable,
    ];
}
