using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;

namespace Parle.Api.Tokens;

/// <summary>Lists tokens, newest first, also those that ended; a list that forgot them would not tell who once held what.</summary>
public static class ListTokensEndpoints
{
    private const int MaxBytes = 60 * 1024; // Clients of the account plane take 64 KiB.

    private const string Columns = """
        select t.token_id, t.agent_id, t.room_id, r.handle, t.invite_id, t.path[cardinality(t.path)], t.scopes, t.actions, t.asks, t.uses,
               case when t.uses is not null then (
                 select count(*)::int from parle.kept_answers k where k.room_id = t.room_id and k.author_id = t.token_id and k.action = 'token_use') end,
               t.created_at, t.expires_at, u.last_used_at,
               least((select min(above.revoked_at) from parle.agent_tokens above where above.token_id = any(t.path || t.token_id)), s.removed_at, r.archived_at, a.deleted_at),
               a.display_name
        from parle.agent_tokens t join parle.agents a using (agent_id)
        left join parle.rooms r on r.room_id = t.room_id left join parle.seats s on s.seat_id = t.seat_id left join parle.token_activity u using (token_id)
        """;

    /// <summary>Those of one of the person's own agents.</summary>
    [Serves(typeof(TokenActions), nameof(TokenActions.ListAgentTokens))]
    public static async Task<IResult> OfAgent(
        PageCursor cursor, Person person, HttpContext context, NpgsqlDataSource database, TokenActivity activity)
    {
        await using var mine = database.CreateCommand(
            "select exists (select from parle.agents where agent_id = $1 and principal_id = $2 and deleted_at is null)");
        if (WireID.InPath(context, "agent") is not { } agentID)
        {
            return new RefusalResult(Refusals.NoSuchThing);
        }

        mine.Parameters.AddRange(new NpgsqlParameter[] { new() { Value = agentID }, new() { Value = person.PrincipalID } });
        return await mine.ExecuteScalarAsync(context.RequestAborted) is true
            ? await List(cursor, context, database, activity, "t.agent_id = $1", agentID, namesAgents: false)
            : new RefusalResult(Refusals.NoSuchThing);
    }

    /// <summary>Those of all the person's agents.</summary>
    [Serves(typeof(TokenActions), nameof(TokenActions.ListAllAgentTokens))]
    public static Task<IResult> OfPrincipal(
        PageCursor cursor, Person person, HttpContext context, NpgsqlDataSource database, TokenActivity activity) =>
        List(cursor, context, database, activity, "a.principal_id = $1", person.PrincipalID, namesAgents: true);

    /// <summary>The caller's own, and those below it: what others of its agent hold is none of its business.</summary>
    [Serves(typeof(TokenActions), nameof(TokenActions.ListTokens))]
    public static Task<IResult> Below(
        PageCursor cursor, Caller caller, HttpContext context, NpgsqlDataSource database, TokenActivity activity) => List(
            cursor, context, database, activity,
            "t.agent_id = (select o.agent_id from parle.agent_tokens o where o.token_id = $1) and $1 = any(t.path || t.token_id)",
            caller.TokenID, namesAgents: false);

    private static async Task<IResult> List(
        PageCursor cursor, HttpContext context, NpgsqlDataSource database, TokenActivity activity, string which, Guid id, bool namesAgents)
    {
        await using var command = database.CreateCommand($"{Columns} where {which} and t.token_id < $2 order by t.token_id desc limit $3");
        command.Parameters.AddRange(
            new NpgsqlParameter[] { new() { Value = id }, new() { Value = cursor.After }, new() { Value = (long)Paging.MaxRows + 1 } });
        var (found, noted) = (new List<ListedToken>(), activity.Noted);
        await using var rows = await command.ExecuteReaderAsync(context.RequestAborted);
        while (await rows.ReadAsync(context.RequestAborted))
        {
            found.Add(Read(rows, noted, namesAgents));
        }

        context.Response.Headers.CacheControl = "no-store";
        var (page, next) = Paging.Fit(found, token => token.AgentTokenID, maxBytes: MaxBytes);
        return Results.Json(new TokenList(page, next?.ToString()), WireJson.Options);
    }

    private static ListedToken Read(NpgsqlDataReader row, IReadOnlyDictionary<Guid, DateTimeOffset> noted, bool namesAgents)
    {
        var stored = Or<DateTimeOffset?>(row, 13);
        return new(
            row.GetGuid(0), row.GetGuid(1), Or<Guid?>(row, 2), Or<string?>(row, 3), Or<Guid?>(row, 4), Or<Guid?>(row, 5),
            row.GetFieldValue<string[]>(6), Or<string[]?>(row, 7), Or<Guid[]?>(row, 8), Or<int?>(row, 9), Or<int?>(row, 10),
            row.GetFieldValue<DateTimeOffset>(11), Or<DateTimeOffset?>(row, 12),
            noted.TryGetValue(row.GetGuid(0), out var now) && !(now < stored) ? now : stored, Or<DateTimeOffset?>(row, 14),
            namesAgents ? row.GetString(15) : null);
    }

    private static T? Or<T>(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? default : row.GetFieldValue<T>(column);
}
