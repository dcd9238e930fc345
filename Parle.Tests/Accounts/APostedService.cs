using Microsoft.Extensions.DependencyInjection;
using Parle.Api.Mail;
using Parle.Tests.Service;

namespace Parle.Tests.Accounts;

/// A service whose mail comes into a test's hands, and whose time passes when a test says so. All its clients have one address, so bounds
/// by client are off.
public sealed class APostedService(TestCluster cluster) : IAsyncLifetime
{
    private readonly MovableClock clock = new();

    public Mailbox Mailbox { get; } = new();

    public ParleService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await Node(await cluster.NewDatabase());

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    /// Another node on the same database, with settings of its own.
    public Task<ParleService> AnotherNode(params (string Name, string Value)[] settings) => Node(Service.ConnectionString, settings);

    /// So much time is over at once.
    public void Pass(TimeSpan time) => clock.Pass(time);

    /// Somebody with a fresh address, whom nobody knows yet.
    public PersonWithMail Somebody(ParleService? at = null) => new((at ?? Service).Client(), Mailbox);

    /// Somebody who is known, and signed in.
    public async Task<PersonWithMail> SomebodyKnown()
    {
        var person = Somebody();
        await person.BecomesKnown();
        return person;
    }

    private Task<ParleService> Node(string database, params (string Name, string Value)[] settings) => ParleService.Start(
        database, parts => parts.AddSingleton<TimeProvider>(clock).AddSingleton<IMailTransport>(Mailbox),
        [("Parle:Limits:CodesPerClient", "0"), ("Parle:Limits:GuessesPerClient", "0"), .. settings]);

    private sealed class MovableClock : TimeProvider
    {
        private long ahead;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref ahead));

        public void Pass(TimeSpan time) => Interlocked.Add(ref ahead, time.Ticks);
    }
}
