using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NJsonSchema;
using NSwag;
using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;

namespace Parle.Api.Discovery;

/// <summary>The registry as an OpenAPI document.</summary>
public sealed class OpenApiRendering
{
    private const string Json = "application/json";

    // Times keep the exact text of the wire; the document's own writer would format them differently.
    private static readonly JsonSerializerSettings asWritten = new() { DateParseHandling = DateParseHandling.None };

    private readonly OpenApiDocument document = new()
    {
        SchemaType = SchemaType.OpenApi3,
        OpenApi = "3.0.3",
        Info = new()
        {
            Title = "Parle",
            Version = VersionHeader.Current,
            Description = LlmsTxt.Summary + $" Start with `{DiscoveryPaths.Guide}`.",
            Contact = new() { Name = "The people of Parle" },
            License = new() { Name = "Apache 2.0", Url = "https://www.apache.org/licenses/LICENSE-2.0" },
        },
        Servers = { new() { Url = "/" } },
        Tags = [.. Slice.All.Select(slice => new OpenApiTag { Name = slice.Name, Description = slice.Description })],
    };

    private readonly WireSchemas schemas;

    private OpenApiRendering() => schemas = new(document);

    /// <summary>The document as JSON, without white space.</summary>
    public static string Of(IReadOnlyList<ParleAction> actions)
    {
        var rendering = new OpenApiRendering();
        rendering.DescribeCredentials();
        foreach (var action in actions)
        {
            rendering.Add(action);
        }

        rendering.Settle(actions);

        var json = JsonConvert.DeserializeObject<JToken>(rendering.document.ToJson(SchemaType.OpenApi3, Formatting.None), asWritten)!;
        Correct(json);
        return json.ToString(Formatting.None) + "\n";
    }

    // NSwag's writer puts an empty description beside a reference to a response, and refers to the schema of a parameter in its place.
    private static void Correct(JToken json)
    {
        foreach (var answer in json.SelectTokens("$.paths.*.*.responses.*").OfType<JObject>().Where(answer => answer.ContainsKey("$ref")))
        {
            answer.Remove("description");
        }

        foreach (var reference in json.SelectTokens("$.paths.*.*.parameters[*].$ref").OfType<JValue>())
        {
            reference.Value = ((string)reference.Value!)[..^"/schema".Length];
        }

        RemoveUnused((JObject)json["components"]!["schemas"]!, json);
    }

    // The generator also describes types that a member describes otherwise.
    private static void RemoveUnused(JObject schemas, JToken whole)
    {
        while (true)
        {
            var used = whole.SelectTokens("$..$ref").Select(reference => (string)reference!).ToHashSet();
            var unused = schemas.Properties().Where(schema => !used.Contains($"#/components/schemas/{schema.Name}")).ToList();
            if (unused.Count == 0)
            {
                return;
            }

            unused.ForEach(schema => schema.Remove());
        }
    }

    // A body's schema refuses every member that the body refuses. Answers may gain members, and so may types that occur in both.
    private void Settle(IReadOnlyList<ParleAction> actions)
    {
        var bodies = actions.Where(action => action.Body is not null).ToList();
        var sent = bodies.SelectMany(action => WireSchemas.PartsOf(action.Body)).ToHashSet();
        var answered = actions.SelectMany(action => action.Answers).SelectMany(answer => WireSchemas.PartsOf(answer.Body))
            .Concat(WireSchemas.PartsOf(typeof(ErrorEnvelope))).ToHashSet();
        foreach (var part in sent.Except(answered))
        {
            schemas.SettleBody(part);
        }

        foreach (var part in answered.Except(sent))
        {
            schemas.SettleAnswer(part);
        }

        var closed = bodies.SelectMany(action => BodyShape.Closed(action.Body!, action.BodyJson, action.Narrowing));
        var open = bodies.Where(action => action.Narrowing is not null).Select(action => action.Body!).Concat(answered);
        foreach (var part in closed.Except(open))
        {
            schemas.Close(part);
        }
    }

