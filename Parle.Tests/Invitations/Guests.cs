using System.Net;
using System.Text;
using Parle.Tests.Contract;
using Parle.Tests.Crash;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Invitations;

/// A life in which everything happens that can happen to invitations, auditors and operators.
public static class Guests
{
    public static async Task ComeAndGo(ParleService service)
    {
        var host = await service.NewOwnedRoom(1);
        var guest = await service.NewPerson();
        var (agentID, keys) = (await guest.Creates(), $"/v/rooms/{host.RoomID}/join-keys");

        var invited =
            (await (await host.Owner.Post($"/v/rooms/{host.RoomID}/invites", new { target = new { kind = "agent", agent_id = agentID } }))
                .Json(HttpStatusCode.Created)).Text("invite_id");
        var token = (await (await guest.Post($"/v/agents/{agentID}/tokens", new { invite_id = invited, scopes = new[] { "claim_invite" } }))
            .Json(HttpStatusCode.Created)).Text("token");
        await (await new TestAgent(service.Client(), host.RoomID, token)
            .Send(HttpMethod.Post, $"/v/room-invitations/{invited}/accept", "{}")).Json(HttpStatusCode.Accepted);
        await (await guest.Post($"/v/agent-admissions/{invited}", new { decision = "approve" })).Json(HttpStatusCode.OK);

        var key = await (await host.Owner.Post(keys, new { ttl_seconds = 1 })).Json(HttpStatusCode.Created);
        await Until.Holds(async () =>
        {
            key = await (await host.Owner.Post(keys, new { label = "a label" })).Json(HttpStatusCode.Created);
            return await service.Count(host.RoomID, "invitation_lapsed") > 0;
        });
        await (await host.Owner.Delete($"{keys}/{key.Text("join_key_id")}")).IsEmptyWith(HttpStatusCode.NoContent);
        key = await (await host.Owner.Post(keys, new { })).Json(HttpStatusCode.Created);
        await (await service.Client()
            .PostAsync("/v/join", new StringContent($$"""{"key":"{{key.Text("key")}}"}""", Encoding.UTF8, "application/json")))
            .Json(HttpStatusCode.Created);

        var auditor = await (await host.Owner.Post($"/v/rooms/{host.RoomID}/auditors", new { label = "a label" }))
            .Json(HttpStatusCode.Created);
        using var reader = service.Client();
        reader.DefaultRequestHeaders.Add("Authorization", $"Bearer {auditor.Text("token")}");
        await (await reader.GetAsync($"/v/rooms/{host.RoomID}/record")).Json(HttpStatusCode.OK);
        await (await host.Owner.Post($"/v/rooms/{host.RoomID}/auditors/{auditor.Text("auditor_id")}/revoke"))
            .IsEmptyWith(HttpStatusCode.NoContent);
        await (await host.Owner.Get($"/v/rooms/{host.RoomID}/seats/{await host.Owner.SeatOf(host.Agents[0])}/ledger"))
            .Json(HttpStatusCode.OK);
        var night = Assert.Single((await service.Provision(new(Operators: [new("night-shift")]))).Operators!);
        using var operates = service.Client();
        operates.DefaultRequestHeaders.Add("Authorization", $"Bearer {night.Token}");
        await (await operates.GetAsync("/v/record?type=room_opened")).Json(HttpStatusCode.OK);
        await service.Provision(new(Operators: [new("night-shift", Dismissed: true)]));
    }
}
