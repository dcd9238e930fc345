using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Parle.Api.Mail;

namespace Parle.Tests.Accounts;

/// Takes the mail of a service, of all its nodes.
public sealed partial class Mailbox : IMailTransport
{
    private readonly ConcurrentDictionary<string, Channel<MailMessage>> boxes = new();

    public bool CanSend => true;

    /// All that ever came.
    public ConcurrentQueue<MailMessage> Letters { get; } = new();

    public async Task Send(MailMessage message, CancellationToken cancellation)
    {
        Letters.Enqueue(message);
        await Of(message.To.Text).Writer.WriteAsync(message, cancellation);
    }

    /// The next mail to an address; waits for it.
    public async Task<MailMessage> Next(string address) => await Of(address).Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// The code in the next mail to an address.
    public async Task<string> Code(string address) => CodeIn((await Next(address)).Text);

    public static string CodeIn(string text) => Code().Match(text).Value;

    private Channel<MailMessage> Of(string address) => boxes.GetOrAdd(address, _ => Channel.CreateUnbounded<MailMessage>());

    [GeneratedRegex(@"\b\d{8}\b")]
    private static partial Regex Code();
}
