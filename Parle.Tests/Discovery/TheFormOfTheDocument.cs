using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NJsonSchema;
using Parle.Api;
using Parle.Api.Asks;
using Parle.Api.Contract;
using Parle.Api.Discovery;
using Parle.Api.Invitations;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;
using Parle.Tests.Asks;
using Parle.Tests.Service;

namespace Parle.Tests.Discovery;

/// What generators of clients depend on, see .ci/openapi.
public class TheFormOfTheDocument(TestCluster cluster)
{
    private static readonly JsonElement document = JsonElement.Parse(OpenApiRendering.Of(Actions.All));

    public static TheoryData<string> Kinds => [.. AskKinds.All.Select(kind => kind.Word)];

    [Fact]
    public void is_small() => Assert.InRange(Encoding.UTF8.GetByteCount(OpenApiRendering.Of(Actions.All)), 100_000, 600_000);

    [Theory, MemberData(nameof(Kinds))]
    public async Task tells_what_each_kind_of_ask_takes(string word)
    {
        var kind = AskKinds.Find(word)!;
        var schemas = (await NSwag.OpenApiDocument.FromJsonAsync(document.GetRawText())).Components.Schemas;
        foreach (var (name, shape) in ((string, AskShape?)[])[("Request", kind.Request), ("Answer", kind.Answer)])
        {
            Assert.Equal(shape is not null, schemas.TryGetValue($"{kind.Kind}{name}", out var closed));
            if (shape is null)
            {
                continue;
            }

            var example = JsonSerializer.SerializeToNode(AskExamples.Of(shape))!.AsObject();
            Assert.True(Accepts(closed!, example));
            Assert.True(Accepts(schemas[$"Ask{name}"], example));
            Assert.All(shape.Members.Where(member => member.IsNeeded),
                member => Assert.False(Accepts(closed!, Without(example, member.Name))));
            Assert.False(Accepts(closed!, With(example, "another", "…")));
            Assert.True(Accepts(schemas[$"{kind.Kind}{name}View"], With(example, "another", "…")));
            Assert.True(Accepts(schemas[$"Ask{name}View"], new JsonObject { ["another"] = 1 }));
        }
    }

    [Fact]
    public void describes_requests_and_answers_by_name_where_they_are_sent_and_where_they_are_read()
    {
        Assert.Equal("#/components/schemas/AskRequest", NameOf("OpenAskRequest/properties/request"));
        Assert.Equal("#/components/schemas/AskAnswer", NameOf("AnswerRequest/properties/answer"));
        Assert.Equal("#/components/schemas/AskRequestView", NameOf("AskDetails/allOf/1/properties/request"));
        Assert.Equal("#/components/schemas/AskAnswerView", NameOf("AskDetails/allOf/1/properties/answer"));
        Assert.Equal("#/components/schemas/RowPayload", NameOf("ProjectionRow/properties/payload"));

        static string? NameOf(string place) => document.At($"#/components/schemas/{place}") is var member
            && (member.TryGetProperty("allOf", out var only) || member.TryGetProperty("oneOf", out only))
            ? only[0].GetProperty("$ref").GetString() : null;
    }

    [Theory]
    [InlineData("""{"body":"hello","ask":7,"redaction":[],"left_out":"nothing"}""")]
    [InlineData("""{"body":"hello","ask":{"ask_id":"mine"}}""")]
    [InlineData("{}")]
    public async Task allows_an_author_to_say_anything_in_a_row(string payload) => Assert.Empty(
        (await NSwag.OpenApiDocument.FromJsonAsync(document.GetRawText())).Components.Schemas["RowPayload"]
            .Validate(payload, SchemaType.OpenApi3));

    [Fact]
    public async Task describes_all_that_rows_say_about_asks()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (who, other) = (room.Agents[0], room.Agents[1]);
        foreach (var action in AskActions.All.Where(action => action.NamesAsk && !action.IsSafe))
        {
            var ask = await AnAsk.For(action, who, other);
            var item = (await who.ItemsOf(ask)).FirstOrDefault();
            using var answer = await Laws.AnAffordance.Attempt(action, who, $"{who.RoomID}", ask: ask, item: item);
            Assert.True(answer.IsSuccessStatusCode, $"{action.Id}: {await answer.Content.ReadAsStringAsync()}");
        }

