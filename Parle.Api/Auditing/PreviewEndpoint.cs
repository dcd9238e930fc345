using System.ComponentModel;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Npgsql;
using Parle.Api.Accounts;
using Parle.Api.Aliases;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Reading;
using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Api.Sessions;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Auditing;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;
using Parle.Projections.Auditing;
using Parle.Projections.Rooms;

namespace Parle.Api.Auditing;

/// <summary>What somebody would see.</summary>
/// <param name="SeatID">Who has this seat.</param>
/// <param name="Admission">Who would be admitted.</param>
/// <param name="Message">Who is in the room, of a message.</param>
/// <param name="SinceSeq">From where.</param>
/// <param name="After">Of a message: only seats behind this one.</param>
public sealed record PreviewRequest(
    [property: Description("What this seat would see, now."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    Guid? SeatID = null,
    [property: Description("What somebody would see who is admitted now."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    PreviewAdmission? Admission = null,
    [property: Description("In whose views a message would stand that is said now."),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PreviewMessage? Message = null,
    [property: Description("The last seq that the reader has, for pages. Absent: 0."),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? SinceSeq = null,
    [property: Description("With message: the next of the page before. Absent: from the first seat."),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? After = null)
{
    /// <summary>One that is accepted.</summary>
    public static PreviewRequest Example { get; } = new(Admission: new(SeatedAgent.Example.AgentID, null, "all"));
}

/// <summary>An admission that did not happen.</summary>
/// <param name="AgentID">Of this agent.</param>
/// <param name="PrincipalID">Or of this person or organisation.</param>
/// <param name="History">Where its view would begin.</param>
public sealed record PreviewAdmission(
    [property: Description("The agent, or else principal_id."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? AgentID,
    [property: Description("The person or organisation, or else agent_id."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    Guid? PrincipalID,
    [property: Description("from_admission or all. Absent: from_admission."), MayBeAbsent] string? History);

/// <summary>A message that was not said.</summary>
/// <param name="ParticipantID">By whom.</param>
/// <param name="Addressing">For whom.</param>
public sealed record PreviewMessage(
    [property: Description("Who would say it, from the room's participants.")] Guid? ParticipantID,
    [property: Description("As for post_message. Absent: whoever reads it."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    SubmitAddressing? Addressing);

/// <summary>What would be seen, or by whom.</summary>
/// <param name="RoomID">In which room.</param>
/// <param name="Page">The next page of the reader; null for messages.</param>
/// <param name="Seats">In whose views the message would stand, by the ids of the seats; null for pages.</param>
/// <param name="Next">Where there are more seats: pass it back as <c>after</c>; null otherwise.</param>
public sealed record Preview(Guid RoomID, ProjectionPage? Page, IReadOnlyList<PreviewedSeat>? Seats, Guid? Next)
{
    /// <summary>One, as it is sent.</summary>
    public static Preview Example { get; } = new(EnteredRoom.Example.RoomID, ProjectionPage.Example, null, null);
}

/// <summary>A seat in whose view a message would stand.</summary>
/// <param name="SeatID">Which seat.</param>
/// <param name="Address">Whose.</param>
/// <param name="Seq">Where in its view.</param>
public sealed record PreviewedSeat(Guid SeatID, string Address, long Seq);

/// <summary>
/// Shows a room's owner what a seat would see. The event in question is decided as usual but not recorded; the access is.
/// </summary>
public static class PreviewEndpoint
{
    /// <summary>Returns a page of a view, or the seats in whose views a message would stand.</summary>
    [Serves(typeof(LedgerActions), nameof(LedgerActions.PreviewRoom))]
    public static async Task<IResult> Show(
        Guid room, PreviewRequest body, Actor actor, Correlation correlation, RoomStates states, NpgsqlDataSource database,
        AliasLookup aliases, AccountLimits limits, RoomLimits pauses, AuditLog log, Generation generation, TimeProvider clock,
        CancellationToken cancellation)
    {
        var state = (await states.Read([room], cancellation))[room].Room;
        if (AppointAuditor.Obstacle(state, actor.Member) is { } stranger)
        {
            return new RefusalResult(stranger);
        }

        var preview = new RoomPreview(room, state!, database, generation.Name, clock.GetUtcNow(), cancellation);
        var (answer, refusal) = body switch
        {
            { SinceSeq: < 0 or > 1L << 53 } => (null, Refusals.ValidationFailed.Because("since_seq must be 0 or more.")),
            { SeatID: { } seatID, Admission: null, Message: null, After: null } => await preview.OfSeat(seatID, body.SinceSeq ?? 0),
            { SeatID: null, Admission: { } admission, Message: null, After: null } =>
                await preview.OfAdmission(admission, limits.SeatsPerRoom, body.SinceSeq ?? 0),
            { SeatID: null, Admission: null, Message: { } message } =>
                await preview.OfMessage(message, body.After ?? Guid.Empty, aliases, pauses),
            _ => (null, Refusals.ValidationFailed.Because("Send one of seat_id, admission and message; after goes with message alone.")),
        };
        if (refusal is not null)
        {
            return new RefusalResult(refusal);
        }

        await log.RecordAccess(actor.PrincipalID, new LedgerRead(room, "preview", body.Message is null, SeatID: body.SeatID),
            actor.Attribution(correlation.ID), cancellation);
        return Results.Json(answer, WireJson.Options);
    }
}

/// <summary>A room in its present state, to try an event on.</summary>
internal sealed record RoomPreview(
    Guid RoomID, Room Room, NpgsqlDataSource Database, string GenerationName, DateTimeOffset Now, CancellationToken Cancellation)
{
    public async Task<(Preview?, Refusal?)> OfSeat(Guid seatID, long since)
    {
        if (!Room.Seats.TryGetValue(seatID, out var seat))
        {
            return (null, Refusals.NoSuchThing);
        }

        var session = Room.Participants.Values.Where(one => one.SeatID == seatID && one.ExpiresAt > Now).MaxBy(one => one.ParticipantID);
        var rows = await TimelinePage.Read(Database, RoomID, seatID, seat.Since, since, Cancellation);
        return (Page(rows, since, session?.Address ?? await AddressOf(seat)), null);
    }

    public async Task<(Preview?, Refusal?)> OfAdmission(PreviewAdmission admission, int maxSeats, long since)
    {
        if (admission.History is not (null or "from_admission" or "all"))
        {
            return (null, Refusals.ValidationFailed.Because("history must be from_admission or all."));
        }

        var (history, seatID) = (admission.History is "all" ? History.All : History.FromAdmission, Guid.CreateVersion7(Now));
        var candidate = await Find(admission);
        var decision = candidate switch
        {
            null => Refusals.ValidationFailed.Because("Send agent_id or principal_id, of somebody there is."),
            { AgentID: { } agentID } =>
                new AdmitAgent(seatID, candidate.PrincipalID, agentID, history) { MaxSeats = maxSeats }.Decide(Room),
            _ => new AdmitPrincipal(seatID, candidate.PrincipalID, history) { MaxSeats = maxSeats }.Decide(Room),
        };
        if (decision.Refusal is { } refusal)
        {
            return (null, refusal);
        }

        // The admission is placed as the room's next fact would be, so it is the last row of the new seat's view.
        var fact = decision.Facts[0].Data;
        var placement = Placement.Of(Room, fact);
        var seat = Domain.Rooms.Room.Apply(Room, fact, placement, Now)!.Seats[seatID];
        var address = await AddressOf(seat);
        var rows = (await TimelinePage.Read(Database, RoomID, seatID, seat.Since, since, Cancellation)).ToList();
        var last = rows is [.., var row] ? row.Seq : since;
        if (placement.SeqFor(seat) is { } own && own == last + 1 && rows.Count < TimelinePage.MaxRows)
        {
            rows.Add(new(own, Guid.CreateVersion7(Now), "seat_admitted", Now, null, null, address, null));
        }

        return (Page(rows, since, address), null);
    }

    public async Task<(Preview?, Refusal?)> OfMessage(PreviewMessage message, Guid after, AliasLookup aliases, RoomLimits pauses)
    {
        if (SubmitAddressing.Read(message.Addressing, out var kind, out var to) is { } wrong)
        {
            return (null, wrong);
        }

        if (message.ParticipantID is not { } participantID || !Room.Participants.ContainsKey(participantID))
        {
            return (null, Refusals.ValidationFailed.Because("participant_id must be somebody who is in the room."));
        }

        var known = await aliases.Find([.. to.Where(Addressee.IsLookedUp)], RoomID, Cancellation);
        var content = new Content(RandomNumberGenerator.GetBytes(Content.SaltLength), "{}");
        var decision = new PostMessage(Guid.CreateVersion7(Now), new(participantID), content, kind, to, known) { Limits = pauses }
            .Decide(Room, Now);
        if (decision.Refusal is { } refusal)
        {
            return (null, refusal);
        }

        var placement = Placement.Of(Room, decision.Facts[0].Data);
        var seats = new List<PreviewedSeat>();
        foreach (var seat in Room.Seats.Values.Where(seat => seat.SeatID.CompareTo(after) > 0).OrderBy(seat => seat.SeatID))
        {
            if (placement.SeqFor(seat) is { } seq)
            {
                seats.Add(new(seat.SeatID, await AddressOf(seat), seq));
                if (seats.Count > Paging.MaxRows)
                {
                    break;
                }
            }
        }

        var (page, next) = Paging.Fit(seats, seat => seat.SeatID);
        return (new(RoomID, null, page, next), null);
    }

    private Preview Page(IReadOnlyList<TimelineRow> rows, long since, string address) =>
        new(RoomID, RowRendering.Page(rows, since, address, GenerationName), null, null);

    private Task<AdmissionCandidate?> Find(PreviewAdmission admission) => admission switch
    {
        { AgentID: { } agentID, PrincipalID: null } => AdmissionCandidates.Agent(Database, agentID, Cancellation),
        { AgentID: null, PrincipalID: { } principalID } => AdmissionCandidates.Principal(Database, principalID, Cancellation),
        _ => Task.FromResult<AdmissionCandidate?>(null),
    };

    private async Task<string> AddressOf(Seat seat) => await Ledger.AddressOf(Database, seat.PrincipalID, seat.AgentID, Cancellation);
}
