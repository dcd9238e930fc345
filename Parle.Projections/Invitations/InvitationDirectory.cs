using System.Text.Json;
using JasperFx.Events;
using Marten;
using NpgsqlTypes;
using Parle.Domain.Invitations;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Invitations;

/// <summary>"Which invitations are there, and how did each end?" Keys' secrets are in <see cref="Tables.Credentials"/>.</summary>
public sealed class InvitationDirectory : TableProjection
{
    /// <summary>Declares the table.</summary>
    public InvitationDirectory() => Own(Table("invitations", table =>
    {
        table.AddColumn("invitation_id", "uuid").AsPrimaryKey();
        table.AddColumn("room_id", "uuid").NotNull();
        table.AddColumn("kind", "text").NotNull();
        table.AddColumn("minter_seat_id", "uuid").NotNull();
        table.AddColumn("inviter_id", "uuid").NotNull();
        table.AddColumn("minter_tokens", "uuid[]").NotNull().DefaultValueByExpression("'{}'");
        table.AddColumn("principal_id", "uuid");
        table.AddColumn("agent_id", "uuid");
        table.AddColumn("identity", "text");
        table.AddColumn("needs_approval", "boolean").NotNull();
        table.AddColumn("offered_rights", "text[]").NotNull();
        table.AddColumn("history", "text").NotNull();
        table.AddColumn("scopes", "text[]");
        table.AddColumn("agent_handle", "text");
        table.AddColumn("created_at", "timestamptz").NotNull();
        table.AddColumn("expires_at", "timestamptz").NotNull();
        table.AddColumn("state", "text").NotNull();
        table.AddColumn("waiting", "boolean").NotNull();
        table.AddColumn("requester_id", "uuid");
        table.AddColumn("requester_handle", "text");
        table.AddColumn("requested_at", "timestamptz");
        table.AddColumn("accepted_at", "timestamptz");
        table.AddColumn("accepted_by", "uuid");
        table.AddColumn("accepted_agent_id", "uuid");
        table.AddColumn("seat_id", "uuid");
        table.AddColumn("joined_as", "text");
        table.AddColumn("operators", "uuid[]");
        table.Indexes.Add(new IndexDefinition("invitations_room") { Columns = ["room_id", "kind"] });
        table.Indexes.Add(new IndexDefinition("invitations_accepted_agent")
        { Columns = ["accepted_agent_id"], Predicate = "accepted_agent_id is not null" });
        table.Indexes.Add(new IndexDefinition("invitations_waiting") { Columns = ["inviter_id"], Predicate = "waiting" });
        table.Indexes.Add(new IndexDefinition("invitations_seat") { Columns = ["seat_id"], Predicate = "seat_id is not null" });
        table.Indexes.Add(
            new IndexDefinition("invitations_principal") { Columns = ["principal_id"], Predicate = "principal_id is not null" });
    }));

    /// <summary>
    /// A condition on <c>parle.invitations i</c>: the invitation is void, because a token in its chain is no longer valid or an operator in
    /// its chain was dismissed.
    /// </summary>
    public const string MinterIsOver = """
        (exists (select 1 from parle.agent_tokens minter where minter.token_id = any(i.minter_tokens) and (minter.revoked_at is not null or minter.expires_at <= now()))
         or exists (select 1 from parle.operators o where o.operator_id = any(i.operators) and o.revoked_at is not null))
        """;

    /// <inheritdoc/>
    protected override void Apply(IDocumentOperations operations, IReadOnlyList<IEvent> facts)
    {
        foreach (var fact in facts)
        {
            Apply(operations, fact);
        }
    }

