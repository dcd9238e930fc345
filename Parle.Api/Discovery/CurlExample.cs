using System.Text;
using System.Text.Json;
using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Registry;
using Parle.Api.Wire;

namespace Parle.Api.Discovery;

/// <summary>An action's request as a command line. Values that the caller must supply are shell variables.</summary>
public static class CurlExample
{
    /// <summary>The base URL, without a slash at its end.</summary>
    public const string Base = "PARLE";

    /// <summary>The agent token.</summary>
    public const string Token = "TOKEN";

    /// <summary>The session's credential.</summary>
    public const string Credential = "CREDENTIAL";

    /// <summary>The person's session.</summary>
    public const string PersonSession = "PERSON";

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

        if (action.NeedsAgent || action.Ways[0] is Way.OfAuditor or Way.OfOperator)
        {
            Add($"-H \"Authorization: Bearer ${Token}\"");
        }

        if (action.IsForPeople && !action.NeedsAgent)
        {
            Add($"-H \"Cookie: {PersonLookup.CookieName}=${PersonSession}\"");
        }

        if (action.NeedsAgent && action.NeedsSession)
        {
            Add($"-H \"{RequestContract.SessionHeader}: ${Credential}\"");
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
