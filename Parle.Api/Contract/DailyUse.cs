using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Parle.Api.Bounds;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Domain;
using Parle.Projections.Callers;

namespace Parle.Api.Contract;

/// <summary>
/// Counts the writes and bytes of each caller since midnight UTC, for all actions. Storage grows by writes alone, and each is charged to
/// its caller (law 10). Counted by root token, person, auditor and operator; the tokens below a root together have half of its limit. The
/// root tokens of a principal have a limit together too, since otherwise many tokens would multiply the limit; its guests have half of
/// that.
/// </summary>
/// <remarks>
/// A node counts at once, and exchanges counts with the database every half minute. So with n nodes a caller can exceed its limit by what
/// it sends to n − 1 of them in half a minute.
/// </remarks>
public sealed class DailyUse(NpgsqlDataSource database, IConfiguration configuration, TimeProvider clock, ILogger<DailyUse> log)
    : BackgroundService
{
    /// <summary>Writes of one caller in a day, unless set otherwise.</summary>
    public const int DefaultWrites = 1_000_000;

    /// <summary>MiB that one caller sends in a day, unless set otherwise.</summary>
    public const int DefaultMegabytes = 4096;

    /// <summary>The limit of a principal's tokens together, in limits of one token, unless set otherwise.</summary>
    public const int TokensWorth = 4;

    private const long MiB = 1024 * 1024;

    private static readonly TimeSpan SynchroniseEvery = TimeSpan.FromSeconds(30);

    private readonly Bounds ofToken = new(
        "", Limits.Of(configuration, "WritesPerDay", DefaultWrites), Limits.Of(configuration, "MegabytesPerDay", DefaultMegabytes) * MiB,
        "_below_a_token");

    private readonly Bounds ofPrincipal = new(
        "_of_a_principal",
        Limits.Of(configuration, "WritesPerDayAndPrincipal", Times(Limits.Of(configuration, "WritesPerDay", DefaultWrites))),
        Limits.Of(configuration, "MegabytesPerDayAndPrincipal", Times(Limits.Of(configuration, "MegabytesPerDay", DefaultMegabytes))) * MiB,
        "_of_guests");

    private readonly ConcurrentDictionary<(Guid Payer, DateOnly Day), Lazy<Task<Account>>> accounts = new();

    /// <summary>Counts one write. Returns a refusal when a limit is reached; null when none is.</summary>
    /// <param name="context">The request of an admitted caller.</param>
    /// <param name="action">The action.</param>
    /// <param name="bytes">The length of its body; the most that it can be where it is not declared.</param>
    public async Task<Refusal?> Take(HttpContext context, ParleAction action, long bytes)
    {
        if (!action.Grows || Payer(context) is not var (payer, isBelow))
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        var own = context.Features.Get<Caller>() is null ? ofToken : ofToken.LeavingSomeOf(ofPrincipal);
        var account = own.AreNone ? null : await AccountOf(payer, day);
        var cap = account?.Take(isBelow, bytes, own);
        if (cap is null && !ofPrincipal.AreNone && context.Features.Get<Caller>() is { } caller)
        {
            cap = (await AccountOf(TokensOf(caller.PrincipalID), day)).Take(caller.HasGuestsShare, bytes, ofPrincipal);
            if (cap is not null)
            {
                account?.Return(isBelow, bytes);
            }
        }

        return cap is null ? null
            : Refusals.RateLimited with
            {
                Cap = cap,
                RetryAfterMs = (int)Math.Ceiling(
                    (day.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) - now.UtcDateTime).TotalMilliseconds)
            };
    }

    /// <summary>Adds this node's counts to the database's, and reads the sums of all nodes.</summary>
    public async Task Synchronise(CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        foreach (var ((payer, day), loading) in accounts.ToArray())
        {
            if (loading.Value is { IsCompletedSuccessfully: true } loaded && loaded.Result is var account)
            {
                foreach (var isBelow in (bool[])[false, true])
                {
                    await Synchronise(payer, day, isBelow, account, cancellation);
                }
            }

            if (day != today || loading.Value.IsFaulted)
            {
                accounts.TryRemove((payer, day), out _);
            }
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TrySynchronise(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SynchroniseEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TrySynchronise(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops, and synchronises once more.
        }
    }

    private static (Guid Payer, bool IsBelow)? Payer(HttpContext context) =>
        context.Features.Get<Caller>() is { } caller ? (caller.TokenPath is [var root, ..] ? (root, true) : (caller.TokenID, false))
        : context.Features.Get<Person>() is { } person ? (person.PrincipalID, false)
        : context.Features.Get<Auditor>() is { } auditor ? (auditor.AuditorID, false)
        : context.Features.Get<Operator>() is { } found ? (found.OperatorID, false)
        : null;

    private static int Times(int ofOne) => (int)Math.Min(int.MaxValue, (long)ofOne * TokensWorth);

    // The account of all tokens of a principal, apart from its account in person.
    private static Guid TokensOf(Guid principalID) =>
        new(SHA256.HashData([.. Encoding.UTF8.GetBytes("tokens of "), .. principalID.ToByteArray()]).AsSpan(0, 16));

    private Task<Account> AccountOf(Guid payer, DateOnly day) =>
        accounts.GetOrAdd((payer, day), static (key, use) => new(() => use.Load(key.Payer, key.Day)), this).Value;

    private async Task<Account> Load(Guid payer, DateOnly day)
    {
        try
        {
            var account = new Account();
            foreach (var use in await UseOfADay.Of(database, payer, day, CancellationToken.None))
            {
                account.Learn(use.Below, use.Writes, use.Bytes);
            }

            return account;
        }
        catch
        {
            accounts.TryRemove((payer, day), out _); // The next request loads it again.
            throw;
        }
    }

    private async Task Synchronise(Guid payer, DateOnly day, bool isBelow, Account account, CancellationToken cancellation)
    {
        if (account.Unsaved(isBelow) is not { Writes: > 0 } unsaved)
        {
            return;
        }

        var sum = await UseOfADay.Add(database, payer, day, new(isBelow, unsaved.Writes, unsaved.Bytes), cancellation);
        account.MarkSaved(isBelow, unsaved, sum.Writes, sum.Bytes);
    }

    private async Task TrySynchronise(CancellationToken cancellation)
    {
        try
        {
            await Synchronise(cancellation);
            await UseOfADay.Prune(database, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-1), cancellation);
        }
        catch (Exception outage)
            when (outage is NpgsqlException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            // The counts are kept for the next round.
            log.LogInformation("What {Callers} callers wrote today waits for the database", accounts.Count);
        }
    }

    /// One payer's day: the sums of all nodes as last read, and the counts of this node that are not stored yet.
    private sealed class Account
    {
        private readonly Lock gate = new();
        private readonly Amount[] known = [new(0, 0), new(0, 0)];
        private readonly Amount[] unsaved = [new(0, 0), new(0, 0)];

        public Cap? Take(bool isBelow, long bytes, Bounds bounds)
        {
            lock (gate)
            {
                var below = known[1].And(unsaved[1]);
                var all = known[0].And(unsaved[0]).And(below);
                var cap = Full($"writes_per_day{bounds.Name}", all.Writes, 1, bounds.Writes)
                    ?? Full($"bytes_per_day{bounds.Name}", all.Bytes, bytes, bounds.Bytes)
                    ?? (isBelow ? Full($"writes_per_day{bounds.Below}", below.Writes, 1, bounds.Writes / 2) ?? Full(
                        $"bytes_per_day{bounds.Below}", below.Bytes, bytes, bounds.Bytes / 2) : null);
                if (cap is null)
                {
                    unsaved[isBelow ? 1 : 0] = unsaved[isBelow ? 1 : 0].And(new(1, bytes));
                }

                return cap;
            }
        }

        // Takes back a write that another account refused.
        public void Return(bool isBelow, long bytes)
        {
            lock (gate)
            {
                unsaved[isBelow ? 1 : 0] = unsaved[isBelow ? 1 : 0].And(new(-1, -bytes));
            }
        }

        public void Learn(bool isBelow, long writes, long bytes)
        {
            lock (gate)
            {
                known[isBelow ? 1 : 0] = new(writes, bytes);
            }
        }

        public Amount Unsaved(bool isBelow)
        {
            lock (gate)
            {
                return unsaved[isBelow ? 1 : 0];
            }
        }

        public void MarkSaved(bool isBelow, Amount saved, long writes, long bytes)
        {
            lock (gate)
            {
                var side = isBelow ? 1 : 0;
                (known[side], unsaved[side]) = (new(writes, bytes),
                    new(unsaved[side].Writes - saved.Writes, unsaved[side].Bytes - saved.Bytes));
            }
        }

        private static Cap? Full(string name, long used, long more, long limit) =>
            limit > 0 && used + more > limit ? new(name, used, limit, "It is counted anew from midnight, UTC.") : null;
    }

    /// An account's limits, their name, and the name of the half that callers below it have.
    private sealed record Bounds(string Name, long Writes, long Bytes, string Below)
    {
        public bool AreNone => Writes == 0 && Bytes == 0;

        /// The same for one of several accounts: at most three quarters of the limit of all.
        public Bounds LeavingSomeOf(Bounds all) => this with { Writes = Least(Writes, all.Writes), Bytes = Least(Bytes, all.Bytes) };

        private static long Least(long one, long all) => one == 0 || all == 0 ? one : Math.Min(one, Math.Max(1, all / 4 * 3));
    }

    private sealed record Amount(long Writes, long Bytes)
    {
        public Amount And(Amount other) => new(Writes + other.Writes, Bytes + other.Bytes);
    }
}
