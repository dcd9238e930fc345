using System.ComponentModel;
using Marten;
using Parle.Api.Aliases;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Registry;
using Parle.Api.Wakeups;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Aliases;
using Parle.Domain.Names;
using Parle.Projections;
using Parle.Projections.Aliases;
using Parle.Projections.Principals;

namespace Parle.Api.Agents;

/// <summary>The body of a setting.</summary>
/// <param name="OfflineDelivery">On or off.</param>
public sealed record OfflineDeliveryRequest(
    [property: Description("Whether messages are taken for the alias while no session has it.")] bool? OfflineDelivery)
{
    /// <summary>A setting that is accepted.</summary>
    public static OfflineDeliveryRequest Example { get; } = new(true);
}

/// <summary>What giving an alias up would do.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="AliasGeneration">How often it was taken over; say so when you release it.</param>
/// <param name="Terminal">True: it cannot be undone, only claimed anew.</param>
/// <param name="Effects">What it would do, for people.</param>
public sealed record AliasReleasePreview(string Alias, long AliasGeneration, bool Terminal, IReadOnlyList<string> Effects)
{
    /// <summary>An answer as it is sent.</summary>
    public static AliasReleasePreview Example { get; } = Of(
        "night-shift", AliasState.NeverClaimed with { Generation = 1, SessionID = Guid.Empty });

    internal static AliasReleasePreview Of(string alias, AliasState state) => new(
        alias, state.Generation, true,
        state.Released ? []
        :
        [
            "Messages to the alias reach nobody until it is claimed again.",
            "A session that has it goes on under its own handle.",
            "Work that waits for the alias waits for whoever claims it next.",
            "Its offline delivery settings are forgotten.",
        ]);
}

/// <summary>The body of a release.</summary>
/// <param name="ExpectedAliasGeneration">As previewed.</param>
public sealed record ReleaseAliasRequest([property: Description("The alias_generation of the preview.")] long? ExpectedAliasGeneration)
{
    /// <summary>A release of what the preview's example shows.</summary>
    public static ReleaseAliasRequest Example { get; } = new(1);
}

/// <summary>An alias that is nobody's now.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="ReleasedAliasGeneration">How often it had been taken over.</param>
/// <param name="Released">True.</param>
public sealed record ReleasedAlias(string Alias, long ReleasedAliasGeneration, bool Released)
{
    /// <summary>An answer as it is sent.</summary>
    public static ReleasedAlias Example { get; } = new("night-shift", 1, true);
}

/// <summary>Actions of a person on the aliases of its agents' sessions.</summary>
public static class AgentAliasEndpoints
{
    /// <summary>Reads the setting for all rooms.</summary>
    [Serves(typeof(AgentActions), nameof(AgentActions.ReadOfflineDelivery))]
    public static Task<IResult> Read(Guid agent, string alias, Person person, IQuerySession session, CancellationToken cancellation) =>
        Read(new(agent, alias, person), null, session, cancellation);

    /// <summary>Reads the setting for the room of the path.</summary>
    [Serves(typeof(AgentActions), nameof(AgentActions.ReadRoomOfflineDelivery))]
    public static async Task<IResult> ReadInRoom(Guid agent, string alias, Guid room, Person person, IQuerySession session,
        RoomStates states, CancellationToken cancellation) =>
        await HasSeat(agent, room, states, cancellation)
            ? await Read(new(agent, alias, person), room, session, cancellation) : new RefusalResult(Refusals.NoSuchThing);

    /// <summary>Changes the setting for all rooms.</summary>
    [Serves(typeof(AgentActions), nameof(AgentActions.SetOfflineDelivery))]
    public static Task<IResult> Set(Guid agent, string alias, OfflineDeliveryRequest body, Person person, IDocumentSession session,
        TimeProvider clock, PrincipalLocks locks, Correlation correlation, CancellationToken cancellation) =>
        Set(new(agent, alias, person), null, body, session, clock, locks, correlation, cancellation);

    /// <summary>Changes the setting for the room of the path.</summary>
    [Serves(typeof(AgentActions), nameof(AgentActions.SetRoomOfflineDelivery))]
    public static async Task<IResult> SetInRoom(Guid agent, string alias, Guid room, OfflineDeliveryRequest body, Person person,
        IDocumentSession session, RoomStates states, TimeProvider clock, PrincipalLocks locks, Correlation correlation,
        CancellationToken cancellation) =>
        await HasSeat(agent, room, states, cancellation)
            ? await Set(new(agent, alias, person), room, body, session, clock, locks, correlation, cancellation)
            : new RefusalResult(Refusals.NoSuchThing);

    /// <summary>Switches it on for all rooms and in every room.</summary>
    [Serves(typeof(AgentActions), nameof(AgentActions.RestoreOfflineDelivery))]
    public static Task<IResult> Restore(Guid agent, string alias, Person person, IDocumentSession session, TimeProvider clock,
        PrincipalLocks locks, Correlation correlation, CancellationToken cancellation) => Change(
            new(agent, alias, person), null, new RestoreOfflineDelivery(alias).Decide, session, clock, locks, correlation, cancellation);

