using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parle.Api.Mail;
using Parle.Domain.Names;
using Parle.Tests.Accounts;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Mail;

public class SendingMail(TestCluster cluster)
{
    [Fact]
    public async Task brings_a_code_over_smtp_with_which_one_becomes_known()
    {
        using var server = AMailServer.Start();
        await using var service = await ParleService.Start((await cluster.Service).ConnectionString, Smtp(server));
        var ana = new PersonWithMail(service.Client(), new());

        await (await ana.Send(HttpMethod.Post, "/v/onboarding/start", new { email = ana.Email })).Json(HttpStatusCode.Accepted);

        var (to, mail) = await server.Next();
        Assert.Equal(ana.Email, to);
        Assert.Contains("From: Parle <parle@example.org>", mail, StringComparison.Ordinal);
        Assert.Contains($"To: {ana.Email}", mail, StringComparison.Ordinal);
        Assert.Contains("Subject: Your code for Parle", mail, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-generated", mail, StringComparison.Ordinal);
        await (await ana.Onboards(Mailbox.CodeIn(mail[mail.IndexOf("Your code is", StringComparison.Ordinal)..])))
            .Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task is_tried_again_when_the_server_was_busy_and_names_no_mailbox_in_the_log()
    {
        var log = new Memory();
        using var server = AMailServer.Start(busyFor: 1);
        await using var service = await ParleService.Start(
            (await cluster.Service).ConnectionString, parts => parts.AddSingleton<ILoggerProvider>(log), Smtp(server));

        Assert.True(
            service.Host.Services.GetRequiredService<MailSender>().Codes.Send(EmailAddress.Parse("ana@example.org")!, "Hello", "Words."));

        var (to, mail) = await server.Next();
        Assert.Equal("ana@example.org", to);
        Assert.Contains("Words.", mail, StringComparison.Ordinal);
        Assert.All(log.Lines, line => Assert.DoesNotContain("ana@example.org", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task keeps_what_waits_within_bounds_and_leaves_a_code_good_when_the_next_cannot_be_sent()
    {
        var (stuck, mailbox) = Carriers();
        await using var service = await ParleService.Start(
            (await cluster.Service).ConnectionString, parts => parts.AddSingleton<IMailTransport>(stuck),
            ("Parle:Limits:CodesPerClient", "0"));
        var ben = new PersonWithMail(service.Client(), mailbox);
        var code = await ben.AsksForACode();

        await Fill(service.Host.Services.GetRequiredService<MailSender>().Codes, stuck);

        await (await ben.Send(HttpMethod.Post, "/v/auth/email/start", new { email = ben.Email })).IsRefused("service_unavailable");
        await (await ben.Onboards(code)).Json(HttpStatusCode.Created);
        stuck.Free();
        await Crash.Until.Holds(() => Task.FromResult(
            service.Host.Services.GetRequiredService<MailSender>().Codes.Send(EmailAddress.Parse("ana@example.org")!, "Hello", "Words.")));
    }

    [Fact]
    public async Task sends_codes_also_when_no_invitation_can_be_sent()
    {
        var (stuck, mailbox) = Carriers();
        await using var service = await ParleService.Start(
            (await cluster.Service).ConnectionString, parts => parts.AddSingleton<IMailTransport>(stuck),
            ("Parle:Limits:CodesPerClient", "0"));

        await Fill(service.Host.Services.GetRequiredService<MailSender>().Invitations, stuck);

        await new PersonWithMail(service.Client(), mailbox).BecomesKnown();
        stuck.Free();
    }

    [Fact]
    public async Task sends_what_waits_before_the_service_stops()
    {
        var mailbox = new Mailbox();
        await using (var service = await ParleService.Start(
            (await cluster.Service).ConnectionString, parts => parts.AddSingleton<IMailTransport>(mailbox)))
        {
            foreach (var i in Enumerable.Range(0, 50))
            {
                service.Host.Services.GetRequiredService<MailSender>().Invitations
                    .Send(EmailAddress.Parse($"a{i}@example.org")!, "Hello", "Words.");
            }
        }

        Assert.Equal(50, mailbox.Letters.Count);
    }

    [Fact]
    public async Task prints_to_standard_output_for_developers_who_have_no_server()
    {
        await using var process = await ParleProcess.Start(await cluster.NewDatabase(), ("ASPNETCORE_ENVIRONMENT", "Development"));
        using var client = process.Client();
        var ana = new PersonWithMail(client, new());

        await (await ana.Send(HttpMethod.Post, "/v/onboarding/start", new { email = ana.Email })).Json(HttpStatusCode.Accepted);
        await Crash.Until.Holds(() => Task.FromResult(process.Output.Contains($"Mail to {ana.Email}", StringComparison.Ordinal)
            && process.Output.Contains("Your code is", StringComparison.Ordinal)));

        Assert.DoesNotContain(ana.Email, process.Errors, StringComparison.Ordinal);
        await (await ana.Onboards(Mailbox.CodeIn(process.Output[process.Output.IndexOf("Your code is", StringComparison.Ordinal)..])))
            .Json(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("Parle__Smtp__From", "", "Parle:Smtp:From")]
    [InlineData("Parle__Smtp__Security", "sometimes", "Parle__Smtp__Security")]
    [InlineData("Parle__Oidc__Authority", "http://elsewhere.example", "Parle:Oidc:Authority")]
    [InlineData("Parle__Oidc__Authority", "https://elsewhere.example", "Parle:Oidc:Audience")]
    public async Task and_signing_in_are_not_started_with_settings_that_make_no_sense(string name, string value, string named)
    {
        var (code, _, errors) = await ParleProcess.Run(
            (await cluster.Service).ConnectionString, [], "", ("Parle__Smtp__Host", "localhost"),
            ("Parle__Smtp__From", "parle@example.org"), (name, value));

        Assert.Equal(1, code);
        Assert.StartsWith(named, errors, StringComparison.Ordinal);
        Assert.Single(errors.Trim().Split('\n'));
    }

    private static (string Name, string Value)[] Smtp(AMailServer server) =>
    [
        ("Parle:Smtp:Host", "127.0.0.1"), ("Parle:Smtp:Port", $"{server.Port}"), ("Parle:Smtp:Security", "none"),
        ("Parle:Smtp:From", "Parle <parle@example.org>"),
    ];

    /// Until no more can wait.
    private static Task Fill(MailQueue tray, StuckTransport stuck)
    {
        var taken = 0;
        return Crash.Until.Holds(() =>
        {
            for (; tray.Send(EmailAddress.Parse("ana@example.org")!, "Hello", "Words."); taken++)
            {
                Assert.True(taken < 2 * MailQueue.Capacity);
            }

            return Task.FromResult(taken == MailQueue.Capacity + stuck.Held && stuck.Held == MailSender.Together);
        });
    }

    private static (StuckTransport Stuck, Mailbox Mailbox) Carriers()
    {
        var mailbox = new Mailbox();
        return (new(mailbox), mailbox);
    }

    /// Gets stuck with all but codes.
    private sealed class StuckTransport(Mailbox mailbox) : IMailTransport
    {
        private readonly TaskCompletionSource free = new();
        private int held;

        public bool CanSend => true;

        public int Held => held;

        public Task Send(MailMessage letter, CancellationToken cancellation)
        {
            if (Mailbox.CodeIn(letter.Text) is not "")
            {
                return mailbox.Send(letter, cancellation);
            }

            Interlocked.Increment(ref held);
            return free.Task;
        }

        public void Free() => free.SetResult();
    }
}
