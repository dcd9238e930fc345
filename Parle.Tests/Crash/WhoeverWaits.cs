using Npgsql;

namespace Parle.Tests.Crash;

/// What a killed service had sent whole, its database would still carry out. So what is to be cut off in its middle is ended there too.
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
