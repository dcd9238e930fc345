using Npgsql;
using Parle.Api.Accounts;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Invitations;
using Parle.Projections.Invitations;

namespace Parle.Api.Invitations;

/// <summary>Lists agents that wait for approval, and decides about them.</summary>
public static class AdmissionEndpoints
{
    /// <summary>Lists the agents that wait.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.ListAdmissions))]
    public static async Task<IResult> List(
        PageCursor cursor, Person person, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellation)
    {
        var waiting = await InvitationRow.WaitingFor(
            database, person.PrincipalID, clock.GetUtcNow(), cursor.After, Paging.MaxRows + 1, cancellation);
        var (page, next) = Paging.Fit(
            [.. waiting.Select(row => new AdmissionView(
                row.InvitationID, row.Kind is "key" ? "join_key" : "agent", row.RoomID, row.RoomHandle, row.AgentID, row.RequesterHandle,
                row.RequesterID, row.InviterID, row.RequestedAt, row.ExpiresAt))],
            admission => admission.AdmissionID);
        return Results.Json(new AdmissionList(page, next), WireJson.Options);
    }

    /// <summary>Decides. The caller's own agent is seated at once; the holder of a key is let in when it asks again.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.DecideAdmission))]
    public static async Task<IResult> Decide(
        Guid admission, DecideAdmissionRequest body, Actor actor, Write write, NpgsqlDataSource database, AccountLimits bounds,
        CancellationToken cancellation)
    {
        if (body.Decision is not ("approve" or "deny"))
        {
            return new RefusalResult(Refusals.ValidationFailed.Because("decision must be approve or deny."));
        }

        if (await InvitationRow.Find(database, admission, cancellation) is not { } row)
        {
            return new RefusalResult(Refusals.NoSuchThing);
        }

        var decision =
            new DecideAdmission(actor.Member, admission, body.Decision is "approve", Guid.CreateVersion7())
            { MaxSeats = bounds.SeatsPerRoom };
        var tokens = await InvitationTokens.Waiting(database, admission, cancellation);
        var written = await write.InRoom(
            row.RoomID, write.SaysExactly(new { id = admission, body.Decision }),
            row.State is "open" ? decision.Decide : (_, _) => Refusals.NoSuchThing,
            (_, _) => new DecidedAdmission(admission, decision.Approve ? "approved" : "denied"),
            new() { Also = (session, facts) => BoundTokens.Bind(session, row.RoomID, tokens, facts, write.Attribution) });
        return written.Answer((kept, _) => Results.Json(kept, WireJson.Options));
    }
}
