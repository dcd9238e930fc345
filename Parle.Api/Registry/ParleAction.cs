using Parle.Api.Callers;
using Parle.Api.Wire;
using Parle.Domain;

namespace Parle.Api.Registry;

/// <summary>One thing that a client can do: the one place where its route, its rights and its documentation are declared (law 6).</summary>
/// <param name="Id">The registry's name: OpenAPI's <c>operationId</c> and the affordance's <c>action</c>.</param>
/// <param name="Method">HTTP method, in capitals.</param>
/// <param name="Path">Path template as in OpenAPI.</param>
/// <param name="Summary">One line.</param>
/// <param name="Description">A description for newcomers, in Markdown.</param>
/// <param name="Ways">The ways in. A request without any credential is refused with the error of the first one.</param>
/// <param name="Answers">The successful answers, by status.</param>
public record ParleAction(
    string Id, string Method, string Path, string Summary, string Description, IReadOnlyList<Way> Ways,
    IReadOnlyList<SuccessAnswer> Answers)
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
    /// Null, the default, when the body allows no unknown member, at any depth. Otherwise the words of narrowing members: published clients
    /// may send unknown members, but one that resembles these words or a known member is refused, since to ignore it would do more than was
    /// meant.
    /// </summary>
    public IReadOnlyList<string>? Narrowing { get; init; }

    /// <summary>
    /// For actions without a body: whether a body is ignored, because published clients send one here. Elsewhere a body that is not empty
    /// is refused: it was meant to change something.
    /// </summary>
    public bool IgnoresBody { get; init; }

    /// <summary>The JSON options of the body.</summary>
    public System.Text.Json.JsonSerializerOptions BodyJson { get; init; } = WireJson.Options;

    /// <summary>Whether it stays for published clients alone.</summary>
    public bool IsRetired { get; init; }

    /// <summary>The action's own refusals, in addition to those of its access, body, query and key.</summary>
    public IReadOnlyList<Refusal> Refusals { get; init; } = [];

    /// <summary>
    /// Returns the obstacle that the agent's credentials are, beside its way in; null for none. Attempts and affordances ask it (law 7).
    /// </summary>
    public Func<Caller, Refusal?>? CallerObstacle { get; init; }

    /// <summary>Returns the present obstacle in the room; null for none. The same function decides the attempt (law 7).</summary>
    public Func<Standing, Refusal?>? Obstacle { get; init; }

    /// <summary>
    /// Returns the forms in which the action is offered, ready to send; null for the one form that its path and example show.
    /// </summary>
    public Func<Standing, IEnumerable<ActionOffer>>? Offers { get; init; }

    /// <summary>The way in for agents; null when there is none.</summary>
    public Way.OfAgent? Agent { get; } = Ways.OfType<Way.OfAgent>().FirstOrDefault();

    /// <summary>Whether a person can do it.</summary>
    public bool IsForPerson { get; } = Ways.OfType<Way.OfPerson>().Any();

    /// <summary>Whether it is people's first of all: a request that shows nothing is asked for a person's session.</summary>
    public bool IsForPeople => Ways[0] is Way.OfPerson;

    /// <summary>Whether it needs no credential, but identifies a caller that sends one.</summary>
    public bool KnowsCaller => Ways[0] is Way.Open { Recognises: true };

    /// <summary>Whether every agent token may do it, however narrow.</summary>
    public bool IsAlwaysAllowed => Agent is { IsForNarrowTokens: true };

    /// <summary>Whether it records a fact in the room, and so uses up a token that has a number of uses.</summary>
    public bool IsUse => (Idempotent && Agent is { Scope: null, Standing: AgentStanding.Participant }) || (NeedsScope && InRoom && !IsSafe);

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

    /// <summary>Whether an agent token opens it, as it stands.</summary>
    public bool NeedsAgent => Agent is { Scope: null };

    /// <summary>Whether an agent does here what people do, by a scope of its token.</summary>
    public bool NeedsScope => Agent is { Scope: not null };

    /// <summary>Whether an agent's way in takes a live session too.</summary>
    public bool NeedsSession => Agent is { Standing: >= AgentStanding.Session };

    /// <summary>Whether the agent must have a seat in the room of the path.</summary>
    public bool NeedsSeat => Agent is { Standing: >= AgentStanding.Seat };

    /// <summary>Whether the agent's token must be one for the room of the path.</summary>
    public bool NeedsItsRoom => NeedsSeat || (NeedsScope && InRoom);

    /// <summary>Whether such a request may stay open: it asks for a stream, for all pages at once, or to wait.</summary>
    public bool MayStayOpen(HttpRequest request) => Answers.Any(answer => answer.IsEvents) || Input?.MayStayOpen?.Invoke(request) is true;

    /// <summary>Whether it only reads (RFC 9110 §9.2.1).</summary>
    public bool IsSafe => Method == "GET";

    /// <summary>
    /// Whether it makes storage grow: it writes, or its reading is itself a fact. Counted by <see cref="Contract.DailyUse"/>.
    /// </summary>
    public bool Grows => !IsSafe || Ways[0] is Way.OfAuditor or Way.OfOperator;

    /// <summary>All refusals of this action.</summary>
    public IEnumerable<Refusal> AllRefusals =>
    [
        .. IsVersioned ? (Refusal[])[Domain.Refusals.UnsupportedParleVersion] : [],
        Domain.Refusals.MalformedRequest,
        .. Agent is not null ? (Refusal[])[Domain.Refusals.InvalidAgentToken, Domain.Refusals.Forbidden] : [],
        .. Ways[0] is not Way.Open { Recognises: false } || Body is not null ? (Refusal[])[Domain.Refusals.RateLimited] : [],
        .. NeedsSession ? (Refusal[])[Domain.Refusals.InvalidAgentSession, Domain.Refusals.AgentSessionExpired,
            Domain.Refusals.AgentSessionEnded, Domain.Refusals.AgentSessionSuperseded] : [],
        .. NeedsItsRoom ? (Refusal[])[Domain.Refusals.RoomNotFound, Domain.Refusals.ParticipantRevoked] : [],
        .. IsForPerson
            ? (Refusal[])[Domain.Refusals.Unauthenticated, .. IsSafe ? (Refusal[])[] : [Domain.Refusals.CsrfRejected]] : [],
        .. Ways[0] is Way.Open && !IsSafe ? (Refusal[])[Domain.Refusals.CsrfRejected] : [],
        .. Ways[0] is Way.OfAuditor ? (Refusal[])[Domain.Refusals.InvalidAuditorToken, Domain.Refusals.RoomNotFound] : [],
        .. Ways[0] is Way.OfOperator ? (Refusal[])[Domain.Refusals.InvalidOperatorToken] : [],
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
    public string MediaType => EventStream is not null ? "text/event-stream"
        : Markdown is not null ? "text/markdown; charset=utf-8" : "application/json; charset=utf-8";

    /// <summary>An example of a text in Markdown; null for another body.</summary>
    public string? Markdown { get; init; }

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

/// <summary>Joins an endpoint to its row of the registry; route and documentation are the row's.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServesAttribute : Wolverine.Http.WolverineHttpMethodAttribute
{
    /// <summary>Names a row.</summary>
    /// <param name="list">The list of the slice.</param>
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
