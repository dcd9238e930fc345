using System.ComponentModel;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Projections.Rooms;

namespace Parle.Api.Delivery;

/// <summary>The body of an acknowledgement.</summary>
/// <param name="Seq">The row.</param>
/// <param name="EventID">The same row's id.</param>
public sealed record AcknowledgeRequest(
    [property: Description("The seq of a row that waits. It is acknowledged, and every row before it.")] long? Seq,
    [property: Description("The event_id of that row. Absent: not checked."), MayBeAbsent] Guid? EventID)
{
    /// <summary>An acknowledgement of the example's row.</summary>
    public static AcknowledgeRequest Example { get; } = new(7, new("019a7c1e-58a0-7c5e-9f59-3b1c7e0a5d11"));
}

/// <summary>How far the caller acknowledged.</summary>
/// <param name="LastAckedSeq">The row.</param>
/// <param name="LastAckEventID">Its id.</param>
/// <param name="UpdatedAt">When.</param>
public sealed record AcknowledgedAnswer(long LastAckedSeq, Guid LastAckEventID, DateTimeOffset UpdatedAt)
{
    /// <summary>An answer as it is sent.</summary>
    public static AcknowledgedAnswer Example { get; } = new(
        7, new("019a7c1e-58a0-7c5e-9f59-3b1c7e0a5d11"), new(2026, 8, 17, 10, 0, 5, TimeSpan.Zero));
}

/// <summary>Acknowledges work for its addressee.</summary>
public static class AcknowledgeEndpoint
{
    /// <summary>Moves the position of the last acknowledgement forward, never back.</summary>
    [Serves(typeof(DeliveryActions), nameof(DeliveryActions.AckResponsiveDelivery))]
    public static async Task<IResult> Acknowledge(
        AcknowledgeRequest body, Caller caller, NpgsqlDataSource database, RoomStates states, TimeProvider clock,
        CancellationToken cancellation)
    {
        if (body.Seq is not { } seq)
        {
            return new RefusalResult(Refusals.MalformedRequest.Because("seq must be the seq of a row that waits."));
        }

        var now = clock.GetUtcNow();
        var inbox = await Inbox.Of(caller, states, database, now, cancellation);
        return await AttentionPage.Acknowledge(database, inbox.Work, seq, body.EventID, now, cancellation) is { } done
            ? Results.Json(new AcknowledgedAnswer(done.Seq, done.EventID!.Value, done.UpdatedAt!.Value), WireJson.Options)
            : new RefusalResult(Refusals.DeliveryAckRejected);
    }
}
