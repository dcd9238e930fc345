using System.Text.Json;
using NJsonSchema;
using Parle.Api;
using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Api.Sessions;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Discovery;

public class TheOpenApiDocument(TestCluster cluster)
{
    [Fact]
    public async Task is_valid_and_names_exactly_the_actions()
    {
        var (document, diagnostic) = Microsoft.OpenApi.OpenApiDocument.Parse(await Json(), "json");

        Assert.Empty(diagnostic!.Errors);
        Assert.Empty(diagnostic.Warnings);
        Assert.Equal(
            Actions.All.Select(action => action.Id).Order(),
            document!.Paths.SelectMany(path => path.Value.Operations!).Select(operation => operation.Value.OperationId).Order());
    }

    /// A body's schema refuses every member that the body refuses. No answer is closed, since answers gain members.
    [Fact]
    public async Task closes_what_takes_no_unknown_member_and_nothing_else()
    {
        var document = await NSwag.OpenApiDocument.FromJsonAsync(await Json());
        var (closed, open) = (0, 0);
        foreach (var described in document.Operations)
        {
            var action = Actions.All.Single(one => one.Id == described.Operation.OperationId);
            if (described.Operation.RequestBody?.Content["application/json"].Schema.ActualSchema is { } body)
            {
                var isClosed = Api.Contract.RequestBody.Parse(
                    "{\"zzz\":1}"u8.ToArray(), action.Body!, action.BodyJson, action.Narrowing).Refusal?.Reason
                    == Api.Contract.BodyShape.Unknown;
                Assert.True(isClosed == !body.AllowAdditionalProperties, action.Id);
                (closed, open) = isClosed ? (closed + 1, open) : (closed, open + 1);
            }

            Assert.All(described.Operation.Responses.Values.SelectMany(answer => answer.ActualResponse.Content.Values),
                content => Assert.True(content.Schema.ActualSchema.AllowAdditionalProperties, action.Id));
        }

        Assert.True(closed > 20 && open > 2, $"{closed} are closed, {open} open");
        Assert.False(document.Components.Schemas["SubmitAddressing"].AllowAdditionalProperties);
    }

    [Fact]
    public async Task gives_only_examples_that_follow_its_schemas()
    {
        var json = await Json();
        var document = await NSwag.OpenApiDocument.FromJsonAsync(json);
        var (whole, examples) = (JsonElement.Parse(json), 0);
        foreach (var described in document.Operations)
        {
            var raw = whole.GetProperty("paths").GetProperty(described.Path).GetProperty(described.Method);
            if (described.Operation.RequestBody is { } body)
            {
                examples += Check(whole, raw.GetProperty("requestBody"), body.Content);
            }

            foreach (var (status, response) in described.Operation.Responses)
            {
                examples += Check(whole, whole.Resolved(raw.GetProperty("responses").GetProperty(status)), response.ActualResponse.Content);
            }
        }

        Assert.True(examples > Actions.All.Count);
    }

    [Fact]
    public void gives_only_examples_of_calls_that_the_registry_has()
    {
        NextCall[] calls =
        [
            Self.Example.Next, StartedSession.Example.Next!,
            .. AffordanceList.Example.Affordances!.Select(
                affordance => new NextCall(affordance.Action, affordance.Method, affordance.Path)),
        ];

        Assert.All(calls, call => Assert.Contains(
            call,
            Actions.All.SelectMany(action => (NextCall[])[NextCall.To(action, null), NextCall.To(action, EnteredRoom.Example.RoomID)])));
    }

    [Theory]
    [InlineData("""{"type":"message_submitted","payload":{"body":"hello"}}""", true)]
    [InlineData("""{"type":"message_submitted","payload":{"body":"hello","turn":1,"more":{"kept":true}}}""", true)]
    [InlineData("""{"type":"message_submitted","payload":{"body":"hello"},"addressing":null}""", false)]
    [InlineData("""{"type":"message_submitted","payload":{"body":"hello"},"addressing":{"audience":"broadcast"}}""", true)]
    [InlineData("""{"type":"message_submitted","payload":{"body":"hello"},"addressing":{"audience":"direct","to":"BEN"}}""", true)]
    [InlineData("""{"type":"message_submitted","payload":{"body":"hello"},"addressing":{"audience":"direct","to":["BEN"]}}""", true)]
    [InlineData("""{"type":"message_submitted","payload":{"body":"hello"},"addressing":{"audience":"direct","to":[]}}""", false)]
    [InlineData("""{"type":"message_submitted","payload":{"body":"hello"},"addressing":{"audience":"direct","to":7}}""", false)]
    [InlineData("""{"type":"message_submitted","payload":{"body":"hello"},"addressing":{"audience":"all"}}""", false)]
    [InlineData("""{"type":"message_submitted","payload":{"body":7}}""", false)]
    [InlineData("""{"type":"message_submitted","payload":{}}""", false)]
    [InlineData("""{"type":"message_submitted","payload":"hello"}""", false)]
    [InlineData("""{"type":"message_submitted"}""", false)]
    [InlineData("""{"type":"direct_message","payload":{"body":"hello"}}""", false)]
    [InlineData("""{"payload":{"body":"hello"}}""", false)]
    public async Task allows_a_message_exactly_when_the_service_does(string message, bool allowed)
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var json = message.Replace("BEN", room.Agents[1].Address, StringComparison.Ordinal);
        var document = await NSwag.OpenApiDocument.FromJsonAsync(await Json());
        var schema = document.Operations.Single(described =>
            described.Operation.OperationId == TalkActions.PostMessage.Id).Operation.RequestBody.Content["application/json"].Schema;

        using var answer = await room.Agents[0].Post(json, "key");

        Assert.Equal(allowed, answer.IsSuccessStatusCode);
        Assert.Equal(allowed, schema.Validate(json, SchemaType.OpenApi3).Count == 0);
    }

    private static int Check(JsonElement whole, JsonElement raw, IDictionary<string, NSwag.OpenApiMediaType> content)
    {
        var checks = 0;
        foreach (var (type, media) in content)
        {
            var described = raw.GetProperty("content").GetProperty(type);
            JsonElement[] examples = described.TryGetProperty("example", out var only)
                ? [only] : [.. described.GetProperty("examples").EnumerateObject()
                    .Select(example => whole.Resolved(example.Value).GetProperty("value"))];
            foreach (var example in examples)
            {
                Assert.Empty(media.Schema.Validate(example.GetRawText(), SchemaType.OpenApi3).Select(wrong => $"{wrong} in {example}"));
                checks++;
            }
        }

        return checks;
    }

    private async Task<string> Json()
    {
        using var client = (await cluster.Service).Host.Server.CreateClient();
        return await client.GetStringAsync(DiscoveryPaths.OpenApi);
    }
}
