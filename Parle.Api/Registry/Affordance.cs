using System.Text.Json;
using System.Text.Json.Serialization;
using Parle.Api.Wire;
using Parle.Domain;

namespace Parle.Api.Registry;

/// <summary>One action as the caller stands now: ready to send, or with the reason why it is refused.</summary>
/// <param name="Action">The registry's name, OpenAPI's <c>operationId</c>.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path template as in OpenAPI.</param>
/// <param name="Allowed">Whether an attempt would be accepted.</param>
/// <param name="Reason">Only when not allowed: the reason, or else the code, of the refusal.</param>
/// <param name="Unlock">Only when not allowed: the step that would change it.</param>
/// <param name="AskID">The ask it is about; absent when it is about none.</param>
/// <param name="Href">The path, filled in; only when allowed.</param>
/// <param name="Headers">The headers to send beside the credentials, with a fresh key if one is needed; only when allowed.</param>
/// <param name="Body">What is known of the body. Only when allowed and the action takes one.</param>
/// <param name="Fill">
/// What you must fill in before you send it, because only you can know it: sent without, it is refused. Absent when there is nothing.
/// </param>
/// <param name="Optional">Members that you may add. Absent when there are none.</param>
/// <param name="Schema">The path of the body's schema; only when there is a body.</param>
public sealed record Affordance(
    string Action,
    string Method,
    string Path,
    bool Allowed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Unlock = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? AskID = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Href = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Headers = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Shape(ShapeAttribute.AnyObject)] JsonElement? Body = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Blank>? Fill = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Optional = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Schema = null)
{
    /// <summary>Most forms in which one action is offered.</summary>
    public const int MaxOffers = 50;

    private static readonly Refusal nothingToChoose =
        Refusals.NoSuchThing with { Reason = "nothing_to_choose", Unlock = "There is nothing here that this could be done to." };

    /// <summary>
    /// The rows of one action for a caller whose credentials let it through: in which forms it can be done, or what stands in the way.
    /// </summary>
    public static IEnumerable<Affordance> Of(ParleAction action, Standing here)
    {
        if (action.Obstacle?.Invoke(here) is { } refusal)
        {
            return [Denied(action, refusal)];
        }

        var offers = action.Offers?.Invoke(here).Take(MaxOffers).ToList()
            ?? (action.PathNames.All(name => name is "room" or "session") ? [ActionOffer.Usual] : []);
        return offers.Count == 0
            ? [Denied(action, nothingToChoose)]
            : offers.Select(offer => offer.Refusal is { } denied ? Denied(action, denied) : Offered(action, here, offer));
    }

    /// <summary>What may not be done, and why.</summary>
    public static Affordance Denied(ParleAction action, Refusal refusal, Guid? askID = null) =>
        new(action.Id, action.Method, action.Path, false, refusal.Reason ?? refusal.Code, refusal.Unlock ?? refusal.Message, askID);

    /// <summary>An allowed action, ready to send.</summary>
    /// <param name="action">The action.</param>
    /// <param name="here">Where the caller stands.</param>
    /// <param name="offer">In which form.</param>
    /// <param name="askID">The ask it is about.</param>
    public static Affordance Offered(ParleAction action, Standing here, ActionOffer offer, Guid? askID = null) =>
        Offered(action, here.RoomID, here.Actor.Agent?.Session!.SessionID, offer, askID);

    private static Affordance Offered(ParleAction action, Guid roomID, Guid? sessionID, ActionOffer offer, Guid? askID)
    {
        var inPath = offer.Values.Append(("room", roomID.ToString())).Append(("session", sessionID?.ToString() ?? ""))
            .Append(("ask", askID?.ToString() ?? ""));
        var headers = new Dictionary<string, string> { [VersionHeader.Name] = VersionHeader.Current };
        if (action.Idempotent || action.TakesKey)
        {
            headers[IdempotencyKey.Header] = IdempotencyKey.Random();
        }

        if (action.Body is not null)
        {
            headers["Content-Type"] = "application/json";
        }

        var template = action.Body is { } type ? Template.Of(type, offer) : null;
        IReadOnlyList<Blank> fill = [.. offer.InPath, .. template?.Fill ?? []];
        return new(
            action.Id, action.Method, action.Path, true, AskID: askID,
            Href: inPath.Aggregate(action.Path, (path, value) => path.Replace($"{{{value.Item1}}}", value.Item2, StringComparison.Ordinal)),
            Headers: headers,
            Body: template is null ? null : JsonSerializer.SerializeToElement(template.Body),
            Fill: fill.Count > 0 ? fill : null,
            Optional: template?.Optional is { Count: > 0 } optional ? optional : null,
            Schema: action.Body is null
                ? null : $"{DiscoveryPaths.OpenApi}#/paths/{action.Path.Replace("/", "~1", StringComparison.Ordinal)}/"
                    + $"{action.Method.ToLowerInvariant()}/requestBody/content/application~1json/schema");
    }
}