    private void DescribeCredentials()
    {
        foreach (var kind in CredentialKind.All.Where(kind => kind.Scheme is not null))
        {
            document.Components.SecuritySchemes.Add(kind.Scheme, kind.In is CredentialPlace.Bearer
                ? new()
                {
                    Type = OpenApiSecuritySchemeType.Http,
                    Scheme = "bearer",
                    BearerFormat = $"{kind.Prefix}…",
                    Description = kind.Description,
                }
                : new()
                {
                    Type = OpenApiSecuritySchemeType.ApiKey,
                    In = kind.In is CredentialPlace.Cookie ? OpenApiSecurityApiKeyLocation.Cookie : OpenApiSecurityApiKeyLocation.Header,
                    Name = kind.Name,
                    Description = $"{kind.Description} It begins with `{kind.Prefix}`.",
                });
        }
    }

    private void Add(ParleAction action)
    {
        var operation = new OpenApiOperation
        {
            OperationId = action.Id,
            Summary = action.Summary,
            Description = $"{action.Description}\n\nYou must hold: {LlmsTxt.Holding(action)}",
            Tags = [Slice.Of(action).Name],
            IsDeprecated = action.IsRetired,
            Security = [.. action.Ways.OrderBy(way => way is Way.OfPerson && action.NeedsAgent).Select(way =>
            {
                var all = new OpenApiSecurityRequirement();
                foreach (var kind in way.Credentials)
                {
                    all.Add(kind.Scheme!, []);
                }

                return all;
            })],
        };
        foreach (var parameter in ParametersOf(action))
        {
            operation.Parameters.Add(parameter);
        }

        if (action.Body is { } body)
        {
            var content = new OpenApiMediaType { Schema = schemas.Of(body), Example = WithoutNulls(Token(action.BodyExample)) };
            operation.RequestBody = new() { IsRequired = true, Content = { [Json] = content } };
        }

        foreach (var answer in action.Answers)
        {
            operation.Responses.Add($"{answer.Status}", AnswerOf(answer));
        }

        foreach (var refusals in action.AllRefusals.DistinctBy(refusal => refusal.Code).GroupBy(refusal => refusal.Status)
            .OrderBy(group => group.Key))
        {
            operation.Responses.Add($"{refusals.Key}", RefusedWith([.. refusals]));
        }

        if (!document.Paths.TryGetValue(action.Path, out var path))
        {
            document.Paths.Add(action.Path, path = []);
        }

        path.Add(action.Method.ToLowerInvariant(), operation);
    }

    private IEnumerable<OpenApiParameter> ParametersOf(ParleAction action) =>
    [
        .. action.IsVersioned ? (OpenApiParameter[])[Version()] : [],
        .. action.Idempotent || action.TakesKey ? (OpenApiParameter[])[Key(action.Idempotent)] : [],
        .. Actions.PathParametersOf(action).Select(parameter => Shared(parameter.Name, () => new()
        {
            Name = parameter.Name,
            Kind = OpenApiParameterKind.Path,
            IsRequired = true,
            Description = parameter.Description,
            Schema = new() { Type = JsonObjectType.String, Format = parameter.Format },
            Example = parameter.Example,
        })),
        .. action.Query.Select(parameter => new OpenApiParameter
        {
            Name = parameter.Name,
            Kind = OpenApiParameterKind.Query,
            Description = parameter.Description,
            Schema = parameter.Type is "integer"
                ? new() { Type = JsonObjectType.Integer, Format = "int64", Minimum = 0 } : new() { Type = JsonObjectType.String },
        }),
    ];

    // Generated clients name types after it.
    private static string NameOf(string header) => header.Replace("-", "", StringComparison.Ordinal);

