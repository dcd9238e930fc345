namespace Parle.Projections.Callers;

/// <summary>Agents that are guests of a principal.</summary>
public static class GuestAgents
{
    /// <summary>
    /// A condition on <c>parle.agents a</c>: it came by a join key of its principal, and was not there before. An imported room proves
    /// nothing about that, so its invitations do not count.
    /// </summary>
    public const string IsGuest = """
        exists (
            select from parle.invitations j
            where j.accepted_agent_id = a.agent_id and j.kind = 'key' and j.inviter_id = a.principal_id and j.created_at <= a.created_at
              and (select e.type from parle.mt_events e where e.stream_id = j.room_id order by e.version desc limit 1) <> 'room_imported')
        """;
}
