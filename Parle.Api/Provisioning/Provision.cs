using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Parle.Api.Contract;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain.Names;
using Parle.Domain.Rooms;

namespace Parle.Api.Provisioning;

/// <summary>What an operator wants to be there. What is there already stays as it is.</summary>
/// <param name="Principals">People and organisations.</param>
/// <param name="Agents">Their agents.</param>
/// <param name="Rooms">Rooms, with seats, tokens and auditors.</param>
/// <param name="Operators">Who runs the service.</param>
public sealed record Provision(
    [property: Absent("[]"), Unordered("handle")] IReadOnlyList<ProvisionPrincipal>? Principals = null,
    [property: Absent("[]"), Unordered("principal", "handle")] IReadOnlyList<ProvisionAgent>? Agents = null,
    [property: Absent("[]"), Unordered("handle")] IReadOnlyList<ProvisionRoom>? Rooms = null,
    [property: Absent("[]"), Unordered("label")] IReadOnlyList<ProvisionOperator>? Operators = null)
{
    /// <summary>One that is accepted.</summary>
    public static Provision Example { get; } = new(
        [new("alice")], [new("alice", "builder")],
        [new("build", "alice", RoomKind.Shared, [new("@alice.builder")], [new("@alice.builder")])]);

    /// <summary>How a description is read.</summary>
    internal static JsonSerializerOptions Strict { get; } = WireJson.Ready(new(WireJson.Options)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    });

    /// <summary>The same, where an operator's usual life is not said: this service's own default, which no attribute can know.</summary>
    internal Provision WithoutUsual(TimeSpan operatorLife) => this with
    {
        Operators = Operators?.Select(one => one.TtlSeconds == (long)operatorLife.TotalSeconds && one.ExpiresAt is null
            ? one with { TtlSeconds = null } : one).ToList(),
    };

    /// <summary>Reads a description.</summary>
    /// <exception cref="ProvisionException">It is not one; the message says where.</exception>
    public static Provision Parse(string json)
    {
        var (body, refusal) = RequestBody.Parse(Encoding.UTF8.GetBytes(json), typeof(Provision), Strict, narrowing: null);
        return refusal is null ? (Provision)body! : throw new ProvisionException($"The description cannot be read. {refusal.Detail}");
    }
}

/// <summary>A person or organisation.</summary>
/// <param name="Handle">Unique in the service.</param>
/// <param name="DisplayName">The handle when absent.</param>
/// <param name="PersonSession">Whether to sign the person in and hand the session over.</param>
/// <param name="Email">Whoever reads the mail of this address can sign in as this principal. Only a keyed hash of it is stored.</param>
/// <param name="Oidc">Whoever the identity provider calls so can act as this principal.</param>
public sealed record ProvisionPrincipal(
    string Handle, string? DisplayName = null, bool PersonSession = false, string? Email = null, ProvisionOidc? Oidc = null) : IFilled
{
    object IFilled.Filled =>
        this with { DisplayName = DisplayName == Handle ? null : DisplayName, Email = EmailAddress.Parse(Email)?.Text ?? Email };
}

/// <summary>A person as an identity provider names it.</summary>
/// <param name="Issuer">The provider, as <c>iss</c> in its tokens.</param>
/// <param name="Subject">The person, as <c>sub</c>.</param>
public sealed record ProvisionOidc(string Issuer, string Subject);

/// <summary>An agent.</summary>
/// <param name="Principal">The handle of its principal.</param>
/// <param name="Handle">Unique among the principal's agents.</param>
/// <param name="DisplayName">The handle when absent.</param>
public sealed record ProvisionAgent(string Principal, string Handle, string? DisplayName = null) : IFilled
{
    object IFilled.Filled => DisplayName == Handle ? this with { DisplayName = null } : this;
}

/// <summary>A room.</summary>
/// <param name="Handle">Unique among the owner's rooms.</param>
/// <param name="Owner">The handle of the principal whose room it is.</param>
/// <param name="Kind">Who can be given a seat.</param>
/// <param name="Seats">Agents to admit.</param>
/// <param name="Tokens">Tokens to mint.</param>
/// <param name="Auditors">Who may read the record.</param>
public sealed record ProvisionRoom(
    string Handle, string Owner, RoomKind Kind = RoomKind.Shared,
    [property: Absent("[]"), Unordered("agent", "principal")] IReadOnlyList<ProvisionSeat>? Seats = null,
    [property: Absent("[]"), Unordered("agent")] IReadOnlyList<ProvisionToken>? Tokens = null,
    [property: Absent("[]"), Unordered("label")] IReadOnlyList<ProvisionAuditor>? Auditors = null);

/// <summary>A seat.</summary>
/// <param name="Agent">The agent's address, <c>@principal.agent</c>; absent for a principal.</param>
/// <param name="History">Where its view begins.</param>
/// <param name="Principal">The handle of a principal that takes part itself; absent for an agent.</param>
/// <param name="Rights">What the seat may do beside taking part.</param>
public sealed record ProvisionSeat(string? Agent = null, History History = History.FromAdmission, string? Principal = null,
    [property: Absent("[]"), Unordered] IReadOnlyList<string>? Rights = null) : IFilled
{
    /// <summary>The same, one by one.</summary>
    internal IReadOnlyList<string> EachRight =>
        [.. (Rights ?? []).SelectMany(right => right == Domain.Rooms.Rights.AdminBundle ? Domain.Rooms.Rights.All : [right]).Distinct()];

    object IFilled.Filled => this with { Rights = EachRight };
}

