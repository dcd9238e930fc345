using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Domain;

namespace Parle.Api.Sessions;

/// <summary>The actions of an agent on its sessions: to start one, to enter a room with it, to end it.</summary>
public static class SessionActions
{
    /// <summary>GET <c>/v/agent/self</c>.</summary>
    public static readonly ParleAction ReadSelf = new("read_self", "GET", "/v/agent/self",
        "Learn who you are and where you can go.",
        "Needs only the token. Names the agent, the principal it acts for, the rooms the token opens and the next call to make.",
        [Ways.Token.EvenNarrow], [new(200, "Who you are.", typeof(Self), () => Self.Example)]);

    /// <summary>POST <c>/v/agent/sessions</c>.</summary>
    public static readonly ParleAction StartSession = new("start_session", "POST", "/v/agent/sessions",
        "Start a session: a live run of your agent.",
        "The answer holds `session_credential`, shown this once: send it as `Parle-Agent-Session` from now on. A session lives 12 hours, "
        + "and never longer than the token that started it: it ends when that token, or one above it, expires or is taken back. Nothing "
        + "extends it. (A client that replaces its session shortly before `expires_at` would do so without end with a token that lives for "
        + "a few minutes only.) Not idempotent: every call starts another session. A token and those below it have at most "
        + $"{LiveSessions.DefaultCap} live sessions, of which each token below may have half, and each one below that half of it. One more "
        + "ends, of those that your token or one below it started, the one that was silent longest; one that holds a stream or a wait is "
        + "not silent. Where none of these can end you are told `rate_limited` with `cap`: end one yourself.",
        [Ways.Token.EvenNarrow], [new(201, "The session, with its credential.", typeof(StartedSession), () => StartedSession.Example)])
    {
        Obstacle = here => here.Part<SessionQuota>().Obstacle,
        Body = typeof(StartSessionRequest),
        ShowBody = () => new StartSessionRequest(null),
        Narrowing = ["alias", "scopes", "actions", "asks", "room_id", "rooms", "uses", "ttl_seconds", "expires_at", "expires_in"],
        Refusals = [Refusals.ValidationFailed],
    };

    /// <summary>POST <c>/v/rooms/{room}/participants</c>.</summary>
    public static readonly ParleAction EnterRoom = new("enter_room", "POST", "/v/rooms/{room}/participants",
        "Enter the room with your session.",
        "No body. Entering again changes nothing and answers the same participant.",
        [Ways.Seat.EvenNarrow], [new(201, "Your presence in the room.", typeof(EnteredRoom), () => EnteredRoom.Example)])
    { IgnoresBody = true };

    /// <summary>POST <c>/v/agent/sessions/{session}/heartbeat</c>.</summary>
    public static readonly ParleAction Heartbeat = new("heartbeat", "POST", "/v/agent/sessions/{session}/heartbeat",
        "Say that your session is alive.",
        "No body. Touches `last_seen_at` only; it does not extend the session's life. Any other request counts as a sign of life too.",
        [Ways.Session.EvenNarrow], [new(204, "Noted.")])
    {
        IgnoresBody = true,
        Refusals = [Refusals.AgentSessionMismatch],
    };

    /// <summary>GET <c>/v/agent/sessions</c>.</summary>
    public static readonly ParleAction ListSessions = new("list_sessions", "GET", "/v/agent/sessions",
        "List the live sessions of your agent.",
        "Oldest first, never with credentials. When `next` is a string, pass it back as `after` for the following page.",
        [Ways.Token], [new(200, "A page of live sessions.", typeof(SessionList), () => SessionList.Example)])
    {
        ToleratesQuery = true,
        Input = PageCursor.FromFirst,
    };

    /// <summary>POST <c>/v/agent/sessions/{session}/end</c>.</summary>
    public static readonly ParleAction EndSession = new("end_session", "POST", "/v/agent/sessions/{session}/end",
        "End your session.",
        "No body. The token is the one that started the session, or one above that, or one that a person minted and that is narrowed in "
        + "nothing. A person can end any session of its own agents. Takes the session out of its rooms and makes its address "
        + "undeliverable. Later calls with its credential answer `agent_session_ended`.",
        [Ways.Session.EvenNarrow, Ways.Person], [new(204, "Ended.")])
    {
        IgnoresBody = true,
        Refusals = [Refusals.AgentSessionMismatch, Refusals.NoSuchThing],
        CallerObstacle = ReachesItsSession,
    };

    internal static Refusal? ReachesItsSession(Caller caller) => caller.SessionReach.Obstacle(caller.Session!.Tokens);

    /// <summary>All of these actions, in the order in which a newcomer needs them.</summary>
    public static IReadOnlyList<ParleAction> All { get; } =
    [
        ReadSelf, StartSession, EnterRoom, Heartbeat, ListSessions, EndSession,
    ];

    /// <summary>The path parameters of these actions.</summary>
    public static IReadOnlyList<PathParameter> PathParameters { get; } =
    [
        new("session", $"Your own session's `agent_session_id`, as `{StartSession.Id}` answered it.",
            StartedSession.Example.AgentSessionID.ToString(), "uuid"),
    ];
}
