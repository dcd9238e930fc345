using System.Data.Common;
using Marten;
using Npgsql;
using Parle.Domain.Tokens;

namespace Parle.Api.Tokens;

/// <summary>Tokens as a unit of work finds them, over its own connection.</summary>
internal static class TokenRows
{
    /// <summary>A token; null when there is none.</summary>
    public static async Task<AgentToken?> AgentToken(this IDocumentSession session, Guid tokenID, CancellationToken cancellation) =>
        (await session.Events.FetchStreamAsync(tokenID, token: cancellation)).Aggregate((AgentToken?)null, (token, fact) => Domain.Tokens.AgentToken.Apply(token, fact.Data));

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