/// <summary>Offers that were left out of the list.</summary>
/// <param name="What">The action, or <c>asks</c>: whole asks.</param>
/// <param name="Count">The number of them.</param>
/// <param name="Where">The action that lists them.</param>
/// <param name="AskID">The ask they are about; absent for asks.</param>
public sealed record LeftOut(
    string What, int Count, string Where, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? AskID = null);

/// <summary>The actions that the caller may do in the room now, and the others with their reasons.</summary>
/// <param name="Affordances">A row for each action, and for actions about asks a row for each ask; absent in the short form.</param>
public sealed record AffordanceList(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Affordance>? Affordances)
{
    /// <summary>In the short form: the headers of every request, beside the credentials.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>In the short form: the header for an offer's <c>key</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? KeyHeader { get; init; }

    /// <summary>The short form: what is allowed, and nothing else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Offer>? Offers { get; init; }

    /// <summary>Offers left out because there are too many; absent when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LeftOut>? LeftOut { get; init; }

    /// <summary>The same in fewer bytes, with what is allowed alone.</summary>
    public AffordanceList InShort() => new(Affordances: null)
    {
        Headers = new Dictionary<string, string> { [VersionHeader.Name] = VersionHeader.Current },
        KeyHeader = IdempotencyKey.Header,
        Offers =
        [
            .. Affordances!.Where(row => row.Allowed).Select(row => new Offer(
                row.Action, row.Method is "GET" ? null : row.Method, row.Href!,
                row.Headers?.GetValueOrDefault(IdempotencyKey.Header), row.Body, row.Fill?.Select(blank => blank.InShort()).ToList())),
        ],
        LeftOut = LeftOut,
    };

    /// <summary>An example answer.</summary>
    public static AffordanceList Example { get; } = new(
    [
        new("heartbeat", "POST", "/v/agent/sessions/{session}/heartbeat", true,
            Href: "/v/agent/sessions/019a7c1e-0b44-7a0c-9d3e-5c7b9a1f3d02/heartbeat",
            Headers: new Dictionary<string, string> { [VersionHeader.Name] = VersionHeader.Current }),
        new("ack_responsive_delivery", "POST", "/v/rooms/{room}/responsive-delivery/ack", false, "nothing_waits",
            "Nothing waits for you here. Drain again when you are woken."),
    ]);
}

/// <summary>One action that may be done now.</summary>
/// <param name="Action">The registry's name, OpenAPI's <c>operationId</c>.</param>
/// <param name="Method">HTTP method; absent for GET.</param>
/// <param name="Href">The path, filled in; the ask it is about stands there.</param>
/// <param name="Key">A fresh idempotency key; absent when none is needed.</param>
/// <param name="Body">What is known of the JSON body; absent when the action takes none.</param>
/// <param name="Fill">What you must fill in before you send it, each a string unless its type is told; absent when there is
/// nothing.</param>
public sealed record Offer(
    string Action,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Method,
    string Href,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Key,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Shape(ShapeAttribute.AnyObject)] JsonElement? Body,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Blank>? Fill);
