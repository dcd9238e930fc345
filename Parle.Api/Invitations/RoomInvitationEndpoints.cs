using Marten;
using Npgsql;
using Parle.Api.Accounts;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Invitations;
using Parle.Domain.Rooms;
using Parle.Projections.Invitations;

namespace Parle.Api.Invitations;

/// <summary>Shows an invitation to its invitee, and lets it accept. All others get the answer of an unknown invitation.</summary>
public static class RoomInvitationEndpoints
{
    /// <summary>Shows the invitation.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.PreviewInvitation))]
    public static async Task<IResult> Preview(
        Guid invitation, Actor actor, InviteeLookup invitees, RoomStates states, TimeProvider clock, CancellationToken cancellation)
    {
        if (await invitees.Find(actor, invitation, cancellation) is not { } found)
        {
            return new RefusalResult(Refusals.NoSuchThing);
        }

        var (row, guest) = found;
        var room = (await states.Read([row.RoomID], cancellation))[row.RoomID].Room!;
        var isOpen = row.State is "open" && room.Invitations.TryGetValue(row.InvitationID, out var open) && guest.IsMeantBy(open.Terms)
            && open.IsGood(room, clock.GetUtcNow());
        if (!isOpen && !InviteeLookup.Accepted(row, actor))
        {
            return new RefusalResult(Refusals.NoSuchThing);
        }

        return Results.Json(
            new InvitationPreview(
                row.InvitationID, isOpen ? "pending" : row.SeatIsActive ? "accepted" : "membership_ended", row.RoomID, row.RoomHandle,
                row.InviterID, row.InviterHandle, row.Kind is "agent" ? "agent" : "principal", row.OfferedRights, row.ShowsHistory,
                row.ExpiresAt, row.AcceptedAt, row.SeatIsActive),
            WireJson.Options);
    }

    /// <summary>Accepts the invitation. A second time it answers the seat.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.AcceptInvitation))]
    public static async Task<IResult> Accept(
        Guid invitation, AcceptRequest body, Actor actor, Correlation correlation, InviteeLookup invitees, RoomWriters writers,
        NpgsqlDataSource database, IDocumentStore store, AccountLimits bounds, CancellationToken cancellation)
    {
        _ = body; // Read, so that anything but an object is refused.
        if (await invitees.Find(actor, invitation, cancellation) is not { } found)
        {
            return new RefusalResult(Refusals.NoSuchThing);
        }

        var (row, guest) = found;
        var attribution = actor.Attribution(correlation.ID) with
        { Authority = [.. actor.Authority, .. row.Operators.Select(Operator.InPath), $"invitation:{row.InvitationID}"] };
        if (row.State is "open")
        {
            var acceptance = new AcceptInvitation(row.InvitationID, Guid.CreateVersion7(), guest, actor.Agent?.AgentHandle)
            { MaxSeats = bounds.SeatsPerRoom };
            var tokens = await InvitationTokens.Waiting(database, row.InvitationID, cancellation);
            switch (await writers.Decide(new(row.RoomID, attribution, acceptance.Decide)
            { Also = (session, facts) => BoundTokens.Bind(session, row.RoomID, tokens, facts, attribution) }))
            {
                case RoomOutcome.Settled { Facts: var facts }
                    when facts.Select(fact => fact.Data).OfType<SeatAdmitted>().FirstOrDefault() is { } seat:
                    return Results.Json(Seated.Of(row.RoomID, seat.SeatID), WireJson.Options, statusCode: StatusCodes.Status201Created);
                case RoomOutcome.Settled:
                    return Results.Json(WaitingGuest.Example, WireJson.Options, statusCode: StatusCodes.Status202Accepted);
                case RoomOutcome.Refused { Refusal: var refusal } when refusal != Refusals.NoSuchThing:
                    return new RefusalResult(refusal);
            }

            // The same invitee may have accepted meanwhile.
            row = (await InvitationRow.Find(database, row.InvitationID, cancellation))!;
        }

        if (!InviteeLookup.Accepted(row, actor) || !row.SeatIsActive)
        {
            return new RefusalResult(Refusals.NoSuchThing);
        }

        await BoundTokens.BindLate(store, database, row, attribution, cancellation);
        return Results.Json(Seated.Of(row.RoomID, row.SeatID!.Value), WireJson.Options);
    }
}

/// <summary>The retired way in, with a secret and a code.</summary>
public static class ClaimAgentEndpoint
{
    /// <summary>Refuses every request.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.ClaimAgent))]
    public static IResult Claim() => new RefusalResult(Refusals.InviteCapabilityRetired);
}