    private static void Apply(IDocumentOperations operations, IEvent fact)
    {
        switch (fact.Data)
        {
            case InvitationMinted minted:
                operations.QueueOperation(Open(fact, minted));
                break;
            case AdmissionRequested request:
                operations.QueueOperation(new SqlOperation(
                    "update parle.invitations set waiting = true, requester_id = ?, agent_id = coalesce(agent_id, ?), requester_handle = "
                    + "?, requested_at = ? where invitation_id = ? and room_id = ?",
                    (request.PrincipalID, NpgsqlDbType.Uuid), (request.AgentID, NpgsqlDbType.Uuid),
                    (request.AgentHandle, NpgsqlDbType.Text), (fact.Timestamp, NpgsqlDbType.TimestampTz),
                    (request.InvitationID, NpgsqlDbType.Uuid), (fact.StreamId, NpgsqlDbType.Uuid)));
                break;
            case AdmissionDecided decided:
                // An admission by approval also depends on the approver's authority: it ends with any operator in the approver's chain.
                operations.QueueOperation(new SqlOperation(
                    """
                    update parle.invitations set waiting = false, state = ?, operators = nullif(operators || array(select o from unnest(?) as o where o <> all(coalesce(operators, '{}'))), '{}')
                    where invitation_id = ? and room_id = ?
                    """,
                    (decided.Approved ? "open" : "denied", NpgsqlDbType.Text),
                    (FactMetadata.OperatorsOf(fact), NpgsqlDbType.Array | NpgsqlDbType.Uuid), (decided.InvitationID, NpgsqlDbType.Uuid),
                    (fact.StreamId, NpgsqlDbType.Uuid)));
                break;
            case InvitationAccepted accepted:
                operations.QueueOperation(new SqlOperation(
                    "update parle.invitations set state = 'accepted', waiting = false, accepted_at = ?, accepted_by = ?, accepted_agent_id "
                    + "= ?, seat_id = ?, joined_as = ? where invitation_id = ? and room_id = ?",
                    (fact.Timestamp, NpgsqlDbType.TimestampTz), (accepted.PrincipalID, NpgsqlDbType.Uuid),
                    (accepted.AgentID, NpgsqlDbType.Uuid), (accepted.SeatID, NpgsqlDbType.Uuid),
                    (accepted.As is { } joined ? Spell(joined) : null, NpgsqlDbType.Text), (accepted.InvitationID, NpgsqlDbType.Uuid),
                    (fact.StreamId, NpgsqlDbType.Uuid)));
                break;
            case InvitationRevoked or InvitationLapsed:
                operations.QueueSqlCommand(
                    "update parle.invitations set waiting = false, state = ? where invitation_id = ? and room_id = ?",
                    fact.Data is InvitationRevoked ? "revoked" : "lapsed", ((InvitationFact)fact.Data).InvitationID, fact.StreamId);
                break;
        }
    }

    private static SqlOperation Open(IEvent fact, InvitationMinted minted) => new(
        """
        insert into parle.invitations
            (invitation_id, room_id, kind, minter_seat_id, inviter_id, minter_tokens, principal_id, agent_id, identity, needs_approval, offered_rights, history, scopes, agent_handle, created_at, expires_at, operators, state, waiting)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', false)
        """,
        (minted.InvitationID, NpgsqlDbType.Uuid), (fact.StreamId, NpgsqlDbType.Uuid), (Spell(minted.Kind), NpgsqlDbType.Text),
        (minted.MinterSeatID, NpgsqlDbType.Uuid), (minted.InviterID, NpgsqlDbType.Uuid),
        (minted.MinterTokens.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid), (minted.PrincipalID, NpgsqlDbType.Uuid),
        (minted.AgentID, NpgsqlDbType.Uuid), (minted.Identity, NpgsqlDbType.Text), (minted.NeedsApproval, NpgsqlDbType.Boolean),
        (minted.OfferedRights.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text), (Spell(minted.History), NpgsqlDbType.Text),
        (minted.Key?.Scopes.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text), (minted.Key?.AgentHandle, NpgsqlDbType.Text),
        (fact.Timestamp, NpgsqlDbType.TimestampTz), (minted.ExpiresAt, NpgsqlDbType.TimestampTz),
        (FactMetadata.OperatorsOf(fact), NpgsqlDbType.Array | NpgsqlDbType.Uuid));

    private static string Spell<T>(T word)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(word.ToString());
}
