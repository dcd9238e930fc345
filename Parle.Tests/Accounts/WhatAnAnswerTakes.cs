using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Npgsql;
using Parle.Tests.Service;

namespace Parle.Tests.Accounts;

/// An answer that took less work than another tells by its time what it does not tell in words. So what is counted is the work.
public class WhatAnAnswerTakes(APostedService posted) : IClassFixture<APostedService>
{
    [Theory]
    [InlineData("/v/onboarding/start")]
    [InlineData("/v/auth/email/start")]
    public async Task is_the_same_for_known_and_unknown_addresses(string path)
    {
        var (ana, ben) = (await posted.SomebodyKnown(), posted.Somebody());

        var known = await Work(() => ana.Send(HttpMethod.Post, path, new { email = ana.Email }));
        var unknown = await Work(() => ben.Send(HttpMethod.Post, path, new { email = ben.Email }));

        Assert.NotEmpty(known);
        Assert.Equal(known, unknown);
    }

    [Fact]
    public async Task is_the_same_for_wrong_dead_used_and_unknown_codes()
    {
        var (withCode, withoutCode, used, dead, unknown) = (await posted.SomebodyKnown(), await posted.SomebodyKnown(),
            await posted.SomebodyKnown(), posted.Somebody(), posted.Somebody());
        await withCode.AsksForACode();
        var spent = await used.AsksForACode();
        await (await used.SignsIn(spent)).Json(HttpStatusCode.Created);
        var guessed = await dead.AsksForACode();
        for (var i = 0; i < Parle.Api.Accounts.EmailCodes.MaxWrongTriesOfNetwork; i++)
        {
            await dead.SignsIn(PersonWithMail.OtherThan(guessed));
        }

        foreach (var tries in new Func<PersonWithMail, string, Task<HttpResponseMessage>>[]
        { (person, code) => person.SignsIn(code), (person, code) => person.Onboards(code) })
        {
            var wrong = await Work(() => tries(withCode, "no code"));
            // The writes are listened to as well.
            Assert.Contains(wrong, sql => sql.Contains("update parle.sign_in_codes", StringComparison.Ordinal));
            Assert.Equal(wrong, await Work(() => tries(withoutCode, "no code")));
            Assert.Equal(wrong, await Work(() => tries(used, spent)));
            Assert.Equal(wrong, await Work(() => tries(dead, guessed)));
            Assert.Equal(wrong, await Work(() => tries(unknown, "no code")));
        }
    }

    /// The statements that the database is given for an answer, in their order.
    private async Task<IReadOnlyList<string>> Work(Func<Task<HttpResponseMessage>> call)
    {
        var database = new NpgsqlConnectionStringBuilder(posted.Service.ConnectionString).Database;
        var statements = new ConcurrentQueue<string>();
        using (var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (Equals(activity.GetTagItem("db.namespace"), database) && activity.GetTagItem("db.query.text") is string sql
                    && IsOurs(sql))
                {
                    statements.Enqueue(sql);
                }
            },
        })
        {
            ActivitySource.AddActivityListener(listener);
            (await call()).Dispose();
        }

        return [.. statements];
    }

    // Not what the messaging asks the database meanwhile.
    private static bool IsOurs(string sql) =>
        sql.Contains("pg_advisory_xact_lock(hashtextextended", StringComparison.Ordinal)
        || new[] { "sign_in_codes", "sign_in_browsers", "identities", "principals", "person_sessions", "credentials", "mt_" }
            .Any(table => sql.Contains($"parle.{table}", StringComparison.Ordinal));
}
