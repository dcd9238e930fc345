using System.ComponentModel;
using Marten;
using Npgsql;
using Parle.Api.Aliases;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Registry;
using Parle.Api.Sessions;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Aliases;
using Parle.Domain.Names;
using Parle.Projections;

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

/// <summary>What a person does with the names of its agents' sessions.</summary>
public static class AgentAliasEndpoints
{
    /// <summary>Reads the setting for all rooms.</summary>
    [Serves(typeof(AgentActions), nameof(AgentActions.ReadOfflineDelivery))]
    public static Task<IResult> Read(string alias, Person person, IQuerySession session, HttpContext context) =>
        Read(alias, null, person, session, context);

    /// <summary>Reads the setting for the room of the path.</summary>
    [Serves(typeof(AgentActions), nameof(AgentActions.ReadRoomOfflineDelivery))]
    public static async Task<IResult> ReadInRoom(
        string alias, Person person, IQuerySession session, RoomStates states, HttpContext context) =>
        await RoomWithAgent(states, context) is { } roomID
            ? await Read(alias, roomID, person, session, context) : new RefusalResult(Refusals.NoSuchThing);

    /// <summary>Changes the setting for all rooms.</summary>
    [Serves(typeof(AgentActions), nameof(AgentActions.SetOfflineDelivery))]
    public static Task<IResult> Set(
        string alias, OfflineDeliveryRequest body, Person person, IDocumentSession session, TimeProvider clock, HttpContext context) =>
        Set(alias, null, body, person, session, clock, context);

    /// <summary>Changes the setting for the room of the path.</summary>
    [Serves(typeof(AgentActions), nameof(AgentActions.SetRoomOfflineDelivery))]
    public static async Task<IResult> SetInRoom(string alias, OfflineDeliveryRequest body, Person person, IDocumentSession session,
        RoomStates states, TimeProvider clock, HttpContext context) =>
        await RoomWithAgent(states, context) is { } roomID
            ? await Set(alias, roomID, body, person, session, clock, context) : new RefusalResult(Refusals.NoSuchThing);

    /// <summary>Switches it on in general and in every room.</summary>
    [Serves(typeof(AgentActions), nameof(AgentActions.RestoreOfflineDelivery))]
    public static Task<IResult> Restore(string alias, Person person, IDocumentSession session, TimeProvider clock, HttpContext context) =>
        Change(alias, null, person, session, clock, context, new RestoreOfflineDelivery(alias).Decide);

    /// <summary>Says what a release would do, and does nothing.</summary>
    [Serves(typeof(AgentActions), nameof(AgentActions.PreviewAliasRelease))]
    public static async Task<IResult> Preview(string alias, Person person, IQuerySession session, HttpContext context)
    {
        var aliases = await Aliases(alias, person, session, context);
        return (SessionAlias.Obstacle(alias) ?? Hidden(aliases is null ? Refusals.NoSuchThing : ReleaseAlias.Obstacle(aliases[alias])))
            is { } refusal
            ? new RefusalResult(refusal)
            : Results.Json(AliasReleasePreview.Of(alias, aliases![alias]), WireJson.Options);
    }

