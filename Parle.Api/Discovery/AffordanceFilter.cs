using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;
using Parle.Domain.Names;

namespace Parle.Api.Discovery;

/// <summary>Which affordances are wanted. Without a filter: all of them, with the reasons of those that are denied.</summary>
/// <param name="AllowedOnly">Only what may be done now, each row as short as it can be sent.</param>
/// <param name="AskID">Only what is about this ask, also when it is over; null for all asks that are not.</param>
/// <param name="Action">Only this action; null for all.</param>
public sealed record AffordanceFilter(bool AllowedOnly, Guid? AskID, string? Action)
{
    /// <summary>How it is read of a request.</summary>
    public static QueryInput Input { get; } = QueryInput.Of<AffordanceFilter>(
        [
            new("allowed", "string", "`true`: only what you may do now, in short rows. Absent: everything, with the reasons."),
            new("ask", "string", "Only what is about this `ask_id`. Absent: every ask that is not over."),
            new("action", "string", "Only this action. Absent: all."),
        ],
        Read);

    private static (AffordanceFilter? Value, Refusal? Refusal) Read(HttpRequest request)
    {
        var (allowed, ask, action) = (request.Query["allowed"], request.Query["ask"], request.Query["action"]);
        return allowed is not ([] or ["true"] or ["false"]) ? Wrong("allowed must be true or false.")
            : ask is not [] && WireID.Read(ask) is null ? Wrong("ask must be the ask_id of one ask.")
            : action is not ([] or [_]) ? Wrong("action must be the name of one action.")
            : action is [{ } named] && Actions.All.All(known => known.Id != named) ? Wrong(Unknown(named))
            : (new(allowed is ["true"], ask is [] ? null : WireID.Read(ask), action is [var id] ? id : null), null);

        static (AffordanceFilter?, Refusal?) Wrong(string why) => (null, Refusals.MalformedRequest.Because(why));
    }

    // A list without rows would look like a denial.
    private static string Unknown(string action) => "action is not the name of an action. " + (
        Nearest.Of(action, Actions.All.Select(known => known.Id)) is { } meant ? $"Did you mean {meant}?" : "openapi.json lists them.");
}
