using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parle.Api;
using Parle.Api.Registry;
using Parle.Tests.Authority;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

/// A value in a body or a path is the caller's: it is accepted or refused, and never makes the service fail.
public class AHostileValue(TestCluster cluster)
{
    private const int Share = 4; // One value of so many at each place, others each time; all of them with PARLE_SOAK=4.

    private const string Placeholder = "\"@hostile@\"";

    private static readonly string[] values =
    [
        "null", "true", "[]", "{}", "[null]", "[{\"x\":1}]", "\"\"", "-1", "0", "1e999", "99999999999999999999", "9223372036854775807",
        "\"a\\u0000b\"", "[\"a\\u0000b\"]", "\"\\ud800\"", "\"\\u202e\\u200b\"", "\"a\\r\\nb\"", $"\"{new string('x', 5000)}\"",
        string.Concat(Enumerable.Repeat("[", 70)) + string.Concat(Enumerable.Repeat("]", 70)), "\"2127-01-01T00:00:00+02:00\"",
        "\"2127-01-01T00:00:00\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"9999-12-31T23:59:59-23:59\"", "\"0001-01-01T00:00:00Z\"",
        "\"infinity\"", "\"019a7c1d-33c2-7f0d-b1a9-4e6c8d0f2b02\"", "\"019a7c1d-33c2-7f0d-b1a9-4e6c8d0f2b02 \"",
        "\"{019a7c1d-33c2-7f0d-b1a9-4e6c8d0f2b02}\"", "\"@x1.y1\"", "\"@x1.y1.\\u0000\"",
    ];

    [Fact]
    public async Task in_a_body_never_fails_the_service()
    {
        var log = new Memory();
        await using var service = await ParleService.Start(
            await cluster.NewDatabase(), services => services.AddSingleton<ILoggerProvider>(log));
        var sample = new Random(); // A failure prints the sample.
        foreach (var action in Actions.All.Where(action => action.Body is not null))
        {
            var site = await Site.Build(service);
            var visitor = VisitorFor(action, site);
            var (method, path, body) = site.Call(action);
            foreach (var member in Members(action))
            {
                var text = With(body!, member);
                foreach (var value in values.Where(_ => sample.Next(Share) < Soak.Factor))
                {
                    using var answer = await visitor.Send(method, path, text.Replace(Placeholder, value, StringComparison.Ordinal));
                    await IsTheCallers(answer, $"{action.Id}: {string.Join('.', member)} = {value[..Math.Min(60, value.Length)]}");
                }
            }
        }

        Assert.Empty(log.Errors);
    }

    [Fact]
    public async Task in_a_path_names_nothing()
    {
        var log = new Memory();
        await using var service = await ParleService.Start(
            await cluster.NewDatabase(), services => services.AddSingleton<ILoggerProvider>(log));
        var site = await Site.Build(service);
        foreach (var action in Actions.All.Where(action => action.Answers.All(answer => answer.EventStream is null)))
        {
            var visitor = VisitorFor(action, site);
            foreach (var parameter in Actions.PathParametersOf(action).Where(parameter => parameter.Format == "uuid"))
            {
                var (method, path, body) = site.Call(action);
                var id = site.Things[parameter.Name];
                foreach (var wrong in (string[])[id + "%20", "%20" + id, id + "%09", $"%7B{id}%7D", $"({id})",
                    id.Replace("-", "", StringComparison.Ordinal), id[..35], id + "0", $"urn:uuid:{id}", "0x" + id[2..], id[..34] + "+1",
                    "null", "..."])
                {
                    using var answer = await visitor.Send(method, path.Replace(id, wrong, StringComparison.Ordinal), body);
                    await IsTheCallers(answer, $"{action.Id}: {parameter.Name} = {wrong}");
                    Assert.False(answer.IsSuccessStatusCode, $"{action.Id} takes {wrong} for {parameter.Name}");
                }
            }
        }

        Assert.Empty(log.Errors);
    }

    private static async Task IsTheCallers(HttpResponseMessage answer, string what)
    {
        var text = answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode < 500 || text.Contains("mail_not_configured", StringComparison.Ordinal),
            $"{what} was answered {(int)answer.StatusCode} {text}");
        Assert.True(
            answer.IsSuccessStatusCode || JsonElement.Parse(text).GetProperty("error").GetProperty("code").GetString() is { Length: > 0 },
            what);
    }

    // Callers that get as far as the body.
    private static Visitor VisitorFor(ParleAction action, Site site) => site.Visitors[Site.Columns.Index()
        .First(column => column.Item == action switch
        {
            { IsForPeople: true, NeedsAgent: false } => "owner",
            { Ways: [Way.OfOperator] } => "operator",
            { Ways: [Way.OfAuditor, ..] } => "auditor",
            { Ways: [Way.Open, ..] } => "nobody",
            _ => "participant",
        }).Index];

    private static IEnumerable<string[]> Members(ParleAction action)
    {
        return Of(action.Body!, []);

        IEnumerable<string[]> Of(Type type, string[] path)
        {
            var info = action.BodyJson.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
            return info.Kind switch
            {
                JsonTypeInfoKind.Object => info.Properties.SelectMany(
                    property => (IEnumerable<string[]>)[[.. path, property.Name], .. Of(property.PropertyType, [.. path, property.Name])]),
                JsonTypeInfoKind.Enumerable => [[.. path, "[]"], .. Of(info.ElementType!, [.. path, "[]"])],
                _ => [],
            };
        }
    }

    // The body with something else at this place, and whatever it takes around it.
    private static string With(string body, string[] member)
    {
        var root = JsonNode.Parse(body)!;
        var node = root;
        foreach (var (i, step) in member.Index())
        {
            var last = i == member.Length - 1;
            if (step == "[]")
            {
                var list = (JsonArray)node;
                if (list.Count == 0 || last || list[0] is not JsonObject)
                {
                    list.Clear();
                    list.Add(last ? JsonValue.Create("@hostile@") : new JsonObject());
                }

                node = list[0]!;
            }
            else if (last)
            {
                node[step] = "@hostile@";
            }
            else
            {
                if (node[step] is not (JsonObject or JsonArray) || (member[i + 1] == "[]") != node[step] is JsonArray)
                {
                    node[step] = member[i + 1] == "[]" ? new JsonArray() : new JsonObject();
                }

                node = node[step]!;
            }
        }

        return root.ToJsonString();
    }
}
