using System.Security.Cryptography;
using Parle.Api.Callers;

namespace Parle.Tests.Contract;

public class AMemoryOfCallers
{
    private static readonly DateTime start = new(2026, 8, 17, 10, 0, 0, DateTimeKind.Utc);

    private readonly KnownCallers known = new();

    public AMemoryOfCallers() => known.MoveTo("10:10:", start, []);

    [Fact]
    public void holds_who_was_found_under_all_that_came_with_it()
    {
        var (credentials, caller) = Somebody();
        known.Add(credentials, caller);

        Assert.Same(caller, known.Find(new([.. credentials.Token], [.. credentials.Session])));
        Assert.Null(known.Find(new(credentials.Token, [])));
        Assert.Null(known.Find(new(Hash(), credentials.Session)));
    }

    [Fact]
    public void holds_nobody_about_whom_something_changed()
    {
        foreach (var i in Enumerable.Range(0, Somebody().Caller.Keys.Count))
        {
            var ((ana, anaKnown), (ben, benKnown)) = (Somebody(), Somebody());
            known.Add(ana, anaKnown);
            known.Add(ben, benKnown);
            known.MoveTo("11:11:", start, [anaKnown.Keys[i], Guid.NewGuid()]);

            Assert.Null(known.Find(ana));
            Assert.Same(benKnown, known.Find(ben));
        }

        Assert.Equal("11:11:", known.AsOf);
    }

    [Fact]
    public void holds_who_was_found_again_until_the_next_change()
    {
        var (credentials, caller) = Somebody();
        foreach (var i in Enumerable.Range(11, 3))
        {
            known.Add(credentials, caller);
            known.MoveTo($"{i}:{i}:", start, [caller.Caller.AgentID]);
            Assert.Null(known.Find(credentials));
        }
    }

    [Fact]
    public void holds_nobody_after_a_change_about_everybody()
    {
        var (credentials, caller) = Somebody();
        known.Add(credentials, caller);
        known.MoveTo("11:11:", start, [Guid.NewGuid(), null]);

        Assert.Null(known.Find(credentials));
        Assert.Equal("11:11:", known.AsOf);
    }

    [Fact]
    public void holds_nobody_of_another_server()
    {
        var (credentials, caller) = Somebody();
        known.Add(credentials, caller);
        known.MoveTo("11:11:", start.AddSeconds(1), []);

        Assert.Null(known.Find(credentials));
        Assert.Equal("11:11:", known.AsOf);
    }

    [Fact]
    public void is_of_no_snapshot_when_everything_was_forgotten()
    {
        var (credentials, caller) = Somebody();
        known.Add(credentials, caller);
        known.ForgetAll();

        Assert.Null(known.Find(credentials));
        Assert.Null(known.AsOf);
    }

    [Fact]
    public void is_bounded_and_keeps_its_snapshot()
    {
        var all = Enumerable.Range(0, KnownCallers.Most + 1).Select(_ => Somebody()).ToList();
        all.ForEach(one => known.Add(one.Credentials, one.Caller));

        Assert.Equal([all[^1].Credentials], all.Select(one => one.Credentials).Where(credentials => known.Find(credentials) is not null));
        Assert.Equal("10:10:", known.AsOf);
    }

    private static (PresentedCredentials Credentials, KnownCaller Caller) Somebody() => (
        new(Hash(), Hash()),
        new(
            new(
                Guid.NewGuid(), ["participate"], Guid.NewGuid(), "helper", Guid.NewGuid(), "ana", Guid.NewGuid(), "build", null,
                new(Guid.NewGuid(), Guid.NewGuid(), "aaaaaaaaaaaaaaaa", null, start, start.AddHours(1), null, null), null)
            { TokenPath = [Guid.NewGuid(), Guid.NewGuid()] },
            null));

    private static byte[] Hash() => RandomNumberGenerator.GetBytes(32);
}
