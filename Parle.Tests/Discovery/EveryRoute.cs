using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Parle.Api;
using Parle.Tests.Service;

namespace Parle.Tests.Discovery;

public class EveryRoute(TestCluster cluster)
{
    [Fact]
    public async Task of_an_agent_is_a_row_of_the_registry()
    {
        var endpoints = (await cluster.Service).Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
        var routes = endpoints.Where(
            endpoint => endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("v/", StringComparison.OrdinalIgnoreCase))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                .Select(method => $"{method} {endpoint.RoutePattern.RawText}"));

        Assert.Equal(
            Actions.All.Where(action => action.IsVersioned).Select(action => $"{action.Method} {action.Path}").Order(), routes.Order());
    }
}
