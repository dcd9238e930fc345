using Parle.Api.Callers;
using Parle.Domain.Auditing;
using Parle.Projections.Provisioning;

namespace Parle.Api.Provisioning;

/// <content>Appoints and dismisses operators.</content>
public sealed partial class Provisioner
{
    private const long Longest = 10L * 366 * 24 * 60 * 60; // Seconds; longer than any operator is appointed for, and no overflow.

    private async Task<ProvisionedOperator> Operator(ProvisionOperator wanted, bool newTokens)
    {
        var what = $"operator {wanted.Label}";
        if (wanted.OperatorID is not null && !wanted.Dismissed)
        {
            throw new ProvisionException($"{what}: operator_id says which one is dismissed.");
        }

        if (wanted.Dismissed)
        {
            // With new tokens there may be several of one label. An earlier dismissal that was cut off is completed now.
            var all = await Inventory.Operators(database, wanted.Label, wanted.OperatorID, CancellationToken.None);
            foreach (var one in rehearsal is null ? all : [])
            {
                await ends.Dismiss(one.OperatorID, By(Callers.Operator.ServiceID));
            }

            return wanted.OperatorID is { } named && all.Count == 0
                ? throw new ProvisionException($"{what}: there is no operator {named} of that label.")
                : new(wanted.Label, all.Count == 0 ? Guid.Empty : all[^1].OperatorID, null);
        }

        var now = clock.GetUtcNow();
        if (wanted is { TtlSeconds: not null, ExpiresAt: not null })
        {
            throw new ProvisionException($"{what}: say either ttl_seconds or expires_at.");
        }

        var appointment = new AppointOperator(wanted.Label,
            wanted.TtlSeconds is { } seconds ? now.AddSeconds(Math.Clamp(seconds, 0, Longest)) : wanted.ExpiresAt?.ToUniversalTime())
        { Life = limits.OperatorLife };
        Refuse(appointment.Decide(now).Refusal, what); // An operator that is there is checked too.
        if (await Inventory.Operator(database, wanted.Label, CancellationToken.None) is { } there
            && !newTokens)
        {
            return new(
                wanted.Label, there, null, (await Inventory.Operators(database, wanted.Label, there, CancellationToken.None))[0].ExpiresAt);
        }

        var decision = (appointment with { Within = acting?.ExpiresAt }).Decide(now);
        Refuse(decision.Refusal, what);
        if (!newTokens && minted.TryGetValue($"operator {wanted.Label}", out var twice))
        {
            return new(wanted.Label, twice, null, ((OperatorAppointed)decision.Facts[0].Data).ExpiresAt);
        }

        var operatorID = Guid.CreateVersion7();
        minted[$"operator {wanted.Label}"] = operatorID;
        var secret = CredentialKind.OperatorToken.Mint();
        await Start(operatorID, decision, Callers.Operator.ServiceID, what,
            session => session.QueueOperation(Credentials.Keep(server, secret, operatorID)));
        return new(wanted.Label, operatorID, secret.Reveal(), ((OperatorAppointed)decision.Facts[0].Data).ExpiresAt);
    }
}
