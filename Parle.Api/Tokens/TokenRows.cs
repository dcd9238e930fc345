using System.Data.Common;
using Marten;
using Npgsql;
using Parle.Domain;
using Parle.Domain.Tokens;
using Parle.Projections;

namespace Parle.Api.Tokens;

/// <summary>Tokens as a unit of work finds them, over its own connection.</summary>
public static class TokenRows
{
    private const string WaitingSql = "select token_id from parle.agent_tokens where invite_id = $1 and agent_id = $2 and room_id is null and revoked_at is null order by token_id";

    /// <summary>A token; null when there is none.</summary>
    public static async Task<AgentToken?> AgentToken(this IDocumentSession session, Guid tokenID, CancellationToken cancellation) =>
        (await session.Events.FetchStreamAsync(tokenID, token: cancellation)).Aggregate((AgentToken?)null, (token, fact) => Domain.Tokens.AgentToken.Apply(token, fact.Data));

    /// <summary>Opens the room to all tokens of the agent that wait for the invitation. For whoever accepts it, in the same unit of work; announce the standing of what is returned after the commit.</summary>
    public static async Task<IReadOnlyList<Guid>> BindTokens(
        this IDocumentSession session, Guid invitationID, Guid agentID, Guid roomID, Guid seatID, Attribution attribution, DateTimeOffset now, CancellationToken cancellation)
    {
        var bound = new List<Guid>();
        foreach (var tokenID in await session.Rows(WaitingSql, row => row.GetGuid(0), invitationID, agentID))
        {
            foreach (var fact in new BindAgentToken(invitationID, roomID, seatID).Decide(await session.AgentToken(tokenID, cancellation)).Facts)
            {
                session.Events.Append(tokenID, session.BuildFact(fact.Data, Guid.CreateVersion7(now), now, attribution));
                bound.Add(tokenID);
            }
        }

        return bound;
    }

    /// <summary>The rows that <paramref name="sql"/> finds.</summary>
    public static async Task<IReadOnlyList<T>> Rows<T>(this IDocumentSession session, string sql, Func<DbDataReader, T> read, params IReadOnlyList<object> parameters)
    {
        await using var command = new NpgsqlCommand(sql);
        command.Parameters.AddRange(parameters.Select(value => new NpgsqlParameter { Value = value }).ToArray());
        var found = new List<T>();
        await using var rows = await session.ExecuteReaderAsync(command);
        while (await rows.ReadAsync())
        {
            found.Add(read(rows));
        }

        return found;
    }

    /// <summary>The one value that <paramref name="sql"/> finds.</summary>
    public static async Task<T> Ask<T>(this IDocumentSession session, string sql, params IReadOnlyList<object> parameters) =>
        (await session.Rows(sql, row => row.GetFieldValue<T>(0), parameters))[0];
}
