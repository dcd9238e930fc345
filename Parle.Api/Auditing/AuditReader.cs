using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Platform;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Auditing;

namespace Parle.Api.Auditing;

/// <summary>A caller that may read a room's record, or its read ledgers.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="ReaderID">The stream in which its accesses are recorded.</param>
/// <param name="Contents">Whether it is shown contents.</param>
/// <param name="By">The attribution of its accesses.</param>
public sealed record AuditReader(Guid RoomID, Guid ReaderID, bool Contents, Attribution By);

/// <summary>The caller of an action for auditors: an auditor, or a possible owner of the room.</summary>
/// <param name="Auditor">The auditor; null for everybody else.</param>
/// <param name="Actor">Any other caller; null for an auditor.</param>
/// <param name="Correlation">The id of the request.</param>
[FromRequest]
public sealed record AuditCaller(Auditor? Auditor, Actor? Actor, Correlation Correlation)
{
    /// <summary>The caller of a request.</summary>
    public static AuditCaller Of(HttpContext context) => context.Features.Get<Auditor>() is { } auditor
        ? new(auditor, null, Correlation.Of(context)) : new(null, RequestContract.Part<Actor>(context), Correlation.Of(context));

    /// <summary>
    /// The caller as a reader: an auditor, or the room's owner, which sees all that an auditor can be shown. Everybody else is refused.
    /// </summary>
    /// <param name="roomID">The room of the path. An auditor is let in to the path of its own room alone.</param>
    /// <param name="states">The rooms.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<(AuditReader? Reader, Refusal? Refusal)> In(Guid roomID, RoomStates states, CancellationToken cancellation)
    {
        if (Auditor is { } auditor)
        {
            return (new(auditor.RoomID, auditor.AuditorID, auditor.Contents, auditor.Attribution(Correlation.ID)), null);
        }

        var room = (await states.Read([roomID], cancellation))[roomID].Room;
        return AppointAuditor.Obstacle(room, Actor!.Member) is { } refusal
            ? (null, refusal) : (new(roomID, Actor.PrincipalID, true, Actor.Attribution(Correlation.ID)), null);
    }
}
