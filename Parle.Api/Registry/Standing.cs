using System.Text.Json;
using Parle.Api.Callers;
using Parle.Domain;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;

namespace Parle.Api.Registry;

/// <summary>One form in which an action is offered.</summary>
/// <param name="Body">What is known of the body, other members null; null when nothing is.</param>
/// <param name="Values">The path's values, beside the room and the caller's own session.</param>
public sealed record ActionOffer(object? Body, params IReadOnlyList<(string Name, string Value)> Values)
{
    /// <summary>
    /// Members that the body needs in this form, although not in every one: their places, joined by dots, and by <c>[].</c> behind a list.
    /// </summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>The shapes of members that depend on the kind of an ask, by their places.</summary>
    public IReadOnlyDictionary<string, AskShape> Shapes { get; init; } = new Dictionary<string, AskShape>();

    /// <summary>The choices that are possible now, by the places of their members; all choices for others.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Choices { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Parts of the path that only the caller can choose.</summary>
    public IReadOnlyList<Blank> InPath { get; init; } = [];

    /// <summary>A member that may be any JSON, and of which nothing is known.</summary>
    public static JsonElement Unknown { get; } = JsonElement.Parse("null");

    /// <summary>The reason why this form is refused; null when it is allowed.</summary>
    public Refusal? Refusal { get; private init; }

    /// <summary>The form that the action's path says, with nothing known of the body.</summary>
    public static ActionOffer Usual { get; } = new(Body: null);

    /// <summary>No offer, with the reason.</summary>
    public static ActionOffer Denied(Refusal refusal) => new(Body: null) { Refusal = refusal };
}

/// <summary>A caller's present situation in a room: the input of obstacles and offers. Each slice adds its own part.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="Room">Its state.</param>
/// <param name="Actor">The caller.</param>
/// <param name="Limits">The limits of a room.</param>
/// <param name="Now">The moment.</param>
public sealed record Standing(Guid RoomID, Room Room, Actor Actor, RoomLimits Limits, DateTimeOffset Now)
{
    private readonly Dictionary<Type, object> parts = [];

    /// <summary>The caller as a member of the room.</summary>
    public Member Member => Actor.Member;

    /// <summary>The calling agent.</summary>
    /// <exception cref="InvalidOperationException">A person calls.</exception>
    public Caller Agent => Actor.Agent ?? throw new InvalidOperationException("A person calls; the action has no way in for it.");

    /// <summary>The agent's presence.</summary>
    public Guid ParticipantID => Agent.ParticipantID!.Value;

    /// <summary>The limits that hold for the agent's token.</summary>
    public RoomLimits OwnLimits => Limits.For(Agent.TokenPath.Count);

    /// <summary>The part that a slice added.</summary>
    /// <typeparam name="T">A part that the slice registered, see <see cref="StandingParts.AddStandingPart"/>.</typeparam>
    /// <exception cref="KeyNotFoundException">There is none for such a caller.</exception>
    public T Part<T>() => (T)parts[typeof(T)];

    /// <summary>Finds all parts.</summary>
    /// <param name="finders">The registered parts.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task Find(IEnumerable<StandingPart> finders, CancellationToken cancellation)
    {
        foreach (var finder in finders.Where(finder => !finder.IsOfAgents || Actor.Agent is not null))
        {
            parts[finder.Type] = await finder.Find(this, cancellation);
        }
    }
}

/// <summary>A slice's part of <see cref="Standing"/>.</summary>
/// <param name="Type">The part's type.</param>
/// <param name="IsOfAgents">Whether only agents have it.</param>
/// <param name="Find">Finds it.</param>
public sealed record StandingPart(Type Type, bool IsOfAgents, Func<Standing, CancellationToken, Task<object>> Find);

/// <summary>Registers parts of <see cref="Standing"/>.</summary>
public static class StandingParts
{
    /// <summary>Adds a part that only agents have.</summary>
    /// <typeparam name="T">The part.</typeparam>
    /// <param name="services">The service's parts.</param>
    /// <param name="find">Finds it.</param>
    public static void AddStandingPart<T>(
        this IServiceCollection services, Func<IServiceProvider, Standing, CancellationToken, Task<T>> find)
        where T : notnull => services.Add(find, isOfAgents: true);

    /// <summary>Adds a part that agents and people have.</summary>
    /// <typeparam name="T">The part.</typeparam>
    /// <param name="services">The service's parts.</param>
    /// <param name="find">Finds it.</param>
    public static void AddStandingPartOfAll<T>(
        this IServiceCollection services, Func<IServiceProvider, Standing, CancellationToken, Task<T>> find)
        where T : notnull => services.Add(find, isOfAgents: false);

    private static void Add<T>(
        this IServiceCollection services, Func<IServiceProvider, Standing, CancellationToken, Task<T>> find, bool isOfAgents)
        where T : notnull => services.AddSingleton(
            provider => new StandingPart(typeof(T), isOfAgents, async (here, cancellation) => await find(provider, here, cancellation)));
}
