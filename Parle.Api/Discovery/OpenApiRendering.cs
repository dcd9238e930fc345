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

    private readonly OpenApiDocument document = new()
    {
        SchemaType = SchemaType.OpenApi3,
        OpenApi = "3.0.3",
        Info = new()
        { Title = "Parle", Version = VersionHeader.Current, Description = LlmsTxt.Summary + $" Start with `{DiscoveryPaths.Guide}`." },
        Servers = { new() { Url = "/" } },
        Tags =
        [
            new() { Name = "agent", Description = "Who you are, and your sessions." },
            new() { Name = "room", Description = "What happens in a room." },
            new() { Name = "account", Description = "What people own and decide: rooms, agents, tokens, seats, invitations." },
        ],
    };

    private readonly WireSchemas schemas;

    private OpenApiRendering() => schemas = new(document);

    /// <summary>The document as JSON.</summary>
    public static string Of(IEnumerable<ParleAction> actions)
    {
        var rendering = new OpenApiRendering();
        rendering.DescribeCredentials();
        foreach (var action in actions)
        {
            rendering.Add(action);
        }

        rendering.CloseBodies([.. actions]);

        return rendering.document.ToJson(SchemaType.OpenApi3, Formatting.Indented).ReplaceLineEndings("\n") + "\n";
    }

    // A body's schema refuses every member that the body refuses. Answers may gain members, and so may types that occur in both.
    private void CloseBodies(IReadOnlyList<ParleAction> actions)
    {
        var bodies = actions.Where(action => action.Body is not null).ToList();
        var open = bodies.Where(action => action.Narrowing is not null).Select(action => action.Body!)
            .Concat(actions.SelectMany(action => action.Answers).SelectMany(answer => WireSchemas.PartsOf(answer.Body))).ToHashSet();
        foreach (var part in bodies.SelectMany(action => BodyShape.Closed(action.Body!, action.BodyJson, action.Narrowing)).Distinct()
            .Where(part => !open.Contains(part)))
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
            Tags = [action.InRoom ? "room" : action.NeedsAgent ? "agent" : "account"],
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
            operation.RequestBody = new()
            { IsRequired = true, Content = { [Json] = new() { Schema = schemas.Of(body), Example = Token(action.BodyExample) } } };
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

    private static IEnumerable<OpenApiParameter> ParametersOf(ParleAction action) =>
    [
        .. action.IsVersioned ? (OpenApiParameter[])[Version()] : [],
        .. action.Idempotent || action.TakesKey ? (OpenApiParameter[])[Key(action.Idempotent)] : [],
        .. Actions.PathParametersOf(action).Select(parameter => new OpenApiParameter
        {
            Name = parameter.Name,
            Kind = OpenApiParameterKind.Path,
            IsRequired = true,
            Description = parameter.Description,
            Schema = new() { Type = JsonObjectType.String, Format = parameter.Format },
            Example = parameter.Example,
        }),
        .. action.Query.Select(parameter => new OpenApiParameter
        {
            Name = parameter.Name,
            Kind = OpenApiParameterKind.Query,
            Description = parameter.Description,
            Schema = parameter.Type is "integer"
                ? new() { Type = JsonObjectType.Integer, Format = "int64", Minimum = 0 } : new() { Type = JsonObjectType.String },
        }),
    ];

    private static OpenApiParameter Version() => new()
    {
        Name = VersionHeader.Name,
        Kind = OpenApiParameterKind.Header,
        IsRequired = true,
        Description = "The one version that is served.",
        Schema = new() { Type = JsonObjectType.String, Enumeration = { VersionHeader.Current } },
    };

    private static OpenApiParameter Key(bool required) => new()
    {
        Name = IdempotencyKey.Header,
        Kind = OpenApiParameterKind.Header,
        IsRequired = required,
        Description = "Your name for this one write. Send the same key with each retry, a fresh one with each new meaning.",
        Schema = new() { Type = JsonObjectType.String, MinLength = 1, MaxLength = IdempotencyKey.MaxLength, Pattern = "^[!-~]+$" },
        Example = "3f0c2a4e-7c1b-4d53-9a51-2f6f0e8d1b77",
    };

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

    private OpenApiResponse RefusedWith(IReadOnlyList<Refusal> refusals)
    {
        var content = new OpenApiMediaType { Schema = schemas.Of(typeof(ErrorEnvelope)) };
        foreach (var refusal in refusals)
        {
            content.Examples.Add(refusal.Code, new() { Summary = refusal.Message, Value = Token(ErrorEnvelope.Of(refusal)) });
        }

        return new()
        {
            Description = string.Join(" ", refusals.Select(refusal => $"`{refusal.Code}`: {refusal.Message}")),
            Content = { [Json] = content }
        };
    }

    // Times keep the exact text of the wire; the document's own writer would format them differently.
    private static JToken Token(object? example) => JsonConvert.DeserializeObject<JToken>(
        System.Text.Json.JsonSerializer.Serialize(example, WireJson.Options),
        new JsonSerializerSettings { DateParseHandling = DateParseHandling.None })!;
}
