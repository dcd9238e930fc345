using System.ComponentModel;
using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using Parle.Api.Accounts;
using Parle.Api.Contract;
using Parle.Api.Lanes;
using Parle.Api.Sessions;
using Parle.Domain;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;

namespace Parle.Api.Rooms;

/// <summary>The body of a seating.</summary>
/// <param name="AgentID">The agent.</param>
/// <param name="History">Where its view begins.</param>
public sealed record SeatAgentRequest(
    [property: Description("An agent of your own.")] Guid? AgentID,
    [property: Description("from_admission: it reads what comes after it. all: it reads the room from its beginning; only the owner grants that. Absent: from_admission."), Absent("\"from_admission\"")] string? History = null)
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
    public static SeatedAgent Example { get; } = new(new("019a7c1d-a1b2-7c3d-9e4f-5a6b7c8d9e03"), new("019a7c1d-33c2-7f0d-b1a9-4e6c8d0f2b02"), new(2026, 8, 17, 9, 30, 0, TimeSpan.Zero));
}

/// <summary>Gives seats and takes them away.</summary>
public static class SeatEndpoints
{
    private static readonly Refusal NoSuchAgent = Refusals.ValidationFailed.Because("agent_id must be an agent of your own.");

    /// <summary>Gives an agent of the caller's principal a seat.</summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.SeatAgent))]
    public static async Task<IResult> Seat(SeatAgentRequest body, Actor actor, IdempotencyKey key, AccountLimits limits, NpgsqlDataSource database, HttpContext context)
    {
        if (body.AgentID is not { } agentID)
        {
            return new RefusalResult(Refusals.ValidationFailed.Because("agent_id must be an agent of your own."));
        }

        if (body.History is not (null or "from_admission" or "all"))
        {
            return new RefusalResult(Refusals.ValidationFailed.Because("history must be from_admission or all."));
        }

        var isOwn = await IsOwn(agentID, actor, database, context.RequestAborted);
        var admission = new AdmitAgent(Guid.CreateVersion7(), actor.PrincipalID, agentID, body.History is "all" ? History.All : History.FromAdmission) { MaxSeats = limits.SeatsPerRoom };
        var seating = new SeatAgent(actor.Member, admission);
        var outcome = await new RoomWrite(RoomActions.SeatAgent, actor, key, body).Decide(
            context,
            (room, _) => SeatAgent.Obstacle(room, actor.Member) is { } stranger ? stranger : isOwn ? seating.Decide(room) : NoSuchAgent,
            (_, fact) => JsonSerializer.Serialize(new SeatedAgent(admission.SeatID, agentID, fact.At), WireJson.Options));
        if (outcome is RoomOutcome.Settled && !await IsOwn(agentID, actor, database, context.RequestAborted))
        {
            // It was deleted meanwhile, and those who took its seats may not have seen this one.
            await context.RequestServices.GetRequiredService<RoomLanes>().Decide(new(RoomWrite.RoomOf(context)!.Value, actor.Attribution(context.TraceIdentifier), (room, _) =>
                new RemoveDeletedAgent(agentID, Guid.CreateVersion7(), RandomNumberGenerator.GetBytes(Content.SaltLength)).Decide(room)));
            return new RefusalResult(NoSuchAgent);
        }

        return outcome switch
        {
            RoomOutcome.Refused refused => new RefusalResult(refused.Refusal),
            RoomOutcome.Settled settled => Results.Text(settled.Answer, "application/json", statusCode: StatusCodes.Status201Created),
            RoomOutcome.Replayed replayed => Results.Text(replayed.Answer, "application/json", statusCode: StatusCodes.Status201Created),
            _ => throw new InvalidOperationException($"A seating cannot end as {outcome.GetType().Name}."),
        };
    }

    /// <summary>Takes a seat away, and with a principal's seat those of its agents. Sessions that have nowhere to go on end before the answer is sent, unless that takes long.</summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.RemoveSeat))]
    public static async Task<IResult> Remove(Actor actor, IdempotencyKey key, HttpContext context)
    {
        var removal = new RemoveSeat(actor.Member, RoomWrite.Named(context, "seat"), Guid.CreateVersion7(), RandomNumberGenerator.GetBytes(Content.SaltLength));
        var outcome = await new RoomWrite(RoomActions.RemoveSeat, actor, key).Decide(context, (room, _) => removal.Decide(room));
        var removed = outcome is RoomOutcome.Settled { Facts: var facts } ? facts.Select(fact => fact.Data).OfType<SeatRemoved>().ToList() : [];
        return outcome is RoomOutcome.Refused { Refusal: var refusal } ? new RefusalResult(refusal)
            : new AfterEnds(Results.NoContent(), services => Task.WhenAll(removed.Select(seat =>
                EndSessionsHandler.Follow(services, new(seat.SeatID, null, null, actor.Attribution(context.TraceIdentifier))))));
    }

    private static async Task<bool> IsOwn(Guid agentID, Actor actor, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select exists (select from parle.agents where agent_id = $1 and principal_id = $2 and deleted_at is null)");
        command.Parameters.AddRange(new NpgsqlParameter[] { new() { Value = agentID }, new() { Value = actor.PrincipalID } });
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
