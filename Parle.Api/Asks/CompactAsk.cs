using System.Text.Json.Serialization;
using Parle.Api.Reading;
using Parle.Api.Registry;
using Parle.Domain.Contents;
using Parle.Projections.Rooms;

namespace Parle.Api.Asks;

/// <summary>An ask with what a language model needs of it.</summary>
/// <param name="Preamble">The notice about all texts between markers; absent when all are erased.</param>
/// <param name="Ask">How the ask stands, in the service's own words.</param>
/// <param name="Asker">Who asks.</param>
/// <param name="Rows">What is asked, about which subject since it was replaced, and the newest answer, each in words.</param>
/// <param name="Watermark">The newest fact: pass it back as <c>since_seq</c>, with <c>wait</c>.</param>
/// <param name="Next">What you may do about it now.</param>
/// <param name="Offers">The same, ready to send, see <see cref="AffordanceList.InShort"/>.</param>
/// <param name="KeyHeader">The header for an offer's <c>key</c>.</param>
public sealed record CompactAsk(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Preamble, RowAsk Ask, string Asker,
    IReadOnlyList<CompactRow> Rows, long Watermark, IReadOnlyList<string> Next, IReadOnlyList<Offer> Offers, string KeyHeader)
{
    /// <summary>Who works on it; absent for nobody.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Claimant { get; init; }

    /// <summary>When that claim lapses; absent without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>After this moment nobody can answer; absent for no bound.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Of an approval: how it is decided; absent for other kinds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? HowDecided { get; init; }

    /// <summary>Of an approval: the decisions that count now; absent for other kinds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<AskDecision>? Decisions { get; init; }

    /// <summary>What was handed over; absent for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CompactItem>? Context { get; init; }

    /// <summary>Pass it back as <c>context_after</c> for what was handed over next; absent when that is all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? ContextAfter { get; init; }

    internal static CompactAsk Of(AskDetails ask, IEnumerable<TimelineRow> words, string readerAddress)
    {
        var preamble = Framing.Preamble(readerAddress);
        List<ProjectionRow> rows = [.. words.Select(row => RowRendering.Render(row, preamble))];
        var offers = new AffordanceList(ask.Affordances).InShort();
        return new(
            rows.Exists(row => row.Fence is not null) ? preamble.TrimEnd('\n') : null,
            new(ask.AskID, ask.Kind, Enum.Parse<Domain.Asks.AskState>(ask.State, ignoreCase: true), ask.SubjectSha256)
            {
                Verdict = ask.Verdict,
                Quorum = ask.Quorum,
                Approvals = ask.Approvals,
                Denials = ask.Denials,
                UsableUntil = ask.UsableUntil,
            },
            ask.Asker, [.. CompactPage.Of(rows, _ => null).Select(row => row with { Ask = null })], ask.Watermark, ask.Next,
            offers.Offers!, offers.KeyHeader!)
        {
            Claimant = ask.Claimant,
            LeaseUntil = ask.LeaseUntil,
            DueAt = ask.DueAt,
            HowDecided = ask.HowDecided,
            Decisions = ask.Decisions,
            Context = ask.Context.Count > 0
                ? [.. ask.Context.Select(item => new CompactItem(item.ItemID, item.Name, item.Bytes, item.Sha256, item.Gone))] : null,
            ContextAfter = ask.ContextAfter,
        };
    }
}

/// <summary>One thing that was handed over.</summary>
/// <param name="ItemID">Read it under this id.</param>
/// <param name="Name">Its name, in its author's words; absent when it is gone.</param>
/// <param name="Bytes">How many bytes it has; absent when it is gone.</param>
/// <param name="Sha256">Its digest; absent when it is gone.</param>
/// <param name="Gone">Why it cannot be read; absent while it can.</param>
public sealed record CompactItem(
    Guid ItemID,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Bytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Sha256,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Gone);
