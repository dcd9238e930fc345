using System.Globalization;
using System.Text.RegularExpressions;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;
using Parle.Domain.Auditing;
using Parle.Domain.Names;
using Parle.Projections;

namespace Parle.Api.Auditing;

/// <summary>The part of a record that a request asks for.</summary>
/// <param name="Filter">The filter of facts.</param>
/// <param name="After">The cursor: only facts after it.</param>
/// <param name="Limit">Most facts; null for the default: a page of JSON, or all facts of a stream.</param>
/// <param name="Streams">Whether the answer is NDJSON, a line for each fact.</param>
public sealed partial record RecordQuery(RecordFilter Filter, long After, int? Limit, bool Streams)
{
    /// <summary>Most facts of a page.</summary>
    public const int MaxFacts = 200;

    /// <summary>The media type of a stream of facts.</summary>
    public const string NdJson = "application/x-ndjson";

    /// <summary>The query's parameters and their parser.</summary>
    public static QueryInput Input { get; } = QueryInput.Of<RecordQuery>(
    [
        new("from", "string", "Recorded then or later, RFC 3339. Absent: since ever."),
        new("until", "string", "Recorded before that, RFC 3339. Absent: up to now."),
        new("type", "string", "Facts of this `type`. Absent: of all."),
        new("actor", "string", "Done by this `actor`, as facts spell it. Absent: by anybody."),
        new("principal", "string", "Done for this principal. Absent: for anybody."),
        new("agent", "string", "Done by this agent, in any session. Absent: by anybody."),
        new("token", "string", "Allowed by this token, or by one that was made from it. Absent: by any."),
        new("ask", "string", "About this ask. Absent: about anything."),
        new("correlation", "string", "Caused by this request. Absent: by any."),
        new("after", "integer", "The `next` of the page before, or the last fact that you have. Absent: from the first fact."),
        new("limit", "integer", $"Most facts, 1 to {MaxFacts}. Absent: {MaxFacts}, or all with `Accept: {NdJson}`."),
    ],
    Read) with
    { MayStayOpen = request => request.Headers.Accept.Any(accepted => accepted!.Contains(NdJson, StringComparison.OrdinalIgnoreCase)) };

    private static (RecordQuery? Query, Refusal? Refusal) Read(HttpRequest request)
    {
        var wrong = (string?)null;
        var filter = new RecordFilter(
            Time("from"), Time("until"),
            Text("type", text => EventNames.All.ContainsKey(text), "the name of a kind of fact"
                + (Nearest.Of($"{request.Query["type"]}", EventNames.All.Keys) is { } meant ? $", such as {meant}" : "")),
            Text("actor", text => Spelt().IsMatch(text), "as facts spell it"),
            ID("principal"), ID("agent"), ID("token"), ID("ask"),
            Text("correlation", text => Spelt().IsMatch(text), "as facts spell it"));
        var query = new RecordQuery(filter, Number("after", 0, long.MaxValue) ?? 0, (int?)Number("limit", 1, MaxFacts),
            request.GetTypedHeaders().Accept.Any(type => type.MediaType == NdJson));
        return wrong is null ? (query, null) : (null, Refusals.MalformedRequest.Because(wrong));

        string? Text(string name, Func<string, bool> isGood, string what)
        {
            var sent = request.Query[name];
            if (sent.Count > 0 && (sent is not [{ } one] || !isGood(one)))
            {
                wrong ??= $"{name} must be {what}, and stand there once.";
            }

            return sent is [{ } text] ? text : null;
        }

        Guid? ID(string name) => WireID.Read(Text(name, text => WireID.Read(text) is not null, "an id"));

        long? Number(string name, long least, long most) =>
            Text(name, text => Whole(text, out var number) && number >= least && number <= most,
                $"a whole number, {least} {(most < long.MaxValue ? $"to {most}" : "or more")}") is { } text && Whole(text, out var read)
                ? read : null;

        DateTimeOffset? Time(string name) => Rfc3339.Parse(Text(name, text => Rfc3339.Parse(text) is not null, Rfc3339.Example));
    }

    private static bool Whole(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && !text.Contains('\0', StringComparison.Ordinal);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9:/_.-]{0,254}$")]
    private static partial Regex Spelt();
}
