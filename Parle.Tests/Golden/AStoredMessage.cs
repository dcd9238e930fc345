using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Parle.Api.Asks;
using Parle.Tests.Service;
using Wolverine;
using Wolverine.Attributes;
using Wolverine.Runtime;

namespace Parle.Tests.Golden;

/// Every shape in which a durable message was ever stored, one file each, written once and never edited: what is scheduled when
/// a new version starts is carried out by it (law 11).
public class AStoredMessage(TestCluster cluster)
{
    private static readonly string folder = Path.Combine(Golden.Folder, "messages");

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(folder, "*.json").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Files))]
    public async Task is_read_by_this_version(string file)
    {
        var runtime = (await cluster.Service).Host.Services.GetRequiredService<IWolverineRuntime>();
        var stored = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, file), TestContext.Current.CancellationToken))!;
        var name = file[..file.LastIndexOf('.', file.Length - ".json".Length - 1)];
        var envelope =
            new Envelope { MessageType = name, Data = Encoding.UTF8.GetBytes(stored.ToJsonString()), ContentType = "application/json" };

        Assert.True(((WolverineRuntime)runtime).Handlers.TryFindMessageType(name, out var type), $"Nothing handles {name}.");
        var read = runtime.Options.DefaultSerializer.ReadFromData(type, envelope);
        var again = JsonNode.Parse(runtime.Options.DefaultSerializer.WriteMessage(read));

        Assert.True(JsonNode.DeepEquals(stored, again), $"{name} is written otherwise now: {again}");
    }

    [Fact]
    public async Task is_kept_for_whatever_this_version_sends()
    {
        var runtime = (await cluster.Service).Host.Services.GetRequiredService<IWolverineRuntime>();
        foreach (var type in typeof(Deadline).Assembly.GetTypes()
            .Where(type => type.GetCustomAttribute<MessageIdentityAttribute>() is not null))
        {
            var name = type.GetCustomAttribute<MessageIdentityAttribute>()!.GetName();
            foreach (var full in new[] { true, false })
            {
                var written = JsonNode.Parse(runtime.Options.DefaultSerializer.WriteMessage(Example.Of(type, full)));
                var files = Directory.GetFiles(folder, $"{name}.*.json");
                if (!files.Any(file => JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(file)), written)))
                {
                    Assert.True(Environment.GetEnvironmentVariable("PARLE_GOLDEN") is "write", $"No file of {folder} has the shape in "
                        + $"which {name} is sent now: read docs/changing-events.md; then PARLE_GOLDEN=write dotnet test writes it.");
                    await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.{files.Length + 1}.json"),
                        written!.ToJsonString(new(System.Text.Json.JsonSerializerOptions.Default) { WriteIndented = true }) + "\n",
                        TestContext.Current.CancellationToken);
                }
            }
        }
    }

    /// A message that is handled is stored under a name of its own: moving its type would strand what is scheduled.
    [Fact]
    public void has_a_name_that_does_not_follow_its_type() => Assert.All(
        typeof(Deadline).Assembly.GetTypes().Where(type => type.Namespace?.StartsWith("Parle.Api.", StringComparison.Ordinal) is true
            && type.Name.EndsWith("Handler", StringComparison.Ordinal) && !type.Namespace.Contains("Generated", StringComparison.Ordinal))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static)).Where(method => method.Name is "Handle")
            .Select(method => method.GetParameters()[0].ParameterType),
        message => Assert.NotNull(message.GetCustomAttribute<MessageIdentityAttribute>()));
}