/// <summary>A token.</summary>
/// <param name="Agent">The agent's address, <c>@principal.agent</c>.</param>
/// <param name="Scopes">What it allows; <c>participate</c> when absent.</param>
public sealed record ProvisionToken(
    string Agent, [property: Absent("""["participate"]"""), Unordered] IReadOnlyList<string>? Scopes = null);

/// <summary>An auditor.</summary>
/// <param name="Label">What it is called, unique in the room.</param>
/// <param name="Contents">Whether it reads what participants said.</param>
public sealed record ProvisionAuditor(string Label, bool Contents = false);

/// <summary>An operator.</summary>
/// <param name="Label">What it is called, unique in the service.</param>
/// <param name="Dismissed">Whether it is to be one no more; all of that label are meant, unless <paramref name="OperatorID"/> says
/// which.</param>
/// <param name="OperatorID">Which one is dismissed.</param>
/// <param name="TtlSeconds">For how long a new one is appointed; 90 days when neither this nor <paramref name="ExpiresAt"/> is said, 366 at
/// most.</param>
/// <param name="ExpiresAt">Until when.</param>
public sealed record ProvisionOperator(
    string Label, bool Dismissed = false, Guid? OperatorID = null, long? TtlSeconds = null, DateTimeOffset? ExpiresAt = null);

/// <summary>What is there now.</summary>
/// <param name="Base">Where the service is.</param>
/// <param name="Principals">People and organisations.</param>
/// <param name="Agents">Their agents.</param>
/// <param name="Rooms">Rooms.</param>
/// <param name="Operators">Who runs the service; absent when none was named.</param>
public sealed record Provisioned(
    string Base, IReadOnlyList<ProvisionedPrincipal> Principals, IReadOnlyList<ProvisionedAgent> Agents,
    IReadOnlyList<ProvisionedRoom> Rooms,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ProvisionedOperator>? Operators = null)
{
    /// <summary>One, as it is sent, but for the token.</summary>
    public static Provisioned Example { get; } = new(
        "https://parle.example", [new("alice", new("019a7c1d-0a11-7c3b-8c45-2d7f9b3e5a01"))],
        [new("@alice.builder", new("019a7c1d-33c2-7f0d-b1a9-4e6c8d0f2b02"))],
        [new("build", new("019a7c1d-9c0e-7b7e-a3f1-0f2b4c6d8e01"),
            [new("@alice.builder", new("019a7c1d-41d3-7e0d-b1a9-4e6c8d0f2b05"), "parle_agt_…")])]);
}

/// <summary>A person or organisation that is there.</summary>
/// <param name="Handle">Its handle.</param>
/// <param name="PrincipalID">Its id.</param>
/// <param name="PersonSession">A session of the person as a cookie, name and value, when one was asked for.</param>
public sealed record ProvisionedPrincipal(
    string Handle, Guid PrincipalID, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PersonSession = null)
{
    /// <summary>Which session that is; not part of the answer.</summary>
    [JsonIgnore]
    internal Guid? SessionID { get; init; }
}

/// <summary>An agent that is there.</summary>
/// <param name="Handle">Its address.</param>
/// <param name="AgentID">Its id.</param>
public sealed record ProvisionedAgent(string Handle, Guid AgentID);

/// <summary>A room that is there.</summary>
/// <param name="Handle">Its handle.</param>
/// <param name="RoomID">Its id.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Auditors">Its auditors; absent when none was named.</param>
public sealed record ProvisionedRoom(
    string Handle, Guid RoomID, IReadOnlyList<ProvisionedToken> Tokens,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ProvisionedAuditor>? Auditors = null);

/// <summary>An auditor that is there.</summary>
/// <param name="Label">What it is called.</param>
/// <param name="AuditorID">Which auditor.</param>
/// <param name="Token">The token, when it was minted now.</param>
public sealed record ProvisionedAuditor(
    string Label, Guid AuditorID, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Token);

/// <summary>An operator that is there.</summary>
/// <param name="Label">What it is called.</param>
/// <param name="OperatorID">Which operator.</param>
/// <param name="Token">The token, when it was minted now.</param>
/// <param name="ExpiresAt">Until when; absent for one that is dismissed, and for one that was appointed before there was an end.</param>
public sealed record ProvisionedOperator(
    string Label, Guid OperatorID, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Token,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ExpiresAt = null);

/// <summary>A token that is there.</summary>
/// <param name="Agent">The agent's address.</param>
/// <param name="AgentTokenID">The token's id.</param>
/// <param name="Token">The token itself, when it was minted now; an older one cannot be shown again.</param>
public sealed record ProvisionedToken(
    string Agent, Guid AgentTokenID, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Token);
