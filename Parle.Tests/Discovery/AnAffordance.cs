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
    public async Task names_an_operation_of_the_openapi_document_and_the_schema_of_its_body()
    {
        var service = await cluster.Service;
        var agent = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var document = JsonElement.Parse(await service.Client().GetStringAsync(DiscoveryPaths.OpenApi));
        var paths = document.GetProperty("paths");

        var answer = await (await agent.Call(AffordanceActions.ReadAffordances, agent.RoomID.ToString())).Json(HttpStatusCode.OK);

        var affordances = answer.GetProperty("affordances").EnumerateArray().ToList();
        Assert.NotEmpty(affordances);
        Assert.All(affordances, affordance => Assert.Equal(
            affordance.GetProperty("action").GetString(),
            paths.GetProperty(affordance.GetProperty("path").GetString()!)
                .GetProperty(affordance.GetProperty("method").GetString()!.ToLowerInvariant()).GetProperty("operationId").GetString()));
        var schemas = affordances.Where(affordance => affordance.TryGetProperty("schema", out _))
            .Select(affordance => affordance.GetProperty("schema").GetString()!).ToList();
        Assert.NotEmpty(schemas);
        Assert.All(schemas, schema =>
        {
            Assert.StartsWith($"{DiscoveryPaths.OpenApi}#/", schema);
            Assert.True(document.At(schema[DiscoveryPaths.OpenApi.Length..]).TryGetProperty("type", out _), schema);
        });
    }
}
