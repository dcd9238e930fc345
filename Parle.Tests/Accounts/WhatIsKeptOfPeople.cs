using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Accounts;

public class WhatIsKeptOfPeople(APostedService posted) : IClassFixture<APostedService>
{
    [Fact]
    public async Task in_the_database_is_neither_address_nor_code_nor_cookie()
    {
        var ana = await posted.SomebodyKnown();
        var (waiting, used) = (posted.Somebody(), await ana.AsksForACode());
        ana.Cookie = PersonWithMail.CookieOf(await ana.SignsIn(used, "a-key"));
        var secrets = new[] { ana.Email, ana.Cookie.Split('=')[1], used, waiting.Email, await waiting.AsksForACode() };

        var tables = await posted.Service.Rows(
            "select tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')", row => row.GetString(0));

        Assert.Contains("sign_in_codes", tables);
        Assert.True(await Occurrences("principals", ana.Handle) == 1, "What is there is not found.");
        foreach (var table in tables)
        {
            foreach (var secret in secrets)
            {
                Assert.True(await Occurrences(table, secret) == 0, $"{table} holds a secret.");
            }
        }
    }

    // Bytes are spelt in hex: what is text in them is looked for as such.
    private Task<long> Occurrences(string table, string text) => posted.Service.Scalar<long>(
        $"select count(*) from parle.{table} t where t::text ilike $1 or t::text ilike '%' || encode(convert_to($2, 'UTF8'), 'hex') || '%'",
        $"%{text}%", text);

    [Fact]
    public async Task in_logs_and_refusals_is_neither_address_nor_code_nor_cookie()
    {
        var log = new Memory();
        await using var node = await ParleService.Start(
            posted.Service.ConnectionString,
            parts => parts.AddSingleton<Api.Mail.IMailTransport>(posted.Mailbox).AddSingleton<ILoggerProvider>(log),
            ("Logging:LogLevel:Default", "Debug"), ("Logging:LogLevel:Microsoft.AspNetCore", "Debug"), Memory.AndNoConsole);
        var ana = posted.Somebody(node);
        var (older, code) = (await ana.AsksForACode(), await ana.AsksForACode());
        var answers = new List<HttpResponseMessage>
        { await ana.SignsIn(PersonWithMail.OtherThan(older)), await ana.SignsIn(code), await ana.Onboards(code, "system"), };
        ana.Cookie = PersonWithMail.CookieOf(await ana.Onboards(code));
        answers.AddRange(
        [
            await ana.SignsIn(code), await ana.Onboards(code),
            await ana.Send(HttpMethod.Get, $"/v/auth/whoami?cookie={ana.Cookie}"), await ana.Send(HttpMethod.Get, $"/{ana.Cookie}"),
            await ana.Send(HttpMethod.Post, "/v/auth/email/complete", new { email = ana.Email, code = new[] { code } }),
        ]);
        var cookie = ana.Cookie.Split('=')[1];
        await ana.IsKnownAs(ana.Handle);
        await (await ana.SignsOut()).IsEmptyWith(HttpStatusCode.NoContent);
        answers.Add(await ana.AsksWhoItIs());

        Assert.All(answers, answer => Assert.InRange((int)answer.StatusCode, 400, 499));
        foreach (var text in log.Lines.Concat(await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()))))
        {
            Assert.All([ana.Email, older, code, cookie], secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
        }

        Assert.Contains(log.Lines, line => line.Contains("/v/auth/whoami", StringComparison.Ordinal)); // The log was listened to.
    }
}
