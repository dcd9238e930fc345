using Npgsql;

namespace Parle.Tests.Crash;

/// A database would still carry out a statement that a killed service had sent whole. So a statement to be cut off is ended there too.
internal static class WhoeverWaits
{
    public static async Task Ends(NpgsqlConnection holding, string table)
    {
        await using var end = new NpgsqlCommand(
            "select pg_terminate_backend(pid, 10000) from pg_locks where relation = $1::regclass and not granted", holding);
        end.Parameters.Add(new() { Value = table });
        await using var ended = await end.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await ended.ReadAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(ended.GetBoolean(0));
        }
    }
}
