using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Auditing;

namespace Parle.Api.Auditing;

/// <summary>Somebody who looks at a room's record, or at what its participants were shown.</summary>
/// <param name="RoomID">Which room's.</param>
/// <param name="ReaderID">In whose stream it is said that it looked.</param>
/// <param name="Contents">Whether it is shown words.</param>
/// <param name="By">Who looks.</param>
public sealed record RecordReader(Guid RoomID, Guid ReaderID, bool Contents, Attribution By)
{
    /// <summary>
    /// The auditor, or the room's owner, who sees all that an auditor can be shown. Null with why not for everybody else.
    /// </summary>
    public static async Task<(RecordReader? Reader, Refusal? Refusal)> Of(HttpContext context)
    {
        if (context.Features.Get<Auditor>() is { } auditor)
        {
            return (new(auditor.RoomID, auditor.AuditorID, auditor.Contents, auditor.Attribution(context.TraceIdentifier)), null);
        }

        var (actor, roomID) = (RequestContract.Part<Actor>(context), WireID.InPath(context, "room") ?? Guid.Empty);
        var room = (await context.RequestServices.GetRequiredService<RoomStates>().Read([roomID], context.RequestAborted))[roomID].Room;
        return AppointAuditor.Obstacle(room, actor.Member) is { } refusal
            ? (null, refusal)
            : (new(roomID, actor.PrincipalID, true, actor.Attribution(context.TraceIdentifier)), null);
    }
}