    /// <summary>Gives an alias up. The session that had it stays where it is, under its own handle.</summary>
    [Serves(typeof(AgentActions), nameof(AgentActions.ReleaseAlias))]
    public static async Task<IResult> Release(string alias, ReleaseAliasRequest body, Person person, Write write, IDocumentSession session,
        TimeProvider clock, HttpContext context)
    {
        Guid? anonymous = null;
        var answer = await write.Once<ReleasedAlias>(
            session, body,
            async attribution =>
            {
                await PrincipalLocks.TakeToo(session, AgentEndpoints.PathOf(context), context.RequestAborted);
                var decision = await Aliases(alias, person, session, context) is not { } aliases ? Refusals.NoSuchThing
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
                    anonymous = (await Aliases(alias, person, session, context))![alias].SessionID;
                    Append(session, AgentEndpoints.PathOf(context), released.Data, attribution, clock.GetUtcNow());
                }

                return (null, new(alias, body.ExpectedAliasGeneration!.Value, true));
            },
            (kept, _) => Results.Json(kept, WireJson.Options));
        return anonymous is { } sessionID ? new AfterLeaving(answer, [], sessionID) : answer;
    }

    private static async Task<IResult> Read(string alias, Guid? roomID, Person person, IQuerySession session, HttpContext context)
    {
        var aliases = await Aliases(alias, person, session, context);
        return (SessionAlias.Obstacle(alias)
            ?? Hidden(aliases is null ? Refusals.NoSuchThing : DisableOfflineDelivery.Obstacle(aliases[alias]))) is { } refusal
            ? new RefusalResult(refusal)
            : OfflineDeliveryEndpoints.Answer(alias, roomID, aliases![alias], changed: null);
    }

    private static Task<IResult> Set(string alias, Guid? roomID, OfflineDeliveryRequest body, Person person, IDocumentSession session,
        TimeProvider clock, HttpContext context) =>
        body.OfflineDelivery is { } on
            ? Change(alias, roomID, person, session, clock, context, new SetOfflineDelivery(alias, roomID, on).Decide)
            : Task.FromResult<IResult>(new RefusalResult(Refusals.ValidationFailed.Because("offline_delivery must be true or false.")));

    private static async Task<IResult> Change(
        string alias, Guid? roomID, Person person, IDocumentSession session, TimeProvider clock, HttpContext context,
        Func<AgentAliases, Decision> decide)
    {
        var agentID = AgentEndpoints.PathOf(context);
        await PrincipalLocks.Of(context).Take(session, agentID);
        var aliases = await Aliases(alias, person, session, context);
        if ((SessionAlias.Obstacle(alias) ?? Hidden(aliases is null ? Refusals.NoSuchThing : decide(aliases).Refusal)) is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        var facts = decide(aliases!).Facts;
        foreach (var fact in facts)
        {
            Append(session, agentID, fact.Data, Actor.Of(person).Attribution(context.TraceIdentifier), clock.GetUtcNow());
            aliases = AgentAliases.Apply(aliases!, fact.Data);
        }

        return OfflineDeliveryEndpoints.Answer(alias, roomID, aliases![alias], changed: facts.Count > 0);
    }

    // Whoever has the agent's turn is the only one who writes.
    private static void Append(IDocumentSession session, Guid agentID, object fact, Attribution attribution, DateTimeOffset now) =>
        session.Events.Append(agentID, session.BuildFact(fact, Guid.CreateVersion7(now), now, attribution));

    /// <summary>The name of the path, of the agent of the path; null when that is not the person's.</summary>
    private static async Task<AgentAliases?> Aliases(string alias, Person person, IQuerySession session, HttpContext context)
    {
        var agentID = AgentEndpoints.PathOf(context);
        await using var command =
            new NpgsqlCommand("select exists (select from parle.agents where agent_id = $1 and principal_id = $2 and deleted_at is null)")
            { Parameters = { new() { Value = agentID }, new() { Value = person.PrincipalID } } };
        await using (var rows = await session.ExecuteReaderAsync(command, context.RequestAborted))
        {
            if (!await rows.ReadAsync(context.RequestAborted) || !rows.GetBoolean(0))
            {
                return null;
            }
        }

        return (await session.Aliases(agentID, alias, null, context.RequestAborted)).Aliases;
    }

    private static async Task<Guid?> RoomWithAgent(RoomStates states, HttpContext context) =>
        WireID.InPath(context, "room") is { } roomID && (await states.Read([roomID], context.RequestAborted))[roomID].Room?.SeatOf(
            AgentEndpoints.PathOf(context)) is not null ? roomID : null;

    // A name that was never claimed is as little there as another one's agent.
    private static Refusal? Hidden(Refusal? refusal) => refusal?.Code == Refusals.NotFound.Code ? Refusals.NoSuchThing : refusal;
}