    private OpenApiParameter Shared(string name, Func<OpenApiParameter> make)
    {
        if (!document.Components.Parameters.TryGetValue(name, out var parameter))
        {
            document.Components.Parameters[name] = parameter = make();
        }

        return new() { Reference = parameter };
    }

    private OpenApiParameter Version() => Shared(NameOf(VersionHeader.Name), () => new()
    {
        Name = VersionHeader.Name,
        Kind = OpenApiParameterKind.Header,
        IsRequired = true,
        Description = "The one version that is served.",
        Schema = new() { Type = JsonObjectType.String, Enumeration = { VersionHeader.Current } },
    });

    private OpenApiParameter Key(bool required) => Shared((required ? "" : "Optional") + NameOf(IdempotencyKey.Header), () => new()
    {
        Name = IdempotencyKey.Header,
        Kind = OpenApiParameterKind.Header,
        IsRequired = required,
        Description = "Your name for this one write. Send the same key with each retry, a fresh one with each new meaning.",
        Schema = new() { Type = JsonObjectType.String, MinLength = 1, MaxLength = IdempotencyKey.MaxLength, Pattern = "^[!-~]+$" },
        Example = "3f0c2a4e-7c1b-4d53-9a51-2f6f0e8d1b77",
    });

    private OpenApiResponse AnswerOf(SuccessAnswer answer)
    {
        var response = new OpenApiResponse { Description = answer.Description };
        if (answer.Body is { } body)
        {
            response.Content.Add(Json, new() { Schema = schemas.Of(body), Example = Token(answer.Example) });
        }

        if (answer.Markdown is { } page)
        {
            response.Content.Add("text/markdown", new() { Schema = new() { Type = JsonObjectType.String }, Example = page });
        }

        if (answer.EventStream is { } events)
        {
            response.Content.Add("text/event-stream", new() { Schema = new() { Type = JsonObjectType.String }, Example = events });
        }

        return response;
    }

    // Many actions refuse with the same codes: these share an answer, and all answers share an example of each code.
    private OpenApiResponse RefusedWith(IReadOnlyList<Refusal> refusals)
    {
        var name = string.Join("-", refusals.Select(NameOf).Order(StringComparer.Ordinal));
        if (!document.Components.Responses.TryGetValue(name, out var response))
        {
            var content = new OpenApiMediaType { Schema = schemas.Of(typeof(ErrorEnvelope)) };
            foreach (var refusal in refusals)
            {
                content.Examples.Add(refusal.Code, new() { Reference = ExampleOf(refusal) });
            }

            document.Components.Responses[name] = response = new()
            {
                Description = string.Join(" ", refusals.Select(refusal => $"`{refusal.Code}`: {refusal.Message}")),
                Content = { [Json] = content },
            };
        }

        return new() { Reference = response };
    }

    // A code has the same meaning everywhere; some actions say more.
    private static string NameOf(Refusal refusal) => Refusals.All.Contains(refusal) ? refusal.Code
        : $"{refusal.Code}.{refusal.Reason ?? Token(refusal.Scope).ToString()}";

    private OpenApiExample ExampleOf(Refusal refusal)
    {
        if (!document.Components.Examples.TryGetValue(NameOf(refusal), out var example))
        {
            document.Components.Examples[NameOf(refusal)] = example = new()
            { Summary = refusal.Message, Value = Token(ErrorEnvelope.Of(refusal)) };
        }

        return example;
    }

    private static JToken Token(object? example) =>
        JsonConvert.DeserializeObject<JToken>(System.Text.Json.JsonSerializer.Serialize(example, WireJson.Options), asWritten)!;

    // What is left out of a body means the same, and is what a reader should learn to send.
    private static JToken WithoutNulls(JToken example)
    {
        var nulls = ((JObject)example).Descendants().OfType<JProperty>().Where(member => member.Value.Type is JTokenType.Null);
        foreach (var member in nulls.ToList())
        {
            member.Remove();
        }

        return example;
    }
}
