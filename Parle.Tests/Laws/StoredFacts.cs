using Npgsql;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// Rows of the service's database, read past the service.
public static class StoredFacts
{
    /// The number of facts of one name in a stream.
    public static Task<long> Count(this ParleService service, Guid streamID, string type) =>
        service.Scalar<long>("select count(*) from parle.mt_events where stream_id = $1 and type = $2", streamID, type);

    public static async Task<T> Scalar<T>(this ParleService service, string sql, params object[] parameters) =>
        (T)(await service.Rows(sql, row => row.GetValue(0), parameters)).Single();

    public static async Task<IReadOnlyList<T>> Rows<T>(
        this ParleService service, string sql, Func<NpgsqlDataReader, T> read, params object[] parameters)
    {
        await using var connection = new NpgsqlConnection(service.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters.Select(value => new NpgsqlParameter { Value = value }).ToArray());
        var found = new List<T>();
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            found.Add(read(rows));
        }

        return found;
    }
}
