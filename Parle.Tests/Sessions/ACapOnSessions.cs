using CsCheck;
using Parle.Domain;
using Parle.Domain.Sessions;

namespace Parle.Tests.Sessions;

public class ACapOnSessions
{
    private static readonly DateTimeOffset Now = new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero);
    private static readonly SessionCap Cap = new(25);
    private static readonly Guid Root = ID(1);
    private static readonly Guid Child = ID(2);
    private static readonly Guid Beside = ID(3);
    private static readonly Guid Grandchild = ID(4);

    // Some tree of tokens: each is below the root, or below one of the others.
    private static readonly Gen<IReadOnlyList<IReadOnlyList<Guid>>> Trees = Gen.Int[0, 1000].Array[0, 6]
        .Select(parents => (IReadOnlyList<IReadOnlyList<Guid>>)parents.Aggregate(
            new List<IReadOnlyList<Guid>> { new[] { ID(100) } },
            (chains, parent) => [.. chains, [.. chains[parent % chains.Count], ID(101 + chains.Count)]]));

    [Fact]
    public void is_for_a_token_and_half_of_it_for_each_one_below() =>
        Assert.Equal([25, 12, 6, 3, 1, 1], Enumerable.Range(0, 6).Select(Cap.ShareAt));

    [Fact]
    public void ends_the_one_that_was_silent_longest() => Ends([Root], Live(25, Root), [ID(1000)]);

    [Fact]
    public void ends_nothing_while_there_is_room() => Ends([Root], Live(24, Root), []);

    [Fact]
    public void of_none_ends_nothing() => Ends([Root], Live(1000, Root), [], new(0));

    [Fact]
    public void ends_no_session_of_a_token_above_or_beside()
    {
        Refuses([Root, Child], Live(25, Root), 25, 25);
        Refuses([Root, Child], [.. Live(20, Root), .. Live(5, Root, Beside)], 25, 25);
    }

    [Fact]
    public void leaves_a_token_its_place_whatever_those_below_it_start()
    {
        Ends([Root, Child], Live(12, Root, Child), [ID(1000)]);
        Ends([Root], [.. Live(12, Root, Beside), .. Live(12, Root, Child), new(ID(9000), [Root], Now.AddDays(1), IsHeld: false)],
            [ID(1000)]);
    }

    [Fact]
    public void counts_what_stands_below_a_child_against_it()
    {
        Refuses([Root, Child, Grandchild], Live(12, Root, Child), 12, 12);
        Ends([Root, Child, Grandchild], Live(6, Root, Child, Grandchild), [ID(1000)]);
        Ends([Root, Child], Live(12, Root, Child, Grandchild), [ID(1000)]);
    }

    [Fact]
    public void never_ends_one_that_holds_a_stream_or_a_wait()
    {
        Ends([Root], [.. Live(24, Root).Select(one => one with { IsHeld = true }), new(ID(7), [Root], Now.AddDays(1), IsHeld: false)],
            [ID(7)]);
        Refuses([Root], [.. Live(25, Root).Select(one => one with { IsHeld = true })], 25, 25);
    }

    [Fact]
    public void does_not_know_of_sessions_of_before_their_tokens_were_recorded() =>
        Ends([Root], [.. Live(24, Root), new(ID(7), [], Now.AddDays(-1), IsHeld: false)], []);

    [Fact]
    public void takes_more_than_one_when_it_was_lowered() => Ends([Root], Live(27, Root), [ID(1000), ID(1001), ID(1002)]);

    /// Law 10: whoever starts whatever, each token keeps its share, and nothing of one above or beside ends.
    [Fact]
    public void holds_whoever_starts_whatever() => Gen.Select(Trees, Gen.Int[0, 1000].Array[1, 80], Gen.Bool.Array[1, 80])
        .Sample((chains, starters, holds) =>
        {
            var live = new List<LiveSession>();
            foreach (var (i, starter) in starters.Index())
            {
                var chain = chains[starter % chains.Count];
                var (refusal, ending) = Cap.MakeRoom(chain, live);
                Assert.All(ending,
                    id => Assert.True(live.Single(one => one.SessionID == id) is { IsHeld: false } one && one.Tokens.Contains(chain[^1])));
                if (refusal is null)
                {
                    live.RemoveAll(one => ending.Contains(one.SessionID));
                    live.Add(new(ID(2000 + i), chain, Now.AddSeconds(i), holds[i % holds.Length]));
                }

                foreach (var one in chains)
                {
                    Assert.True(live.Count(session => session.Tokens.Contains(one[^1])) <= Cap.ShareAt(one.Count - 1));
                }
            }
        });

    private static void Ends(
        IReadOnlyList<Guid> tokens, IReadOnlyCollection<LiveSession> live, IReadOnlyList<Guid> sessions, SessionCap? cap = null)
    {
        var (refusal, ending) = (cap ?? Cap).MakeRoom(tokens, live);
        Assert.Null(refusal);
        Assert.Equal(sessions, ending);
    }

    private static void Refuses(IReadOnlyList<Guid> tokens, IReadOnlyCollection<LiveSession> live, long used, long limit)
    {
        var (refusal, ending) = Cap.MakeRoom(tokens, live);
        Assert.Empty(ending);
        Assert.Equal(
            ("rate_limited", "live_agent_sessions", used, limit), (refusal!.Code, refusal.Cap!.Name, refusal.Cap.Used, refusal.Cap.Limit));
        Assert.True(refusal is { Retryable: true, Scope: RefusalScope.RateLimit, RetryAfterMs: > 0, Cap.Recovery.Length: > 0 });
    }

    // The first one is the one that was silent longest.
    private static IReadOnlyList<LiveSession> Live(int count, params Guid[] tokens) =>
        [.. Enumerable.Range(0, count)
            .Select(i => new LiveSession(tokens is [_, var below, ..] && below == Beside ? ID(3000 + i) : ID(1000 + i), tokens,
                Now.AddSeconds(tokens is [_, var other, ..] && other == Beside ? 100 + i : i), IsHeld: false))];

    private static Guid ID(int number) => new($"00000000-0000-7000-8000-{number:x12}");
}