    /// <summary>Returns the effects of a release, without releasing.</summary>
    [Serves(typeof(AgentActions), nameof(AgentActions.PreviewAliasRelease))]
    public static async Task<IResult> Preview(
        Guid agent, string alias, Person person, IQuerySession session, CancellationToken cancellation)
    {
        var aliases = await new NamedAlias(agent, alias, person).Find(session, cancellation);
        return (SessionAlias.Obstacle(alias) ?? Hidden(aliases is null ? Refusals.NoSuchThing : ReleaseAlias.Obstacle(aliases[alias])))
            is { } refusal
            ? new RefusalResult(refusal)
            : Results.Json(AliasReleasePreview.Of(alias, aliases![alias]), WireJson.Options);
    }

    /// <summary>Releases an alias. Its session goes on under its own handle.</summary>
    [Serves(typeof(AgentActions), nameof(AgentActions.ReleaseAlias))]
    public static async Task<IResult> Release(Guid agent, string alias, ReleaseAliasRequest body, Person person, Write write,
        IDocumentSession session, TimeProvider clock, CancellationToken cancellation)
    {
        var named = new NamedAlias(agent, alias, person);
        Guid? anonymous = null;
        var answer = await write.Once<ReleasedAlias>(
            session, body,
            async attribution =>
            {
                await PrincipalLocks.TakeToo(session, agent, cancellation);
                var decision = await named.Find(session, cancellation) is not { } aliases ? Refusals.NoSuchThing
                    : SessionAlias.Obstacle(alias) is { } none ? none
                    : body.ExpectedAliasGeneration is not { } expected ? Refusals.ValidationFailed.Because(
                        "expected_alias_generation must be the alias_generation that you previewed.")
                    : new ReleaseAlias(alias, expected).Decide(aliases);
                if (Hidden(decision.Refusal) is { } refusal)
                {
                    return (refusal, null);
                }

                if (decision.Facts is [var released])
                {
                    anonymous = (await named.Find(session, cancellation))![alias].SessionID;
                    Append(session, agent, released.Data, attribution, clock.GetUtcNow());
                }

                return (null, new(alias, body.ExpectedAliasGeneration!.Value, true));
            },
            (kept, _) => Results.Json(kept, WireJson.Options));
        return anonymous is { } sessionID ? new AccessChanged(answer, sessionID) : answer;
    }

    private static async Task<IResult> Read(NamedAlias named, Guid? roomID, IQuerySession session, CancellationToken cancellation)
    {
        var aliases = await named.Find(session, cancellation);
        return (SessionAlias.Obstacle(named.Alias)
            ?? Hidden(aliases is null ? Refusals.NoSuchThing : DisableOfflineDelivery.Obstacle(aliases[named.Alias]))) is { } refusal
            ? new RefusalResult(refusal)
            : OfflineDeliveryEndpoints.Answer(named.Alias, roomID, aliases![named.Alias], changed: null);
    }

    private static Task<IResult> Set(NamedAlias named, Guid? roomID, OfflineDeliveryRequest body, IDocumentSession session,
        TimeProvider clock, PrincipalLocks locks, Correlation correlation, CancellationToken cancellation) =>
        body.OfflineDelivery is { } on
            ? Change(
                named, roomID, new SetOfflineDelivery(named.Alias, roomID, on).Decide, session, clock, locks, correlation, cancellation)
            : Task.FromResult<IResult>(new RefusalResult(Refusals.ValidationFailed.Because("offline_delivery must be true or false.")));

    private static async Task<IResult> Change(NamedAlias named, Guid? roomID, Func<AgentAliases, Decision> decide, IDocumentSession session,
        TimeProvider clock, PrincipalLocks locks, Correlation correlation, CancellationToken cancellation)
    {
        await locks.Take(session, named.AgentID);
        var aliases = await named.Find(session, cancellation);
        if ((SessionAlias.Obstacle(named.Alias) ?? Hidden(aliases is null ? Refusals.NoSuchThing : decide(aliases).Refusal))
            is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        var facts = decide(aliases!).Facts;
        foreach (var fact in facts)
        {
            Append(session, named.AgentID, fact.Data, Actor.Of(named.Person).Attribution(correlation.ID), clock.GetUtcNow());
            aliases = AgentAliases.Apply(aliases!, fact.Data);
        }

        return OfflineDeliveryEndpoints.Answer(named.Alias, roomID, aliases![named.Alias], changed: facts.Count > 0);
    }

    // Under the agent's lock nobody else writes, so no version is expected.
    private static void Append(IDocumentSession session, Guid agentID, object fact, Attribution attribution, DateTimeOffset now) =>
        session.Events.Append(agentID, session.BuildFact(fact, Guid.CreateVersion7(now), now, attribution));

    private static async Task<bool> HasSeat(Guid agentID, Guid roomID, RoomStates states, CancellationToken cancellation) =>
        (await states.Read([roomID], cancellation))[roomID].Room?.SeatOf(agentID) is not null;

    // An alias that was never claimed is answered like an agent that is not the person's.
    private static Refusal? Hidden(Refusal? refusal) => refusal?.Code == Refusals.NotFound.Code ? Refusals.NoSuchThing : refusal;

    private sealed record NamedAlias(Guid AgentID, string Alias, Person Person)
    {
        /// <summary>The alias in the agent's aliases; null when the agent is not the person's.</summary>
        public async Task<AgentAliases?> Find(IQuerySession session, CancellationToken cancellation) =>
            await AgentQueries.IsOf(session, AgentID, Person.PrincipalID, cancellation)
                ? (await AliasQueries.Of(session, AgentID, Alias, null, cancellation)).Aliases : null;
    }
}
