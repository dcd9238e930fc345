using System.ComponentModel;
using System.Security.Cryptography;
using Npgsql;
using Parle.Api.Accounts;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Sessions;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;
using Parle.Projections.Principals;

namespace Parle.Api.Rooms;

/// <summary>The body of a seating.</summary>
/// <param name="AgentID">The agent.</param>
/// <param name="History">Where its view begins.</param>
public sealed record SeatAgentRequest(
    [property: Description("An agent of your own.")] Guid? AgentID,
    [property: Description("from_admission: it reads what comes after it. all: it reads the room from its beginning; only the owner grants "
        + "that. Absent: from_admission."), Absent("\"from_admission\""), MayBeAbsent] string? History = null)
{
    /// <summary>A seating, of the example's agent.</summary>
    public static SeatAgentRequest Example { get; } = new(new Guid("019a7c1d-33c2-7f0d-b1a9-4e6c8d0f2b02"));
}

/// <summary>An agent that has a seat now.</summary>
/// <param name="SeatID">The seat.</param>
/// <param name="AgentID">The agent.</param>
/// <param name="AdmittedAt">When it was admitted.</param>
public sealed record SeatedAgent(Guid SeatID, Guid AgentID, DateTimeOffset AdmittedAt)
{
    /// <summary>An answer as it is sent.</summary>
    public static SeatedAgent Example { get; } = new(new("019a7c1d-a1b2-7c3d-9e4f-5a6b7c8d9e03"),
        new("019a7c1d-33c2-7f0d-b1a9-4e6c8d0f2b02"), new(2026, 8, 17, 9, 30, 0, TimeSpan.Zero));
}

/// <summary>Gives seats and takes them away.</summary>
public static class SeatEndpoints
{
    private static readonly Refusal NoSuchAgent = Refusals.ValidationFailed.Because("agent_id must be an agent of your own.");

    /// <summary>Gives an agent of the caller's principal a seat.</summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.SeatAgent))]
    public static async Task<IResult> Seat(Guid room, SeatAgentRequest body, Actor actor, Write write, RoomWriters writers,
        AccountLimits limits, NpgsqlDataSource database, CancellationToken cancellation)
    {
        if (body.AgentID is not { } agentID)
        {
            return new RefusalResult(Refusals.ValidationFailed.Because("agent_id must be an agent of your own."));
        }

        if (body.History is not (null or "from_admission" or "all"))
        {
            return new RefusalResult(Refusals.ValidationFailed.Because("history must be from_admission or all."));
        }

        var isOwn = await AgentQueries.IsOf(database, agentID, actor.PrincipalID, cancellation);
        var admission =
            new AdmitAgent(Guid.CreateVersion7(), actor.PrincipalID, agentID, body.History is "all" ? History.All : History.FromAdmission)
            { MaxSeats = limits.SeatsPerRoom };
        var seating = new SeatAgent(actor.Member, admission);
        var written = await write.InRoom(
            write.Says(body),
            (state, _) => SeatAgent.Obstacle(state, actor.Member) is { } stranger ? stranger : isOwn ? seating.Decide(state) : NoSuchAgent,
            (_, fact) => new SeatedAgent(admission.SeatID, agentID, fact.At));
        if (written.Room is not null && !await AgentQueries.IsOf(database, agentID, actor.PrincipalID, cancellation))
        {
            // It was deleted meanwhile, and its deletion may not have seen this seat.
            await writers.Decide(new(room, write.Attribution, (state, _) =>
                new RemoveDeletedAgent(agentID, Guid.CreateVersion7(), RandomNumberGenerator.GetBytes(Content.SaltLength)).Decide(state)));
            return new RefusalResult(NoSuchAgent);
        }

        return written.Created();
    }

    /// <summary>
    /// Removes a seat, and with a principal's seat those of its agents. Sessions without another room end before the answer is sent, unless
    /// that takes long.
    /// </summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.RemoveSeat))]
    public static async Task<IResult> Remove(Guid seat, Write write)
    {
        var removal = new RemoveSeat(write.Actor.Member, seat, Guid.CreateVersion7(),
            RandomNumberGenerator.GetBytes(Content.SaltLength));
        var written = await write.InRoom((room, _) => removal.Decide(room));
        var removed = written.Facts.Select(fact => fact.Data).OfType<SeatRemoved>().ToList();
        return written.Refusal is not null ? written.NoContent()
            : new AnswerAfter(
                Results.NoContent(), [.. removed.Select(gone => new EndSessions(gone.SeatID, null, null, write.Attribution))]);
    }
}
