using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Mail;
using Parle.Api.Registry;
using Parle.Domain;
using Parle.Domain.Rooms;
using Parle.Domain.Tokens;
using Parle.Projections.Rooms;

namespace Parle.Api.Discovery;

/// <summary>What those who manage a room may do there, one row for each seat, presence or agent that it can be done to.</summary>
public static class MemberAffordances
{
    /// <summary>Most rows of one action.</summary>
    public const int MaxChoices = 50;

    private static readonly Refusal NothingToChoose =
        Refusals.NoSuchThing with { Reason = "nothing_to_choose", Unlock = "There is nothing here that this could be done to." };

    /// <summary>The rows of <paramref name="action"/>, for whom its credentials let through.</summary>
    public static IEnumerable<Affordance> Of(ParleAction action, Managing here, Guid roomID, Guid? sessionID)
    {
        if (action.MemberObstacle?.Invoke(here.Room, here.Member) is { } refusal)
        {
            return [Affordance.Denied(action, refusal)];
        }

        var choices = action.Choices?.Invoke(here).Take(MaxChoices).ToList()
            ?? (action.PathNames.All(name => name is "room" or "session") ? [new(null)] : []);
        return choices.Count == 0
            ? [Affordance.Denied(action, NothingToChoose)]
            : choices.Select(choice => Affordance.Offered(action, roomID, sessionID, choice.Body, null, choice.Values));
    }

    /// <summary>All rows of a person.</summary>
    public static IEnumerable<Affordance> OfPerson(Managing here, Guid roomID) =>
        Actions.All.Where(action => action.InRoom && (action.Access is Access.Person || action.AlsoPerson))
            .SelectMany(action => Of(action, here, roomID, null));

    /// <summary>What choices of <paramref name="actor"/> need.</summary>
    public static async Task<Managing> Find(Actor actor, Guid roomID, Room room, HttpContext context)
    {
        var database = context.RequestServices.GetRequiredService<NpgsqlDataSource>();
        var agents = await IDs(
            database, "select agent_id from parle.agents where principal_id = $1 and deleted_at is null order by agent_id",
            actor.PrincipalID, context.RequestAborted);
        var auditors = actor.AgentID is null && actor.Member.Owns(room)
            ? await IDs(database, "select auditor_id from parle.auditors where room_id = $1 and revoked_at is null order by auditor_id",
                roomID, context.RequestAborted)
            : [];
        var newest = actor.Member.SeatIn(room) is { } seat
            ? await TimelinePage.Newest(database, roomID, seat.SeatID, seat.Since, context.RequestAborted) : null;
        var managesAll = actor.Member.Owns(room) && actor.Agent?.Scopes.Contains(Scopes.RoomManage) is not false;
        var words = actor.Member.SeatIn(room) is { } own
            ? await TimelinePage.NewestWords(database, roomID, own.SeatID, own.Since, managesAll, context.RequestAborted) : null;
        return new(room, actor.Member, agents, auditors, context.RequestServices.GetRequiredService<MailSender>().CanSend, newest, words);
    }

    private static async Task<IReadOnlyList<Guid>> IDs(NpgsqlDataSource database, string sql, Guid of, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = of });
        var found = new List<Guid>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            found.Add(rows.GetGuid(0));
        }

        return found;
    }
}
