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

/// <summary>What an invitation's guest does with it. Whoever is not its guest is told that there is none.</summary>
public static class RoomInvitationEndpoints
{
    /// <summary>Shows it.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.PreviewInvitation))]
    public static async Task<IResult> Preview(Actor actor, Guests guests, RoomStates states, TimeProvider clock, HttpContext context)
    {
        if (await guests.Find(actor, context) is not { } found)
        {
            return new RefusalResult(Refusals.NoSuchThing);
        }

        var (row, guest) = found;
        var room = (await states.Read([row.RoomID], context.RequestAborted))[row.RoomID].Room!;
        var isOpen = row.State is "open" && room.Invitations.TryGetValue(row.InvitationID, out var open) && guest.IsMeantBy(open.Terms)
            && open.IsGood(room, clock.GetUtcNow());
        if (!isOpen && !Guests.Took(row, actor))
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

    /// <summary>Takes it up, or finds that it was taken up.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.AcceptInvitation))]
    public static async Task<IResult> Accept(AcceptRequest body, Actor actor, Guests guests, RoomWriters writers, NpgsqlDataSource database,
        IDocumentStore store, AccountLimits bounds, HttpContext context)
    {
        _ = body; // Read, so that what is no object is refused.
        if (await guests.Find(actor, context) is not { } found)
        {
            return new RefusalResult(Refusals.NoSuchThing);
        }

        var (row, guest) = found;
        var attribution = actor.Attribution(context.TraceIdentifier) with
        { Authority = [.. actor.Authority, .. row.Operators.Select(Operator.InPath), $"invitation:{row.InvitationID}"] };
        if (row.State is "open")
        {
            var acceptance = new AcceptInvitation(row.InvitationID, Guid.CreateVersion7(), guest, actor.Agent?.AgentHandle)
            { MaxSeats = bounds.SeatsPerRoom };
            var tokens = await BoundTokens.Of(database, row.InvitationID, context.RequestAborted);
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

            // Perhaps somebody was faster: the same guest.
            row = (await InvitationRow.Find(database, row.InvitationID, context.RequestAborted))!;
        }

        if (!Guests.Took(row, actor) || !row.SeatIsActive)
        {
            return new RefusalResult(Refusals.NoSuchThing);
        }

        await BoundTokens.BindLate(store, database, row, attribution, context.RequestAborted);
        return Results.Json(Seated.Of(row.RoomID, row.SeatID!.Value), WireJson.Options);
    }
}

/// <summary>What was once done with a secret and a code.</summary>
public static class ClaimAgentEndpoint
{
    /// <summary>Refuses, should anybody get here.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.ClaimAgent))]
    public static IResult Claim() => new RefusalResult(Refusals.InviteCapabilityRetired);
}

/// <summary>Who is whose guest.</summary>
public sealed class Guests(NpgsqlDataSource database, Addresses addresses)
{
    /// <summary>The invitation of the path, and the caller as its guest; null when it can be none of the caller's.</summary>
    public async Task<(InvitationRow Row, Guest Guest)?> Find(Actor actor, HttpContext context)
    {
        if (WireID.InPath(context, "invitation") is not { } invitationID
            || (actor.Agent is { } agent && !await IsBoundTo(agent.TokenID, invitationID, context.RequestAborted))
            || await InvitationRow.Find(database, invitationID, context.RequestAborted) is not { Kind: not "key" } row)
        {
            return null;
        }

        var identities = row.Kind is "email" && actor.AgentID is null ? await addresses.Of(actor.PrincipalID, context.RequestAborted) : [];
        return (row, new(actor.PrincipalID, actor.AgentID, identities));
    }

    /// <summary>Whether the caller used the invitation, or its agent did.</summary>
    public static bool Took(InvitationRow row, Actor actor) =>
        row.State is "accepted" && row.AcceptedBy == actor.PrincipalID && (actor.AgentID is null || actor.AgentID == row.AcceptedAgentID);

    private async Task<bool> IsBoundTo(Guid tokenID, Guid invitationID, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "select exists (select 1 from parle.agent_tokens where token_id = $1 and invite_id = $2)");
        command.Parameters.Add(new() { Value = tokenID });
        command.Parameters.Add(new() { Value = invitationID });
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
