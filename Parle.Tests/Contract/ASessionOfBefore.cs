using System.Net;
using Parle.Tests.Service;
using Parle.Tests.Tokens;

namespace Parle.Tests.Contract;

/// Law 11: a session that was recorded before sessions named their tokens belongs to its agent.
public class ASessionOfBefore(TestCluster cluster)
{
    [Fact]
    public async Task goes_on_is_ended_by_no_cap_and_only_by_a_whole_token()
    {
        var service = await cluster.Service;
        var owner = await TokenOwner.At(service);
        var child = await owner.Agent.Narrowed(service, new { });
        var (credential, sessionID) = await service.StartSessionOfBefore(owner.Agent);
        var (whole, narrow) = (owner.Agent.In(owner.RoomID, owner.Agent.Token), child.In(owner.RoomID, child.Token));
        (whole.Credential, narrow.Credential) = (credential, credential);
        await whole.Enter();

        for (var i = 0; i < 30; i++)
        {
            await (i % 2 == 0 ? owner.Agent : child).Again().StartSession();
        }

        await narrow.Read();
        var end = $"/v/agent/sessions/{sessionID}/end";
        await (await narrow.Send(HttpMethod.Post, end)).IsRefused("forbidden", "reason", "unlock");
        await (await whole.Send(HttpMethod.Post, end)).IsEmptyWith(HttpStatusCode.NoContent);
    }
}
