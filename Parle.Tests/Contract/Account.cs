using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Rooms;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

/// Common parts of tests of the account plane.
internal static class Account
{
    /// The one answer for what is not there and for what is another one's.
    public static async Task IsRefusedAsNothing(this HttpResponseMessage answer)
    {
        var error = await answer.Refuses("not_found");
        error.HasExactly("code", "message", "action", "retryable", "scope", "retry_after_ms");
        Assert.Equal(
            (HttpStatusCode.NotFound, "stop", false, "account"),
            (answer.StatusCode, error.Text("action"), error.GetProperty("retryable").GetBoolean(), error.Text("scope")));
    }

    public static Task<Guid> IDOfAgent(this ParleService service, TestAgent agent) =>
        service.Scalar<Guid>("select agent_id from parle.agent_sessions where session_id = $1", agent.SessionID);

    /// Gives a person a seat of its own, as an accepted invitation would.
    public static async Task<Guid> Admit(this ParleService service, TestPrincipal person, Guid roomID)
    {
        var seat = new SeatAdmitted(Guid.CreateVersion7(), person.PrincipalID, null, History.FromAdmission);
        await service.Record(roomID, seat);
        return seat.SeatID;
    }

    /// Gives agents of these principals seats.
    public static async Task Admit(this ParleService service, IReadOnlyList<string> handles, Guid roomID)
    {
        var agents = await service.Rows(
            "select agent_id, principal_id from parle.agents join parle.principals p using (principal_id) where p.handle = any($1)",
            row => (Agent: row.GetGuid(0), Principal: row.GetGuid(1)), (object)handles.ToArray());
        await service.Record(roomID,
            [.. agents.Select(agent => new SeatAdmitted(Guid.CreateVersion7(), agent.Principal, agent.Agent, History.FromAdmission))]);
    }

    /// The same session with a token minted for the seat that its agent has now.
    public static async Task<TestAgent> WithNewToken(this ParleService service, OwnedRoom room, int who)
    {
        var provisioned = await service.Provision(
            new([], [], [new("build", room.Owner.Handle, Tokens: [new($"@{room.People[who].Handle}.helper")])]), newTokens: true);
        return room.Agents[who].In(room.RoomID, provisioned.Rooms[0].Tokens[0].Token!, service.Client());
    }

    private static async Task Record(this ParleService service, Guid roomID, params object[] facts)
    {
        var outcome = await service.Host.Services.GetRequiredService<RoomWriters>().Decide(
            new(roomID, new("operator:test", Guid.CreateVersion7(), ["operator:test"], "test"), (_, _) => Decision.RecordAll(facts)));
        Assert.IsType<RoomOutcome.Settled>(outcome);
    }
}
