using Parle.Api.Callers;
using Parle.Api.Wire;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Api.Registry;

/// <summary>The credentials that an action needs, from none to a presence in the room.</summary>
public enum Access
{
    /// <summary>Nothing.</summary>
    Anyone,

    /// <summary>An agent token.</summary>
    Bearer,

    /// <summary>An agent token and a live session of the same agent.</summary>
    Session,

    /// <summary>As <see cref="Session"/>, with a token and a seat for the room of the path.</summary>
    Seat,

    /// <summary>As <see cref="Seat"/>, and the session has entered the room.</summary>
    Participant,

    /// <summary>A person's session; where the action says so, also an agent whose token has a scope for it.</summary>
    Person,

    /// <summary>An auditor's token, for the room of the path.</summary>
    Auditor,

    /// <summary>An operator's token.</summary>
    Operator,
}

/// <summary>One action: the one place where its route, its rights and its documentation are declared (law 6).</summary>
/// <param name="Id">The registry's name: OpenAPI's <c>operationId</c> and the affordance's <c>action</c>.</param>
/// <param name="Method">HTTP method, in capitals.</param>
/// <param name="Path">Path template as in OpenAPI.</param>
/// <param name="Summary">One line.</param>
/// <param name="Description">Its documentation for a newcomer, in Markdown.</param>
/// <param name="Access">The credentials it needs.</param>
/// <param name="Answers">Its successful answers, by status.</param>
public sealed record ParleAction(
    string Id, string Method, string Path, string Summary, string Description, Access Access, IReadOnlyList<SuccessAnswer> Answers)
{
    /// <summary>The type of the JSON body; null when the action takes none.</summary>
    public Type? Body { get; init; }

    /// <summary>Most bytes of a body, unless the action says otherwise.</summary>
    public const int UsualBodyBytes = 64 * 1024;

    /// <summary>Most bytes of the body.</summary>
    public int MaxBodyBytes { get; init; } = UsualBodyBytes;

    /// <summary>A body that is accepted unchanged.</summary>
    public object? BodyExample => ShowBody?.Invoke();

    /// <summary>Makes <see cref="BodyExample"/>. Only documentation needs one.</summary>
    public Func<object>? ShowBody { private get; init; }

    /// <summary>The query; null when the action takes none.</summary>
    public QueryInput? Input { get; init; }

    /// <summary>Query parameters, all optional.</summary>
    public IReadOnlyList<QueryParameter> Query => Input?.Parameters ?? [];

    /// <summary>
    /// Whether unknown parameters are ignored, because published clients read here and may add one against caches. A parameter that looks
    /// like a narrowing one is refused all the same.
    /// </summary>
    public bool ToleratesQuery { get; init; }

    /// <summary>Whether a session has at most one open at a time: a newer one closes the older.</summary>
    public bool OneForASession { get; init; }

    /// <summary>Whether an <c>Idempotency-Key</c> must be sent.</summary>
    public bool Idempotent { get; init; }

    /// <summary>Whether an <c>Idempotency-Key</c> is honoured without being required.</summary>
    public bool TakesKey { get; init; }

    /// <summary>
    /// With <see cref="Access.Person"/>: the scope with which an agent may do it too, from its session and only in the token's room; null
    /// for people alone.
    /// </summary>
    public string? AgentScope { get; init; }

    /// <summary>With an access of agents: whether a person's session opens it too.</summary>
    public bool AlsoPerson { get; init; }

    /// <summary>
    /// With <see cref="Access.Anyone"/>: whether a credential identifies the caller if one is sent: an agent's token or a person's session.
    /// </summary>
    public bool KnowsCaller { get; init; }

    /// <summary>
    /// Null, the default: the body takes no unknown member, at any depth. Otherwise, for actions of published clients that may send more:
    /// the words that narrow the action. An unknown member that resembles one of these or a known member is still refused, because ignoring
    /// it could do more than was meant.
    /// </summary>
    public IReadOnlyList<string>? Narrowing { get; init; }

    /// <summary>
    /// For actions without a body: whether a body is ignored, because published clients send one here. Elsewhere a body that is not empty
    /// is refused: it was meant to change something.
    /// </summary>
    public bool IgnoresBody { get; init; }

    /// <summary>The JSON options of the body.</summary>
    public System.Text.Json.JsonSerializerOptions BodyJson { get; init; } = WireJson.Options;

    /// <summary>The refusal of a member by the state of the room. The attempt is decided by the same function.</summary>
    public Func<Room?, Member, Refusal?>? MemberObstacle { get; init; }

    /// <summary>The ways in which a member can do it; null if there is only one.</summary>
    public Func<Managing, IEnumerable<Choice>>? Choices { get; init; }

    /// <summary>
    /// Whether every agent token may do it, however narrow: it makes an agent present, and neither shows nor changes anything of others.
    /// </summary>
    public bool IsAlwaysAllowed { get; init; }

    /// <summary>The refusals of this action alone, beside those of its access, body, query and key.</summary>
    public IReadOnlyList<Refusal> Refusals { get; init; } = [];

    /// <summary>The refusal of a caller, beside its credentials.</summary>
    public Func<Caller, Refusal?>? CallerObstacle { get; init; }

    /// <summary>The refusal of a participant by the state of the room, now. The attempt is decided by the same function.</summary>
    public Func<Room, Guid, RoomLimits, DateTimeOffset, Refusal?>? RoomObstacle { get; init; }

    /// <summary>Whether it records a fact in the room, and so takes one use of a token with a bound on uses.</summary>
    public bool IsUse => (Idempotent && Access is Access.Participant) || (AgentScope is not null && InRoom && !IsSafe);

    /// <summary>Whether the action is about one room.</summary>
    public bool InRoom => Path.StartsWith("/v/rooms/{room}", StringComparison.Ordinal);

    /// <summary>Whether the caller must name the version: discovery and health need none.</summary>
    public bool IsVersioned => Path.StartsWith("/v/", StringComparison.Ordinal);

    /// <summary>The names of the path's parameters.</summary>
    public IEnumerable<string> PathNames => Path.Split('/').Where(part => part.StartsWith('{')).Select(part => part[1..^1]);

    /// <summary>Whether the path names an ask.</summary>
    public bool NamesAsk => Path.Contains("{ask}", StringComparison.Ordinal);

    /// <summary>Whether the path names the caller's own session.</summary>
    public bool NamesSession => Path.Contains("{session}", StringComparison.Ordinal);

    /// <summary>Whether an agent token opens it.</summary>
    public bool NeedsAgent => Access is Access.Bearer or Access.Session or Access.Seat or Access.Participant;

    /// <summary>Whether it takes a live session of the agent too.</summary>
    public bool NeedsSession => Access is Access.Session or Access.Seat or Access.Participant;

    /// <summary>Whether the agent must have a seat in the room of the path.</summary>
    public bool NeedsSeat => Access is Access.Seat or Access.Participant;

    /// <summary>Whether agents can do it, given the right token.</summary>
    public bool IsForAgents => NeedsAgent || AgentScope is not null;

    /// <summary>Whether it is first of all for people: a caller without credentials is asked for a person's session.</summary>
    public bool IsForPeople => Access is Access.Person || (AlsoPerson && Access is Access.Bearer);

    /// <summary>Whether such a request may stay open: it asks for a stream, for all pages at once, or to wait.</summary>
    public bool MayStayOpen(HttpRequest request) => Answers.Any(answer => answer.IsEvents) || Input?.MayStayOpen?.Invoke(request) is true;

    /// <summary>Whether it only reads (RFC 9110 §9.2.1).</summary>
    public bool IsSafe => Method == "GET";

    /// <summary>
    /// Whether it makes storage grow: it writes, or its reading is itself a fact. Counted by <see cref="Contract.DailyUse"/>.
    /// </summary>
    public bool Grows => !IsSafe || Access is Access.Auditor or Access.Operator;

    /// <summary>All refusals of this action.</summary>
    public IEnumerable<Refusal> AllRefusals =>
    [
        .. IsVersioned ? (Refusal[])[Domain.Refusals.UnsupportedParleVersion] : [],
        Domain.Refusals.MalformedRequest,
        .. IsForAgents ? (Refusal[])[Domain.Refusals.InvalidAgentToken, Domain.Refusals.Forbidden] : [],
        .. Access > Access.Anyone || Body is not null || KnowsCaller ? (Refusal[])[Domain.Refusals.RateLimited] : [],
        .. NeedsSession || AgentScope is not null ? (Refusal[])[Domain.Refusals.InvalidAgentSession, Domain.Refusals.AgentSessionExpired,
            Domain.Refusals.AgentSessionEnded, Domain.Refusals.AgentSessionSuperseded] : [],
        .. NeedsSeat || (AgentScope is not null && InRoom)
            ? (Refusal[])[Domain.Refusals.RoomNotFound, Domain.Refusals.ParticipantRevoked] : [],
        .. Access is Access.Person || AlsoPerson
            ? (Refusal[])[Domain.Refusals.Unauthenticated, .. IsSafe ? (Refusal[])[] : [Domain.Refusals.CsrfRejected]] : [],
        .. Access is Access.Anyone && !IsSafe ? (Refusal[])[Domain.Refusals.CsrfRejected] : [],
        .. Access is Access.Auditor ? (Refusal[])[Domain.Refusals.InvalidAuditorToken, Domain.Refusals.RoomNotFound] : [],
        .. Access is Access.Operator ? (Refusal[])[Domain.Refusals.InvalidOperatorToken] : [],
        .. Idempotent || TakesKey ? (Refusal[])[Domain.Refusals.IdempotencyConflict] : [],
        .. Body is not null
            ? (Refusal[])[Domain.Refusals.RequestTimeout, Domain.Refusals.PayloadTooLarge, Domain.Refusals.UnsupportedMediaType] : [],
        .. Refusals,
        Domain.Refusals.ServerError, .. IsSafe ? (Refusal[])[] : [Domain.Refusals.NotRecorded], Domain.Refusals.ServiceUnavailable,
    ];
}

