using System.Text;
using System.Text.Json;
using Parle.Api.Registry;
using Parle.Api.Wire;

namespace Parle.Api.Discovery;

/// <summary>An action's request as a command line. Values that the caller must supply are shell variables.</summary>
public static class CurlExample
{
    /// <summary>The base URL, without a slash at its end.</summary>
    public const string Base = "PARLE";

    /// <summary>The idempotency key.</summary>
    public const string Key = "KEY";

    /// <summary>The variable that holds a path parameter.</summary>
    public static string VariableFor(string pathParameter) => pathParameter.ToUpperInvariant();

    /// <summary>The command for <paramref name="action"/>.</summary>
    public static string Of(ParleAction action)
    {
        var path = action.PathNames.Aggregate(
            action.Path, (path, name) => path.Replace($"{{{name}}}", $"${VariableFor(name)}", StringComparison.Ordinal));
        var command = new StringBuilder(
            $"curl -sS{(action.Answers[0].EventStream is null ? "" : " -N")} -X {action.Method} \"${Base}{path}\"");
        void Add(string option) => command.Append(" \\\n  ").Append(option);

        if (action.IsVersioned)
        {
            Add($"-H \"{VersionHeader.Name}: {VersionHeader.Current}\"");
        }

        foreach (var credential in (action.NeedsAgent ? action.Agent! : action.Ways[0]).Credentials)
        {
            Add($"-H \"{credential.HeaderLine}\"");
        }

        if (action.Idempotent || action.TakesKey)
        {
            Add($"-H \"{IdempotencyKey.Header}: ${Key}\"");
        }

        if (action.Body is not null)
        {
            Add("-H \"Content-Type: application/json\"");
            Add($"-d '{JsonSerializer.Serialize(action.BodyExample, WireJson.Options).Replace("'", @"'\''", StringComparison.Ordinal)}'");
        }

        return command.ToString();
    }
}