        await who.Opens(Asking.Review());
        var described = document.At("#/components/schemas/AskOfRow/properties").EnumerateObject().Select(member => member.Name).ToHashSet();
        var schema = (await NSwag.OpenApiDocument.FromJsonAsync(document.GetRawText())).Components.Schemas["AskPayload"];
        var said = new HashSet<string>();
        for (var page = await who.Read(); page.Messages() is [.., var last]; page = await who.Read(last.Seq()))
        {
            foreach (var row in page.Messages().Where(row => row.GetProperty("payload").TryGetProperty("ask", out _)))
            {
                var payload = row.GetProperty("payload");
                Assert.Empty(schema.Validate(payload.GetRawText(), SchemaType.OpenApi3).Select(wrong => $"{wrong} in {payload}"));
                said.UnionWith(payload.GetProperty("ask").EnumerateObject().Select(member => member.Name));
            }
        }

        Assert.Equal(described.Order(), said.Order());
    }

    /// Clients are generated from it: a parameter that is written out in each operation becomes a type of its own in each.
    [Fact]
    public void writes_shared_parameters_and_refusals_out_once()
    {
        Assert.All(Operations(), operation =>
        {
            Assert.All(Listed(operation, "parameters"), parameter => Assert.True(
                parameter.TryGetProperty("$ref", out _) || parameter.GetProperty("in").GetString() is "query", $"{parameter}"));
            Assert.All(operation.GetProperty("responses").EnumerateObject().Where(answer => int.Parse(answer.Name) >= 400),
                answer => Assert.Equal(["$ref"], answer.Value.EnumerateObject().Select(member => member.Name)));
        });
        var parameters = document.At("#/components/parameters").EnumerateObject().Select(parameter => parameter.Value).ToList();
        Assert.Single(parameters, parameter => parameter.GetProperty("name").GetString() == VersionHeader.Name);
        Assert.Equal([false, true], parameters.Where(parameter => parameter.GetProperty("name").GetString() == IdempotencyKey.Header)
            .Select(parameter => parameter.TryGetProperty("required", out var required) && required.GetBoolean()).Order());
        Assert.All(Actions.All.SelectMany(action => action.PathNames).Distinct(), name =>
            Assert.Single(parameters, parameter => parameter.GetProperty("name").GetString() == name));
    }

    [Fact]
    public void has_no_dangling_reference_and_no_unused_schema()
    {
        var references = document.Everything().Where(part => part.Place.EndsWith("/$ref", StringComparison.Ordinal))
            .Select(part => part.Element.GetString()!).ToHashSet();

        Assert.All(references, reference => Assert.NotEqual(JsonValueKind.Undefined, document.At(reference).ValueKind));
        Assert.Equal(
            document.At("#/components/schemas").EnumerateObject().Select(schema => $"#/components/schemas/{schema.Name}").Order(),
            references.Where(reference => reference.StartsWith("#/components/schemas/", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void gives_every_object_with_members_a_name() => Assert.All(Schemas(), part =>
    {
        if (part.Element.TryGetProperty("properties", out _))
        {
            var place = part.Place.Split('/'); // "#", "components", "schemas", the name; or the own part of a derived type below it.
            Assert.True(place.Length is 4 || place[4..] is ["allOf", "1"], part.Place);
        }
    });

    /// OpenAPI 3.0.3: "nullable" has a meaning only beside a type, and nothing has a meaning beside a reference.
    [Fact]
    public void says_nullable_only_beside_a_type_and_nothing_beside_a_reference() => Assert.All(Schemas(), part =>
    {
        Assert.True(!part.Element.TryGetProperty("nullable", out _) || part.Element.TryGetProperty("type", out _), part.Place);
        Assert.True(!part.Element.TryGetProperty("$ref", out _) || part.Element.EnumerateObject().Count() is 1, part.Place);
    });

    /// An example's members that are not required may be left out; those that are, are never null.
    [Fact]
    public void requires_of_bodies_what_may_not_be_left_out()
    {
        foreach (var action in Actions.All.Where(action => action.Body is not null))
        {
            var schema = document.Resolved(BodyOf(action).GetProperty("schema"));
            var required = Listed(schema, "required").Select(name => name.GetString()!).ToHashSet();
            var example = JsonNode.Parse(BodyOf(action).GetProperty("example").GetRawText())!.AsObject();
            Assert.All(example.Select(member => member.Key).Where(name => !required.Contains(name)).ToList(), name => Assert.Null(
                RequestBody.Parse(Encoding.UTF8.GetBytes(Without(example, name).ToJsonString()), action.Body!, action.BodyJson,
                    action.Narrowing).Refusal));
            Assert.All(required, name => Assert.False(
                schema.GetProperty("properties").GetProperty(name).TryGetProperty("nullable", out _), $"{action.Id}: {name}"));
        }
    }

    [Fact]
    public void closes_no_schema_of_an_answer()
    {
        foreach (var answer in Operations().SelectMany(operation => operation.GetProperty("responses").EnumerateObject()))
        {
            var open = new HashSet<string>();
            AssertOpen(document.Resolved(answer.Value), open);
        }

        static void AssertOpen(JsonElement part, HashSet<string> seen)
        {
            foreach (var (place, element) in part.Everything())
            {
                if (element.ValueKind is JsonValueKind.Object)
                {
                    Assert.False(
                        element.TryGetProperty("additionalProperties", out var more) && more.ValueKind is JsonValueKind.False, place);
                }
                else if (place.EndsWith("/$ref", StringComparison.Ordinal) && seen.Add(element.GetString()!))
                {
                    AssertOpen(document.At(element.GetString()!), seen);
                }
            }
        }
    }

    [Fact]
    public void groups_actions_by_their_slices()
    {
        Assert.Equal(Actions.All.Select(action => action.Id).Order(),
            Slice.All.SelectMany(slice => slice.Actions).Select(action => action.Id).Order());
        Assert.Equal(Slice.All.Select(slice => slice.Name), Listed(document, "tags").Select(tag => tag.GetProperty("name").GetString()!));
        Assert.Superset(new HashSet<string> { "agent", "room", "ask", "account", "auditing", "operating", "discovery" },
            Slice.All.Select(slice => slice.Name).ToHashSet());
        Assert.All(Slice.All.SelectMany(slice => slice.Actions.Select(action => (slice, action))), one => Assert.Equal(
            [one.slice.Name], Listed(OperationOf(one.action), "tags").Select(tag => tag.GetString()!)));
    }

    [Fact]
    public void marks_retired_actions_and_the_message_of_an_error()
    {
        Assert.Equal([InvitationActions.ClaimAgent.Id], Operations().Where(operation => operation.TryGetProperty("deprecated", out _))
            .Select(operation => operation.GetProperty("operationId").GetString()!));
        Assert.True(document.At("#/components/schemas/ErrorBody/properties/message/x-ms-primary-error-message").GetBoolean());
        Assert.True(document.At("#/info").TryGetProperty("contact", out _) && document.At("#/info").TryGetProperty("license", out _));
    }

    private static IEnumerable<JsonElement> Operations() => Actions.All.Select(OperationOf);

    private static JsonElement OperationOf(ParleAction action) =>
        document.GetProperty("paths").GetProperty(action.Path).GetProperty(action.Method.ToLowerInvariant());

    private static JsonElement BodyOf(ParleAction action) =>
        OperationOf(action).GetProperty("requestBody").GetProperty("content").GetProperty("application/json");

    private static IEnumerable<(string Place, JsonElement Element)> Schemas() =>
        document.At("#/components/schemas").Everything("#/components/schemas").Where(part => part.Element.ValueKind is JsonValueKind.Object
            && !part.Place.EndsWith("/properties", StringComparison.Ordinal) && part.Place.Contains("schemas/", StringComparison.Ordinal));

    private static IEnumerable<JsonElement> Listed(JsonElement part, string name) =>
        part.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];

    private static bool Accepts(JsonSchema schema, JsonObject value) =>
        schema.Validate(value.ToJsonString(), SchemaType.OpenApi3).Count == 0;

    private static JsonObject Without(JsonObject whole, string name)
    {
        var part = whole.DeepClone().AsObject();
        part.Remove(name);
        return part;
    }

    private static JsonObject With(JsonObject whole, string name, JsonNode value)
    {
        var more = whole.DeepClone().AsObject();
        more[name] = value;
        return more;
    }
}