/// <summary>A successful answer.</summary>
/// <param name="Status">HTTP status, 200 to 299.</param>
/// <param name="Description">The condition of this status.</param>
/// <param name="Body">The type of the JSON body; null when there is none.</param>
/// <param name="Show">Makes an example body. Only documentation needs one.</param>
public sealed record SuccessAnswer(int Status, string Description, Type? Body = null, Func<object>? Show = null)
{
    /// <summary>An example body.</summary>
    public object? Example => Show?.Invoke();

    /// <summary>An example of the stream of server-sent events; null for another body.</summary>
    public string? EventStream => ShowEvents?.Invoke();

    /// <summary>The media type of the body.</summary>
    public string MediaType => EventStream is null ? "application/json; charset=utf-8" : "text/event-stream";

    /// <summary>Whether the body is a stream of server-sent events.</summary>
    public bool IsEvents => ShowEvents is not null;

    /// <summary>Makes <see cref="EventStream"/>.</summary>
    public Func<string>? ShowEvents { private get; init; }
}

/// <summary>A parameter of a path.</summary>
/// <param name="Name">Its name, the word in braces.</param>
/// <param name="Description">Its meaning, and the place where the caller finds it.</param>
/// <param name="Example">An example.</param>
/// <param name="Format">OpenAPI format; null for any text.</param>
public sealed record PathParameter(string Name, string Description, string Example, string? Format = null);

