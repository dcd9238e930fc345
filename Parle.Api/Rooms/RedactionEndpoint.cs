using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Rooms;
using Parle.Domain.Tokens;
using Parle.Projections;
using Parle.Projections.Auditing;
using Parle.Projections.Rooms;

namespace Parle.Api.Rooms;

/// <summary>Which words are to go, and why.</summary>
/// <param name="EventID">The fact whose words they are.</param>
/// <param name="ItemID">Or one thing that was handed over with an ask.</param>
/// <param name="Reason">Why.</param>
public sealed record RedactRequest(
    [property: Description("The fact whose words are to go. Send exactly one of `event_id` and `item_id`."),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? EventID,
    [property: Description("Or one thing that was handed over with an ask, by its `item_id`."),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ItemID,
    [property: Description("Why: one of a few words, because a text could repeat what is to go."),
        Shape("""{"type":"string","enum":["personal_data","secret","mistake","legal","abuse","no_longer_needed"]}""")] string? Reason)
{
    /// <summary>One that is well formed.</summary>
    public static RedactRequest Example { get; } = new(new("019a7c42-1f3a-7d52-8f7a-6a1d0c9b2e11"), null, "personal_data");
}

/// <summary>That words are gone.</summary>
/// <param name="EventID">The fact that says so; null when they were gone before.</param>
/// <param name="CreatedAt">When; null likewise.</param>
/// <param name="Replayed">Whether this answer was given before, to the same key.</param>
public sealed record RedactionReceipt(Guid? EventID, DateTimeOffset? CreatedAt, bool Replayed)
{
    /// <summary>One, as it is sent.</summary>
    public static RedactionReceipt Example { get; } = new(
        new("019a7c42-2a11-7c3b-8c45-2d7f9b3e5a01"), new(2026, 8, 17, 12, 0, 0, TimeSpan.Zero), false);

    /// <summary>Nothing was left to take away.</summary>
    public static RedactionReceipt Nothing { get; } = new(null, null, false);
}

/// <summary>Redacts content, for good.</summary>
public static class RedactionEndpoint
{
    /// <summary>Finds the content, has the redaction decided by the room's writer, and answers when the content is erased.</summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.Redact))]
    public static async Task<IResult> Redact(
        Guid room, RedactRequest body, Actor actor, Write write, NpgsqlDataSource database, CancellationToken cancellation)
    {
        if (body.EventID is null == body.ItemID is null)
        {
            return new RefusalResult(Refusals.ValidationFailed.Because("Send exactly one of event_id and item_id."));
        }

        if (Enum.GetValues<RedactionReason>().Cast<RedactionReason?>().FirstOrDefault(one => Format(one!.Value) == body.Reason)
            is not { } reason)
        {
            return new RefusalResult(Refusals.ValidationFailed.Because(
                $"reason must be one of {string.Join(", ", Enum.GetValues<RedactionReason>().Select(Format))}."));
        }

        var said = await Find(database, room, body, cancellation);
        var manages = actor.Agent is not { } agent || agent.Scopes.Contains(Scopes.RoomManage);
        var written = await write.InRoom(
            write.Says(body), (state, _) => new RedactContent(actor.Member, manages, reason, said).Decide(state),
            (_, fact) => new RedactionReceipt(fact.ID, fact.At, Replayed: false));
        return written.Created(receipt => receipt with { Replayed = true }, nothing: RedactionReceipt.Nothing);
    }

    // The fact as it was recorded, which does not change, and which of its words are there still.
    private static async Task<SaidFact?> Find(NpgsqlDataSource database, Guid roomID, RedactRequest wanted, CancellationToken cancellation)
    {
        var item = wanted.ItemID is { } itemID ? await RoomPage.Item(database, itemID, roomID, cancellation) : null;
        if ((wanted.EventID ?? item?.EventID) is not { } eventID
            || await RecordPage.Fact(database, roomID, eventID, cancellation) is not { } fact)
        {
            return null;
        }

        var contentIDs = wanted.ItemID is { } one ? [one] : fact.ContentIDs;
        var placement = fact.Headers.TryGetProperty("placement", out var stored)
            ? stored.Deserialize<Placement>(StoredJson.Options)! : Placement.Nowhere;
        var author = item?.SeatID ?? (fact.Data.TryGetProperty("author_id", out var authorID)
            ? await RoomPage.SeatOf(database, authorID.GetGuid(), roomID, cancellation) : null);
        return new(eventID, placement, author, contentIDs,
            [.. (await RecordPage.Contents(database, roomID, contentIDs, cancellation)).Keys.Order()]);
    }

    private static string Format(RedactionReason reason) => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}
