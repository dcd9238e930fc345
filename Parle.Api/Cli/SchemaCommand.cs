using Parle.Api.Database;
using Parle.Projections.Record;

namespace Parle.Api.Cli;

/// <summary>The commands <c>db-apply</c> and <c>db-assert</c>: the schema of the database, as the account that owns it.</summary>
internal static class SchemaCommand
{
    private const int Named = 20; // Most differences listed; an empty database differs in everything.

    /// <summary>Applies the schema. Exit code 0 when it is in place.</summary>
    public static async Task<int> Apply(IServiceProvider services)
    {
        var schema = services.GetRequiredService<ParleSchema>();
        var found = await schema.Find(CancellationToken.None);
        if (found.State is SchemaState.Newer)
        {
            return await Fail(Condition.Of(found));
        }

        if (found.State is not SchemaState.Current)
        {
            await schema.Apply(CancellationToken.None);
            found = await schema.Find(CancellationToken.None);
        }

        if (found.State is not SchemaState.Current)
        {
            return await Fail(Condition.Of(found));
        }

        await Console.Out.WriteLineAsync($"The schema is in place, as Parle {RecordGuards.Version.ToString(3)} needs it.");
        return 0;
    }

    /// <summary>Reports whether the schema is in place. Exit code 0 when it is, 1 when it is not.</summary>
    public static async Task<int> Assert(IServiceProvider services)
    {
        var schema = services.GetRequiredService<ParleSchema>();
        if (await schema.Find(CancellationToken.None) is { State: not SchemaState.Current } found)
        {
            if (found.State is SchemaState.Outdated or SchemaState.Altered)
            {
                var differing = await schema.Differences(CancellationToken.None);
                await Console.Error.WriteLineAsync("Not as it must be: "
                    + $"{string.Join(", ", differing.Take(Named))}"
                    + $"{(differing.Count > Named ? $", and {differing.Count - Named} more" : "")}.");
            }

            return await Fail(Condition.Of(found));
        }

        await Console.Out.WriteLineAsync($"The schema is as Parle {RecordGuards.Version.ToString(3)} needs it.");
        return 0;
    }

    private static async Task<int> Fail(Condition found)
    {
        await Console.Error.WriteLineAsync(string.Join(' ', found.Why, found.Detail).TrimEnd());
        return 1;
    }
}
