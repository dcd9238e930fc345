using System.ComponentModel;
using System.Text.Json.Serialization;
using Marten;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Registry;
using Parle.Api.Wakeups;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Principals;
using Parle.Projections;

namespace Parle.Api.Accounts;

/// <summary>By what a person can sign in.</summary>
/// <param name="Identities">Oldest first.</param>
public sealed record IdentityList(IReadOnlyList<IdentityView> Identities)
{
    /// <summary>One, as it is sent.</summary>
    public static IdentityList Example { get; } = new([IdentityView.Example]);
}

/// <summary>An identity of a person. Which address or name it is, the service does not know: it keeps a hash.</summary>
/// <param name="IdentityID">Its id.</param>
/// <param name="Kind"><c>email</c>: whoever reads the mail of an address. <c>oidc</c>: whoever an organisation's identity provider says it
/// is.</param>
/// <param name="Issuer">That provider; null for mail, and where it was not recorded.</param>
/// <param name="LinkedAt">Since when.</param>
/// <param name="LinkedBy"><c>you</c>, by proving it, or <c>operator</c>; null where that was not recorded.</param>
/// <param name="Operator">The operator who linked it; null for none, and for one at the machine itself.</param>
public sealed record IdentityView(
    Guid IdentityID, string Kind, string? Issuer, DateTimeOffset LinkedAt, string? LinkedBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] OperatorName? Operator)
{
    /// <summary>One, as it is sent.</summary>
    public static IdentityView Example { get; } = new(
        new("5f1d7a0c-42be-1c7e-90aa-3d5b8e6f1204"), "email", null, new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero), "you", null);
}

/// <summary>Unlinks an identity.</summary>
/// <param name="EvenTheLast">Whether it may be the last one.</param>
public sealed record UnlinkIdentityRequest(
    [property: Description("Whether it may be the last one by which you can sign in. Absent: no."), Absent("false"),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? EvenTheLast = null)
{
    /// <summary>One that is accepted where there is another one.</summary>
    public static UnlinkIdentityRequest Example { get; } = new(false);
}

/// <summary>A person sees by what it can sign in, and ends that.</summary>
public static class IdentityEndpoints
{
    private const string ListSql = """
        select i.hash, i.kind, i.issuer, i.linked_at, i.linked_by, i.operators[cardinality(i.operators)], o.label, i.former
        from parle.identities i left join parle.operators o on o.operator_id = i.operators[cardinality(i.operators)]
        where i.principal_id = $1 order by i.linked_at, i.hash
        """;

    // Sessions of before it was recorded how they were opened may be of this identity: they end too.
    private const string SessionsSql = """
        select s.session_id from parle.person_sessions s
        where s.principal_id = $1 and (s.opened_by = any($2) or s.method is null) and s.ended_at is null and s.expires_at > now() order by s.session_id
        """;

    /// <summary>Lists them.</summary>
    [Serves(typeof(AccountActions), nameof(AccountActions.ListIdentities))]
    public static async Task<IResult> List(Person person, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(ListSql);
        command.Parameters.Add(new() { Value = person.PrincipalID });
        var identities = new List<IdentityView>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            identities.Add(new(
                Of(rows.GetString(1), rows.GetString(0), rows.IsDBNull(7) ? [] : rows.GetFieldValue<string[]>(7)).Turn, rows.GetString(1),
                rows.IsDBNull(2) ? null : rows.GetString(2), rows.GetFieldValue<DateTimeOffset>(3),
                rows.IsDBNull(4) ? null : rows.GetString(4),
                rows.IsDBNull(5) ? null : new(rows.GetGuid(5), rows.IsDBNull(6) ? null : rows.GetString(6))));
        }

        return Results.Json(new IdentityList(identities), WireJson.Options);
    }

    /// <summary>
    /// Unlinks one, and ends the sessions that it opened. Whoever signs in by it at this moment comes before, and is signed out, or after,
    /// and is nobody.
    /// </summary>
    [Serves(typeof(AccountActions), nameof(AccountActions.UnlinkIdentity))]
    public static Task<IResult> Unlink(
        UnlinkIdentityRequest body, Actor actor, Write write, IDocumentSession session, TimeProvider clock, HttpContext context)
    {
        return write.Once<Unlinked>(
            session, body, Unlink, (unlinked, _) =>
                new Announcing(Results.NoContent(), [.. unlinked.SessionIDs.Select(id => new Signal(SignalKind.Standing, id))]));

        async Task<(Refusal? Refusal, Unlinked? Kept)> Unlink(Attribution by)
        {
            if (WireID.InPath(context, "identity") is not { } id)
            {
                return (Refusals.NoSuchThing, null);
            }

            if ((await Linked()).FirstOrDefault(identity => identity.Turn == id) is not { } named)
            {
                return (Refusals.NoSuchThing, null);
            }

            foreach (var turn in named.Turns)
            {
                await PrincipalLocks.TakeToo(session, turn, context.RequestAborted);
            }

            var linked = await Linked(); // Whoever signed in by it before this turn may have had it stored under another server key.
            if (linked.FirstOrDefault(identity => identity.AllHex.Intersect(named.AllHex).Any()) is not { } wanted)
            {
                return (Refusals.NoSuchThing, null);
            }

            var decision = new UnlinkIdentity(wanted.Kind, wanted.Hex, body.EvenTheLast is true).Decide(linked.Count);
            if (decision.Refusal is { } refusal)
            {
                return (refusal, null);
            }

            var now = clock.GetUtcNow();
            session.Events.Append(actor.PrincipalID, session.BuildFact(decision.Facts[0].Data, Guid.CreateVersion7(now), now, by));
            return (null, new(
                await session.EndPersonSessions(SessionsSql, clock, by, context.RequestAborted, actor.PrincipalID, wanted.AllAuthorities)));
        }

        Task<IReadOnlyList<Identity>> Linked() => session.Rows(
            "select i.kind, i.hash, i.former from parle.identities i where i.principal_id = $1",
            row => Of(row.Get<string>("kind"), row.Get<string>("hash"), row.Get<string[]?>("former") ?? []), context.RequestAborted,
            actor.PrincipalID);
    }

    private static Identity Of(string kind, string hex, string[] former) =>
        new(kind, Convert.FromHexString(hex)) { OtherHashes = [.. former.Select(Convert.FromHexString)] };

    private sealed record Unlinked(IReadOnlyList<Guid> SessionIDs);
}
