using System.Net;
using System.Text.Json;
using Parle.Api.Discovery;
using Parle.Api.Registry;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Discovery;

public class AnAffordance(TestCluster cluster)
{
    [Fact]
    public async Task names_an_operation_of_the_openapi_document()
    {
        var service = await cluster.Service;
        var agent = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var paths = JsonElement.Parse(await service.Client().GetStringAsync(DiscoveryPaths.OpenApi)).GetProperty("paths");

        var answer = await (await agent.Call(AffordanceActions.ReadAffordances, agent.RoomID.ToString())).Json(HttpStatusCode.OK);

        var affordances = answer.GetProperty("affordances").EnumerateArray().ToList();
        Assert.NotEmpty(affordances);
        Assert.All(affordances, affordance => Assert.Equal(
            affordance.GetProperty("action").GetString(),
            paths.GetProperty(affordance.GetProperty("path").GetString()!)
                .GetProperty(affordance.GetProperty("method").GetString()!.ToLowerInvariant()).GetProperty("operationId").GetString()));
    }
}
