using JasperFx;
using Marten;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Wakeups;
using Parle.Domain;
using Parle.Domain.Auditing;
using Parle.Domain.Principals;
using Parle.Domain.Tokens;
using Parle.Projections;
using Parle.Projections.Auditing;

namespace Parle.Api.Auditing;

/// <summary>
/// Dismisses operators, and ends all that each of them made, directly or through something it made: operators, auditors, people's sessions,
/// tokens and linked identities. None of these is valid once the dismissal is recorded (<see cref="Operator.NoneDismissed"/>); their ends
/// are recorded after it.
/// </summary>
public sealed class OperatorEnds(IDocumentStore store, NpgsqlDataSource database, Notifier notifier, TimeProvider clock)
{
    private const int MaxAttempts = 1000;

    /// <summary>Dismisses an operator. A second time it changes nothing.</summary>
    /// <param name="operatorID">The operator.</param>
    /// <param name="by">The attribution of the dismissal.</param>
    public async Task Dismiss(Guid operatorID, Attribution by)
    {
        await End(() => Operators.EndingWith(database, operatorID, CancellationToken.None), by);
        while (await End(() => Operators.MadeBy(database, operatorID, CancellationToken.None), by) > 0)
        {
            // Until nothing is left.
        }
    }

    private async Task<int> End(Func<Task<IReadOnlyList<MadeByOperator>>> find, Attribution by)
    {
        for (var attempt = 1; ; attempt++)
        {
            var made = await find();
            if (made.Count == 0)
            {
                return 0;
            }

            var now = clock.GetUtcNow();
            await using var session = store.LightweightSession();
            foreach (var (kind, id, principalID, identityKind, identityHash) in made)
            {
                object end = kind switch
                {
                    "operator" => new OperatorDismissed(),
                    "identity" => new IdentityUnlinked(identityKind!, identityHash!),
                    "auditor" => new AuditorDismissed(),
                    "session" => new PersonSessionEnded(),
                    _ => new AgentTokenRevoked(),
                };
                session.Events.Append(
                    id, session.BuildFact(end, Guid.CreateVersion7(now), now, by with { PrincipalID = principalID ?? by.PrincipalID }));
            }

            try
            {
                await session.SaveChangesAsync();
            }
            catch (ConcurrencyException) when (attempt < MaxAttempts)
            {
                continue; // Another dismissal ended one of them at the same time.
            }

            notifier.Announce([.. made.Select(one => new Signal(SignalKind.Standing, one.StreamID))]);
            return made.Count;
        }
    }
}
