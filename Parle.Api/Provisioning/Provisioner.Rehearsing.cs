using Marten;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Rooms;
using Parle.Projections;
using Parle.Projections.Provisioning;

namespace Parle.Api.Provisioning;

// Reads and writes, in earnest or in rehearsal.
public sealed partial class Provisioner
{
    private async Task Start(Guid streamID, Decision decision, Guid principalID, string what, Action<IDocumentSession>? with = null)
    {
        Refuse(decision.Refusal, what);
        if (with is not null)
        {
            last.Add(session =>
            {
                Begin(session);
                with(session);
            });
            return;
        }

        if (rehearsal is null)
        {
            await using var session = store.LightweightSession();
            Begin(session);
            await session.SaveChangesAsync();
        }

        void Begin(IDocumentSession session) =>
            session.Events.StartStream(streamID, decision.Facts.Select(
                fact => (object)session.BuildFact(fact.Data, Guid.CreateVersion7(), clock.GetUtcNow(), By(principalID))).ToArray());
    }

    private async Task InRoom(Guid roomID, Guid ownerID, string what, Func<Room?, Decision> decide)
    {
        if (rehearsal is { } dry)
        {
            var room = await StateOf(roomID);
            var decision = decide(room);
            Refuse(decision.Refusal, what);
            dry.Rooms[roomID] = decision.Facts.Aggregate(
                room, (state, fact) => Domain.Rooms.Room.Apply(state, fact.Data, Placement.Of(state, fact.Data), clock.GetUtcNow()));
            return;
        }

        if (await writers.Decide(new(roomID, By(ownerID), (room, _) => decide(room))) is RoomOutcome.Refused { Refusal: var refusal })
        {
            Refuse(refusal, what);
        }
    }

    private async Task<Room?> StateOf(Guid roomID) =>
        rehearsal is { } dry && dry.Rooms.TryGetValue(roomID, out var rehearsed)
            ? rehearsed : (await states.Read([roomID], CancellationToken.None))[roomID].Room;

    private async Task<Guid?> FindPrincipal(string handle) => rehearsal is { } dry && dry.Principals.TryGetValue(handle, out var rehearsed)
        ? rehearsed : await Inventory.Principal(database, handle, CancellationToken.None);

    private async Task<Guid?> FindAgent(Guid principalID, string handle) =>
        rehearsal is { } dry && dry.Agents.TryGetValue((principalID, handle), out var rehearsed)
            ? rehearsed : await Inventory.Agent(database, principalID, handle, CancellationToken.None);
}
