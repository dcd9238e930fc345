using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NJsonSchema;
using Parle.Api;
using Parle.Api.Aliases;
using Parle.Api.Callers;
using Parle.Api.Delivery;
using Parle.Api.Discovery;
using Parle.Api.Invitations;
using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Api.Sessions;
using Parle.Domain;
using Parle.Domain.Rooms;
using Parle.Tests.Asks;
using Parle.Tests.Service;

namespace Parle.Tests.Discovery;

public partial class TheGuide(TestCluster cluster)
{
    [Fact]
    public async Task has_requests_that_work_as_they_stand_and_answer_as_documented()
    {
        var service = await cluster.Service;
        using var client = service.Host.Server.CreateClient();
        var document = await NSwag.OpenApiDocument.FromJsonAsync(await client.GetStringAsync(DiscoveryPaths.OpenApi));
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var held = new Dictionary<string, string>
        {
            [CurlExample.Base] = "",
            [CredentialKind.AgentToken.Variable] = room.Agents[0].Token,
            [CurlExample.VariableFor("alias")] = ClaimAliasRequest.Example.Alias!,
        };
        var address = "";
        var named = new Dictionary<string, string>(); // Names of the examples, with their values here.

        var called = new HashSet<string>();
        foreach (Match command in Command().Matches(await client.GetStringAsync(DiscoveryPaths.FullGuide)))
        {
            held[CurlExample.Key] = Guid.NewGuid().ToString();
            var about = Actions.All.Single(action => action.Method == command.Groups["method"].Value
                && command.Groups["url"].Value == $"${CurlExample.Base}{Template(action)}");
            if (!IsTried(about))
            {
                continue; // Actions of people, auditors and operators have their tests elsewhere.
            }

            if (about.NamesAsk)
            {
                var ask = await AnAsk.For(about, room.Agents[0], room.Agents[1]);
                held[CurlExample.VariableFor("ask")] = $"{ask}";
                held[CurlExample.VariableFor("item")] = $"{(await room.Agents[0].ItemsOf(ask)).FirstOrDefault()}";
            }

            var path = Fill(command.Groups["url"].Value);
            using var request = new HttpRequestMessage(new(command.Groups["method"].Value), path);
            foreach (var header in command.Groups["header"].Captures.Select(header => Fill(header.Value).Split(": ", 2))
                .Where(header => header[0] != "Content-Type"))
            {
                request.Headers.Add(header[0], header[1]);
            }

            if (command.Groups["body"] is { Success: true } body)
            {
                request.Content = new StringContent(
                    named.Aggregate(body.Value, (text, name) => text.Replace(name.Key, name.Value, StringComparison.Ordinal)),
                    Encoding.UTF8, "application/json");
            }

            using var answer = await client.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            var streams = answer.Content.Headers.ContentType?.MediaType is "text/event-stream";
            var text = streams ? "" : await answer.Content.ReadAsStringAsync();
            var action = Actions.All.Single(action => action.Method == request.Method.Method && Fill(Template(action)) == path);
            Assert.True(answer.StatusCode == (System.Net.HttpStatusCode)action.Answers[0].Status,
                $"{action.Id} answered {answer.StatusCode}: {text}");
            called.Add(action.Id);
            if (text.Length > 0 && answer.Content.Headers.ContentType?.MediaType is "application/json")
            {
                var operation = document.Operations.Single(described => described.Operation.OperationId == action.Id).Operation;
                Assert.Empty(operation.Responses[$"{action.Answers[0].Status}"].Content["application/json"].Schema
                    .Validate(text, SchemaType.OpenApi3).Select(wrong => $"{wrong} in {text}"));
                Keep(JsonElement.Parse(text));
            }

            if (action == SessionActions.EnterRoom)
            {
                // So that work waits.
                await (await room.Agents[1].Say("What do you say?", to: address)).Json(System.Net.HttpStatusCode.Created);
            }
        }

        Assert.Equal(Actions.All.Where(IsTried).Select(action => action.Id).Order(), called.Order());

        string Template(ParleAction action) => Actions.PathParametersOf(action).Aggregate(action.Path, (path, parameter) => path.Replace(
            $"{{{parameter.Name}}}", $"${CurlExample.VariableFor(parameter.Name)}", StringComparison.Ordinal));

        string Fill(string text) =>
            Variable().Replace(text, variable => held.GetValueOrDefault(variable.Groups["name"].Value, variable.Value));

        void Keep(JsonElement answer)
        {
            if (answer.TryGetProperty("rooms", out var rooms))
            {
                held[CurlExample.VariableFor("room")] = rooms[0].GetProperty("room_id").GetString()!;
            }

            if (answer.TryGetProperty("session_credential", out var credential))
            {
                held[CredentialKind.AgentSession.Variable] = credential.GetString()!;
                held[CurlExample.VariableFor("session")] = answer.GetProperty("agent_session_id").GetString()!;
                address = answer.GetProperty("address").GetString()!;
            }

            if (answer.TryGetProperty("parent_token_id", out _))
            {
                held[CurlExample.VariableFor("token_id")] = answer.GetProperty("agent_token_id").GetString()!;
            }

            if (answer.TryGetProperty("routing", out _))
            {
                // One's own message can be redacted.
                held[CurlExample.VariableFor("event")] = named[$"{RedactRequest.Example.EventID}"] = answer.GetProperty("event_id")
                    .GetString()!;
            }

            if (answer.TryGetProperty("delivery", out _))
            {
                var row = answer.Messages()[0];
                named[$"\"seq\":{AcknowledgeRequest.Example.Seq}"] = $"\"seq\":{row.Seq()}";
                named[$"{AcknowledgeRequest.Example.EventID}"] = row.GetProperty("event_id").GetString()!;
                named[$"{ReplyRequest.Example.ReplyRouteID}"] = row.GetProperty("reply_route").GetProperty("reply_route_id").GetString()!;
            }
        }
    }

    private static bool IsTried(ParleAction action) => action.NeedsAgent && !action.IsForPeople && action != InvitationActions.ClaimAgent;

    [Fact]
    public async Task explains_every_code_a_client_can_meet()
    {
        using var client = (await cluster.Service).Host.Server.CreateClient();
        var guide = await client.GetStringAsync(DiscoveryPaths.FullGuide);

        Assert.All(Refusals.All, refusal => Assert.Contains($"| `{refusal.Code}` | {refusal.Status} |", guide));
        Assert.Subset(Refusals.All.Select(refusal => refusal.Code).ToHashSet(),
            Actions.All.SelectMany(action => action.AllRefusals).Select(refusal => refusal.Code).ToHashSet());
    }

    [GeneratedRegex("""
        curl -sS(?: -N)? -X (?<method>[A-Z]+) "(?<url>[^"]+)"(?: \\\n  -H "(?<header>[^"]+)")*(?: \\\n  -d '(?<body>[^']*)')?
        """)]
    private static partial Regex Command();

    [GeneratedRegex(@"\$(?<name>[A-Z_]+)")]
    private static partial Regex Variable();
}
