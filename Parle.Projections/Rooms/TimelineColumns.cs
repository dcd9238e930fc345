using Npgsql;

namespace Parle.Projections.Rooms;

/// <summary>The columns of a <see cref="TimelineRow"/>: how they are selected, and how they are read.</summary>
/// <param name="rows">A result with a column <c>seq</c> and those of <see cref="Select"/>.</param>
internal sealed class TimelineColumns(NpgsqlDataReader rows)
{
    /// <summary>The columns beside <c>seq</c>: of a row <c>r</c> with its content, and of <see cref="People"/>.</summary>
    public const string Select = """
        r.event_id, r.type, r.created_at, r.addressing::text as addressing, r.body,
        author.participant_id as author_id, author.principal_id as author_principal_id, author.agent_id as author_agent_id,
        author.session_id as author_session_id, author.address as author_address, r.author_alias,
        subject.address as subject,
        redaction.event_id as redaction_id, redaction.fact_id as redacted_id, redaction.address as redacted_by,
        redaction.reason as redaction_reason
        """;

    /// <summary>
    /// Joins a row <c>r</c> with its author and its subject, within its own room. So an id never brings data of another room into the row.
    /// </summary>
    public const string People = """
        left join lateral (
            select a.participant_id, s.principal_id, s.agent_id, a.session_id, a.address
            from parle.participants a join parle.seats s on s.seat_id = a.seat_id and s.room_id = a.room_id
            where a.participant_id = r.author_id and a.room_id = r.room_id limit 1) as author on true
        left join lateral (
            select '@' || p.handle || coalesce('.' || a.handle, '') as address
            from parle.seats s
            join parle.principals p on p.principal_id = s.principal_id
            left join parle.agents a on a.agent_id = s.agent_id
            where s.seat_id = r.subject_id and s.room_id = r.room_id limit 1) as subject on true
        left join lateral (
            select d.event_id, d.fact_id, d.reason, '@' || p.handle || coalesce('.' || a.handle, '') as address
            from parle.redactions d
            join parle.seats s on s.seat_id = d.seat_id and s.room_id = r.room_id
            join parle.principals p on p.principal_id = s.principal_id
            left join parle.agents a on a.agent_id = s.agent_id
            where r.body is null and d.shown_at = r.event_id limit 1) as redaction on true
        """;

    private readonly Column<long> seq = new(rows, "seq");
    private readonly Column<Guid> eventID = new(rows, "event_id");
    private readonly Column<string> type = new(rows, "type");
    private readonly Column<DateTimeOffset> createdAt = new(rows, "created_at");
    private readonly Column<string?> addressing = new(rows, "addressing");
    private readonly Column<string?> body = new(rows, "body");
    private readonly Column<Guid?> authorID = new(rows, "author_id");
    private readonly Column<Guid> authorPrincipalID = new(rows, "author_principal_id");
    private readonly Column<Guid?> authorAgentID = new(rows, "author_agent_id");
    private readonly Column<Guid> authorSessionID = new(rows, "author_session_id");
    private readonly Column<string> authorAddress = new(rows, "author_address");
    private readonly Column<string?> authorAlias = new(rows, "author_alias");
    private readonly Column<string?> subject = new(rows, "subject");
    private readonly Column<Guid?> redactionID = new(rows, "redaction_id");
    private readonly Column<Guid> redactedID = new(rows, "redacted_id");
    private readonly Column<string> redactedBy = new(rows, "redacted_by");
    private readonly Column<string> redactionReason = new(rows, "redaction_reason");

    /// <summary>The present row.</summary>
    public TimelineRow Row => new(
        seq.Value, eventID.Value, type.Value, createdAt.Value, addressing.Value, Author, subject.Value, body.Value)
    {
        Redaction = redactionID.Value is { } redaction
            ? new(redaction, redactedID.Value, redactedBy.Value, redactionReason.Value) : null,
    };

    private TimelineAuthor? Author => authorID.Value is { } author
        ? new(author, authorPrincipalID.Value, authorAgentID.Value, authorSessionID.Value, authorAddress.Value, authorAlias.Value) : null;
}
