using System.ComponentModel;
using Marten;
using Npgsql;
using Parle.Api.Accounts;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Agents;
using Parle.Projections;
using Parle.Projections.Principals;
using Wolverine;

namespace Parle.Api.Agents;

/// <summary>A person's agents.</summary>
/// <param name="Agents">Oldest first.</param>
public sealed record AgentList(IReadOnlyList<ListedAgent> Agents)
{
    /// <summary>An answer as it is sent.</summary>
    public static AgentList Example { get; } = new(
        [new(CreatedAgent.Example.AgentID, "builder", "Builder", new(2026, 8, 17, 9, 0, 0, TimeSpan.Zero))]);
}

/// <summary>An agent.</summary>
/// <param name="AgentID">The agent.</param>
/// <param name="AgentHandle">Its handle.</param>
/// <param name="DisplayName">How it is shown.</param>
/// <param name="CreatedAt">Since when there is it.</param>
public sealed record ListedAgent(Guid AgentID, string AgentHandle, string DisplayName, DateTimeOffset CreatedAt);

/// <summary>The body of a creation.</summary>
/// <param name="AgentHandle">The handle.</param>
/// <param name="DisplayName">How it is shown.</param>
public sealed record CreateAgentRequest(
    [property: Description("Its name among your agents: 2 to 20 characters of a-z and 0-9, in groups joined by single hyphens.")]
    string? AgentHandle,
    [property: Description("How it is shown, 1 to 100 characters. Absent: its handle."), MayBeAbsent] string? DisplayName) : IFilled
{
    object IFilled.Filled => DisplayName == AgentHandle ? this with { DisplayName = null } : this;

    /// <summary>A creation that is accepted.</summary>
    public static CreateAgentRequest Example { get; } = new("builder", "Builder");
}

/// <summary>An agent that is there now.</summary>
/// <param name="AgentID">The agent.</param>
/// <param name="AgentHandle">Its handle.</param>
/// <param name="DisplayName">How it is shown.</param>
public sealed record CreatedAgent(Guid AgentID, string AgentHandle, string DisplayName)
{
    /// <summary>An answer as it is sent.</summary>
    public static CreatedAgent Example { get; } = new(new("019a7c1d-33c2-7f0d-b1a9-4e6c8d0f2b02"), "builder", "Builder");
}

/// <summary>Actions of a person on its agents.</summary>
public static class AgentEndpoints
{
    /// <summary>Lists the person's agents. Their number is limited.</summary>
    [Serves(typeof(AgentActions), nameof(AgentActions.ListAgents))]
    public static async Task<IResult> List(Person person, NpgsqlDataSource database, CancellationToken cancellation)
    {
        var found = await AgentQueries.Of(database, person.PrincipalID, cancellation);
        return Results.Json(
            new AgentList([.. found.Select(row => new ListedAgent(row.AgentID, row.Handle, row.DisplayName, row.CreatedAt))]),
            WireJson.Options);
    }

    /// <summary>Creates an agent.</summary>
    [Serves(typeof(AgentActions), nameof(AgentActions.CreateAgent))]
    public static Task<IResult> Create(CreateAgentRequest body, Person person, Write write, IDocumentSession session, AccountLimits limits,
        TimeProvider clock, CancellationToken cancellation) =>
        write.Once<CreatedAgent>(
            session, body,
            async attribution =>
            {
                var decision = new RegisterAgent(person.PrincipalID, body.AgentHandle ?? "", body.DisplayName).Decide();
                if ((decision.Refusal ?? await Obstacle(session, person.PrincipalID, body.AgentHandle!, limits, cancellation))
                    is { } refusal)
                {
                    return (refusal, null);
                }

                var (agentID, now, registered) = (Guid.CreateVersion7(), clock.GetUtcNow(), (AgentRegistered)decision.Facts[0].Data);
                session.Events.StartStream(agentID, session.BuildFact(registered, Guid.CreateVersion7(now), now, attribution));
                return (null, new(agentID, registered.Handle, registered.DisplayName));
            },
            (created, _) => Results.Json(created, WireJson.Options, statusCode: StatusCodes.Status201Created));

    /// <summary>
    /// Deletes an agent. Its credentials are invalid at once. All else that it has ends soon, even if this service dies in between.
    /// </summary>
    [Serves(typeof(AgentActions), nameof(AgentActions.DeleteAgent))]
    public static async Task<(IResult Answer, OutgoingMessages Messages)> Delete(
        Guid agent, Person person, Write write, IDocumentSession session, TimeProvider clock, CancellationToken cancellation)
    {
        EndAgent? ended = null;
        var answer = await write.Once<DeletedAgent>(
            session, body: null,
            async attribution =>
            {
                await PrincipalLocks.TakeToo(session, agent, cancellation);
                var (state, version) = await session.Fold<Agent>(agent, Agent.Apply, cancellation);
                var decision = new DeleteAgent(person.PrincipalID).Decide(state);
                if (decision.Refusal is { } refusal)
                {
                    return (refusal, null);
                }

                var now = clock.GetUtcNow();
                session.AppendAt(agent, version, decision.Facts[0].Data, now, attribution);
                ended = new(agent, attribution);
                return (null, new(agent));
            },
            (_, _) => Results.NoContent());
        return ended is null ? (answer, []) : (new AnswerAfter(answer, ended), [ended]);
    }

    private static async Task<Refusal?> Obstacle(
        IDocumentSession session, Guid principalID, string handle, AccountLimits limits, CancellationToken cancellation)
    {
        var agents = await AgentQueries.Count(session, principalID, handle, cancellation);
        return agents.HasHandle ? Refusals.HandleUnavailable : limits.AgentObstacle(agents.Count);
    }

    private sealed record DeletedAgent(Guid AgentID);
}