/// <summary>An optional query parameter that holds a whole number or a word.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">OpenAPI type: <c>integer</c> or <c>string</c>.</param>
/// <param name="Description">The meaning of its value and of its absence.</param>
public sealed record QueryParameter(string Name, string Type, string Description)
{
    /// <summary>Whether it may be repeated.</summary>
    public bool Repeats { get; init; }
}

/// <summary>Joins an endpoint to its row of <see cref="Actions"/>; route and documentation are the row's.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServesAttribute : Wolverine.Http.WolverineHttpMethodAttribute
{
    /// <summary>Names a row of <see cref="Actions"/>.</summary>
    /// <param name="action">The name of the field.</param>
    public ServesAttribute(string action)
        : this(typeof(Actions), action)
    {
    }

    /// <summary>Names a row of one of the lists that <see cref="Actions.All"/> is made of.</summary>
    /// <param name="list">The list.</param>
    /// <param name="action">The name of the field.</param>
    public ServesAttribute(Type list, string action)
        : this((ParleAction)list.GetField(action)!.GetValue(null)!)
    {
    }

    private ServesAttribute(ParleAction action)
        : base(action.Method, action.Path)
    {
        Action = action;
        OperationId = action.Id;
        Summary = action.Summary;
        Description = action.Description;
    }

    /// <summary>The row.</summary>
    public ParleAction Action { get; }
}
