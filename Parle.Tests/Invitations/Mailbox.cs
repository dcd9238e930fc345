using System.Collections.Concurrent;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Parle.Api.Callers;
using Parle.Api.Mail;
using Parle.Domain.Names;
using Parle.Domain.Principals;
using Parle.Tests.Contract;
using Parle.Tests.Crash;
using Parle.Tests.Service;

namespace Parle.Tests.Invitations;

/// Everybody's mail, for a test to read.
public sealed class Mailbox : IMailTransport
{
    private readonly ConcurrentQueue<MailMessage> letters = [];

    public bool CanSend => true;

    public Task Send(MailMessage message, CancellationToken cancellation)
    {
        letters.Enqueue(message);
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<MailMessage>> Has(int count)
    {
        await Until.Holds(() => Task.FromResult(letters.Count >= count));
        return [.. letters];
    }
}

public static class Mails
{
    /// The person proved that it reads the mail of this address.
    public static async Task Proves(this ParleService service, TestPrincipal person, string address)
    {
        var identity = Identity.Of(EmailAddress.Parse(address)!, service.Host.Services.GetRequiredService<ServerKey>());
        await using var session = service.Host.Services.GetRequiredService<IDocumentStore>().LightweightSession();
        session.Events.Append(person.PrincipalID, session.Crafted(new IdentityLinked(identity.Kind, identity.Hex)));
        await session.SaveChangesAsync();
    }
}
