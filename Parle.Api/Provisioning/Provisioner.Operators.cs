using Parle.Api.Callers;
using Parle.Domain.Auditing;

namespace Parle.Api.Provisioning;

/// <content>Who runs the service.</content>
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
            // With new tokens there may be several of one label. What an earlier dismissal did not come to is done now.
            var all = await Operators(wanted.Label, wanted.OperatorID);
            foreach (var (one, _) in rehearsal is null ? all : [])
            {
                await ends.Dismiss(one, By(Callers.Operator.ServiceID));
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
        Refuse(appointment.Decide(now).Refusal, what); // Also of one that is there.
        if (await Find("select operator_id from parle.operators where label = $1 and revoked_at is null and (expires_at is null or "
            + "expires_at > now()) order by created_at desc limit 1", wanted.Label) is { } there
            && !newTokens)
        {
            return new(wanted.Label, there, null, (await Operators(wanted.Label, there))[0].ExpiresAt);
        }

        var decision = (appointment with { Within = acting?.ExpiresAt }).Decide(now);
        Refuse(decision.Refusal, what);
        if (!newTokens && minted.TryGetValue($"operator {wanted.Label}", out var twice))
        {
            return new(wanted.Label, twice, null, ((OperatorAppointed)decision.Facts[0].Data).ExpiresAt);
        }

        var operatorID = Guid.CreateVersion7();
        minted[$"operator {wanted.Label}"] = operatorID;
        var secret = Secret.Mint(Secret.OperatorPrefix);
        await Start(operatorID, decision, Callers.Operator.ServiceID, what,
            session => session.QueueOperation(Credentials.Keep(server, secret, operatorID)));
        return new(wanted.Label, operatorID, secret.Reveal(), ((OperatorAppointed)decision.Facts[0].Data).ExpiresAt);
    }

    private async Task<IReadOnlyList<(Guid OperatorID, DateTimeOffset? ExpiresAt)>> Operators(string label, Guid? operatorID)
    {
        await using var command = database.CreateCommand("select operator_id, expires_at from parle.operators where label = $1 and "
            + "($2::uuid is null or operator_id = $2) order by created_at, operator_id");
        command.Parameters.Add(new() { Value = label });
        command.Parameters.Add(new() { Value = (object?)operatorID ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        var found = new List<(Guid, DateTimeOffset?)>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            found.Add((rows.GetGuid(0), rows.IsDBNull(1) ? null : rows.GetFieldValue<DateTimeOffset>(1)));
        }

        return found;
    }
}
