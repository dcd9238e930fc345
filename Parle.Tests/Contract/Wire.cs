using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

/// The contract's words, written down here once more so that a slip in the service's own list is noticed.
public static partial class Wire
{
    private static readonly Dictionary<string, (int Status, string Action, bool Retryable, string Scope)> Codes = new()
    {
        ["secret_gone"] = (410, "stop", false, "request"),
        ["malformed_request"] = (400, "fix_client", false, "request"),
        ["unsupported_parle_version"] = (400, "fix_client", false, "request"),
        ["invalid_agent_token"] = (401, "reauthorize", false, "agent_token"),
        ["invalid_agent_session"] = (401, "rebootstrap", false, "agent_session"),
        ["agent_session_expired"] = (401, "rebootstrap", false, "agent_session"),
        ["agent_session_ended"] = (401, "rebootstrap", false, "agent_session"),
        ["agent_session_superseded"] = (401, "rebootstrap", false, "agent_session"),
        ["invalid_join_key"] = (401, "stop", false, "request"),
        ["agent_session_mismatch"] = (404, "stop", false, "agent_session"),
        ["unauthenticated"] = (401, "stop", false, "request"),
        ["csrf_rejected"] = (403, "fix_client", false, "request"),
        ["forbidden"] = (403, "stop", false, "room_access"),
        ["participant_revoked"] = (403, "stop", false, "room_access"),
        ["room_not_found"] = (404, "stop", false, "room_access"),
        ["not_found"] = (404, "stop", false, "request"),
        ["method_not_allowed"] = (405, "fix_client", false, "request"),
        ["handle_unavailable"] = (409, "stop", false, "request"),
        ["already_member"] = (409, "stop", false, "room_access"),
        ["link_conflict"] = (409, "stop", false, "request"),
        ["cursor_gap"] = (409, "retry", true, "request"),
        ["delivery_ack_rejected"] = (409, "stop", false, "request"),
        ["agent_session_alias_conflict"] = (409, "stop", false, "request"),
        ["session_alias_reserved"] = (409, "stop", false, "request"),
        ["act_not_possible"] = (409, "stop", false, "request"),
        ["idempotency_conflict"] = (409, "stop", false, "request"),
        ["payload_too_large"] = (413, "fix_client", false, "request"),
        ["unsupported_media_type"] = (415, "fix_client", false, "request"),
        ["address_not_deliverable"] = (422, "stop", false, "request"),
        ["validation_failed"] = (422, "fix_client", false, "request"),
        ["token_quota_exceeded"] = (403, "stop", false, "agent_token"),
        ["request_timeout"] = (408, "retry", true, "request"),
        ["rate_limited"] = (429, "backoff", true, "rate_limit"),
        ["resource_limit_exceeded"] = (429, "stop", false, "room"),
        ["service_unavailable"] = (503, "retry_with_backoff", true, "server"),
    };

    /// The error of an answer that must refuse with <paramref name="code"/>, in the envelope, with everything the contract says of that
    /// code.
    public static async Task<JsonElement> IsRefused(this HttpResponseMessage answer, string code, params string[] extras)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(text.StartsWith('{'), $"Expected {code}, got {(int)answer.StatusCode} {text}");
        var envelope = JsonElement.Parse(text);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        envelope.HasExactly("error");
        var error = envelope.GetProperty("error");
        Assert.True(error.Text("code") == code, $"Expected {code}, got {text}");
        error.HasExactly(["code", "message", "action", "retryable", "scope", "retry_after_ms", .. extras]);
        var (status, action, retryable, scope) = Codes[code];
        Assert.Equal(
            (status, action, retryable, scope),
            ((int)answer.StatusCode, error.Text("action"), error.GetProperty("retryable").GetBoolean(), error.Text("scope")));
        Assert.NotEmpty(error.Text("message"));
        var wait = error.GetProperty("retry_after_ms");
        Assert.True(wait.ValueKind is JsonValueKind.Null || wait.GetInt32() >= 0);
        Assert.Equal(wait.ValueKind is not JsonValueKind.Null, answer.Headers.RetryAfter is not null);
        Assert.Equal(status is 401 ? ["Bearer realm=\"parle\""] : [], answer.Headers.WwwAuthenticate.Select(challenge => $"{challenge}"));
        return error;
    }

    public static void HasExactly(this JsonElement value, params string[] members) =>
        Assert.Equal(
            members.Order(StringComparer.Ordinal), value.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));

    public static string Text(this JsonElement value, string member) => value.GetProperty(member).GetString()!;

    public static void IsNull(this JsonElement value, params string[] members) =>
        Assert.All(members, member => Assert.Equal(JsonValueKind.Null, value.GetProperty(member).ValueKind));

    /// RFC 4122 text form, version 1 to 8, variant 8 to b.
    public static void IsUuid(this JsonElement value, params string[] members) =>
        Assert.All(members, member => Assert.Matches(Uuid(), value.Text(member)));

    /// RFC 3339 in UTC.
    public static DateTimeOffset Timestamp(this JsonElement value, string member)
    {
        Assert.Matches(Utc(), value.Text(member));
        return value.GetProperty(member).GetDateTimeOffset();
    }

    public static async Task IsEmptyWith(this HttpResponseMessage answer, HttpStatusCode status)
    {
        Assert.Equal((status, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Null(answer.Content.Headers.ContentType);
    }

    /// The numbers of a room's facts and idempotency records: no refusal changes them.
    public static async Task<(long Facts, long Answers)> RecordOf(this ParleService service, Guid roomID)
    {
        await using var database = NpgsqlDataSource.Create(service.ConnectionString);
        await using var command = database.CreateCommand(
            "select (select count(*) from parle.mt_events where stream_id = $1), (select count(*) from parle.kept_answers where room_id "
            + "= $1)");
        command.Parameters.Add(new() { Value = roomID });
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetInt64(0), row.GetInt64(1));
    }

    [GeneratedRegex("^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")]
    private static partial Regex Utc();
}
