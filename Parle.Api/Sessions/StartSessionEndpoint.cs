using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Marten;
using NJsonSchema.Annotations;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Sessions;
using Parle.Projections;
using Wolverine;

namespace Parle.Api.Sessions;

/// <summary>The body of a session start: nothing.</summary>
/// <param name="Alias">Refused: an alias is claimed after the start.</param>
public sealed record StartSessionRequest(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonSchemaIgnore] JsonElement? Alias);

/// <summary>A session, with its credential, shown this once.</summary>
/// <param name="AgentSessionID">The session.</param>
/// <param name="SessionCredential">Send it as <c>Parle-Agent-Session</c>.</param>
/// <param name="SessionHandle">The session's anonymous handle.</param>
/// <param name="Address">Where it can be reached.</param>
/// <param name="Alias">Null: none is held.</param>
/// <param name="Generation">0 for an anonymous session.</param>
/// <param name="CreatedAt">When it started.</param>
/// <param name="ExpiresAt">When its life is over, or that of its token; nothing extends it.</param>
/// <param name="AgentID">The agent.</param>
/// <param name="Principal">For whom it acts.</param>
/// <param name="Rooms">The rooms that the token opens.</param>
/// <param name="Next">The next call to make; null when the token opens no room.</param>
public sealed record StartedSession(
    Guid AgentSessionID, string SessionCredential, string SessionHandle, string Address, string? Alias, int Generation,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, Guid AgentID, PrincipalName Principal, IReadOnlyList<RoomName> Rooms,
    NextCall? Next)
{
    /// <summary>An answer as it is sent, but for the credential.</summary>
    public static StartedSession Example { get; } = new(
        new("019a7c1e-0b44-7a0c-9d3e-5c7b9a1f3d02"), "parle_ses_…", "c7w2k5n4q3zx6m7a", "@alice.builder.c7w2k5n4q3zx6m7a", null, 0,
        new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero), new(2026, 8, 17, 22, 0, 0, TimeSpan.Zero), new("019a7c1d-33c2-7f0d-b1a9-4e6c8d0f2b02"),
        PrincipalName.Example, [RoomName.Example], new("enter_room", "POST", $"/v/rooms/{RoomName.Example.RoomID}/participants"));
}

/// <summary>Starts a run of the token's agent.</summary>
public static class StartSessionEndpoint
{
    /// <summary>
    /// Records the start, keeps the credential's hash, and hands the credential out. A token with too many live sessions is not refused:
    /// its longest silent sessions end, since a killed host ends none itself.
    /// </summary>
    [Serves(typeof(SessionActions), nameof(SessionActions.StartSession))]
    public static async Task<(IResult Answer, OutgoingMessages Messages)> Start(
        StartSessionRequest body, Caller caller, IDocumentSession session, LiveSessions live, ServerKey server, TimeProvider clock,
        PrincipalLocks locks, Correlation correlation, CancellationToken cancellation)
    {
        if (body.Alias is { ValueKind: not JsonValueKind.Null })
        {
            return (new RefusalResult(Refusals.ValidationFailed.Because("An alias is claimed after the session has started, not with it.")),
                []);
        }

        await locks.Take(session, caller.AgentID);
        var now = clock.GetUtcNow();
        var sessionID = Guid.CreateVersion7(now);
        var credential = CredentialKind.AgentSession.Mint();
        var (refusal, ending) = await live.MakeRoom(session, caller, cancellation);
        if (refusal is not null)
        {
            return (new RefusalResult(refusal), []);
        }

        var handle = AnonymousHandle.From(RandomNumberGenerator.GetBytes(AnonymousHandle.Length));
        var started = (SessionStarted)new StartSession(caller.AgentID, handle, caller.TokenID, caller.TokenPath, caller.EndsAt)
            .Decide(now).Facts[0].Data;
        var attribution = (caller with { Session = null }).Attribution(correlation.ID); // The start is not by another session's right.

        session.Events.StartStream(sessionID, session.BuildFact(started, Guid.CreateVersion7(now), now, attribution));
        session.QueueOperation(Credentials.Keep(server, credential, sessionID));

        var leaving = new List<LeaveRooms>();
        foreach (var stale in ending)
        {
            var (state, version) = await session.Fold<AgentSession>(stale, AgentSession.Apply, cancellation);
            foreach (var fact in new EndSession(SessionEnded.TooMany).Decide(state).Facts)
            {
                session.AppendAt(stale, version, fact.Data, now, attribution);
                leaving.Add(new(stale, attribution));
            }
        }

        var rooms = ReadSelfEndpoint.RoomsOf(caller);
        var answer = Results.Json(
            new StartedSession(
                sessionID, credential.Reveal(), started.Handle,
                new Domain.Names.Address(caller.PrincipalHandle, caller.AgentHandle, started.Handle).ToString(), null, 0, now,
                started.ExpiresAt, caller.AgentID, new(caller.PrincipalID, caller.PrincipalHandle), rooms,
                rooms is [var room, ..] ? NextCall.To(SessionActions.EnterRoom, room.RoomID) : null),
            WireJson.Options,
            statusCode: StatusCodes.Status201Created);
        return (new AnswerAfter(answer, leaving), [.. leaving]);
    }
}
