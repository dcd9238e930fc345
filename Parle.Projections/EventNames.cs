using Parle.Domain.Agents;
using Parle.Domain.Aliases;
using Parle.Domain.Asks;
using Parle.Domain.Auditing;
using Parle.Domain.Invitations;
using Parle.Domain.Principals;
using Parle.Domain.Rooms;
using Parle.Domain.Sessions;
using Parle.Domain.Tokens;

namespace Parle.Projections;

/// <summary>
/// The names under which facts are stored. Lines are added, never edited: a name, once written, is on the record. See
/// <c>docs/changing-events.md</c>.
/// </summary>
public static class EventNames
{
    /// <summary>The type of every event, by its stored name.</summary>
    public static IReadOnlyDictionary<string, Type> All { get; } = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["principal_registered"] = typeof(PrincipalRegistered),
        ["identity_linked"] = typeof(IdentityLinked),
        ["person_session_started"] = typeof(PersonSessionStarted),
        ["person_session_ended"] = typeof(PersonSessionEnded),
        ["agent_registered"] = typeof(AgentRegistered),
        ["agent_token_minted"] = typeof(AgentTokenMinted),
        ["agent_token_bound"] = typeof(AgentTokenBound),
        ["agent_token_revoked"] = typeof(AgentTokenRevoked),
        ["session_started"] = typeof(SessionStarted),
        ["session_ended"] = typeof(SessionEnded),
        ["session_superseded"] = typeof(SessionSuperseded),
        ["alias_claimed"] = typeof(AliasClaimed),
        ["alias_offline_delivery_disabled"] = typeof(AliasOfflineDeliveryDisabled),
        ["room_opened"] = typeof(RoomOpened),
        ["seat_admitted"] = typeof(SeatAdmitted),
        ["invitation_minted"] = typeof(InvitationMinted),
        ["invitation_accepted"] = typeof(InvitationAccepted),
        ["invitation_revoked"] = typeof(InvitationRevoked),
        ["invitation_lapsed"] = typeof(InvitationLapsed),
        ["admission_requested"] = typeof(AdmissionRequested),
        ["admission_decided"] = typeof(AdmissionDecided),
        ["participant_entered"] = typeof(ParticipantEntered),
        ["participant_left"] = typeof(ParticipantLeft),
        ["message_submitted"] = typeof(MessageSubmitted),
        ["content_redacted"] = typeof(ContentRedacted),
        ["ask_opened"] = typeof(AskOpened),
        ["ask_claimed"] = typeof(AskClaimed),
        ["ask_claim_renewed"] = typeof(AskClaimRenewed),
        ["ask_released"] = typeof(AskReleased),
        ["ask_claim_lapsed"] = typeof(AskClaimLapsed),
        ["ask_answered"] = typeof(AskAnswered),
        ["ask_declined"] = typeof(AskDeclined),
        ["ask_withdrawn"] = typeof(AskWithdrawn),
        ["ask_accepted"] = typeof(AskAccepted),
        ["ask_contested"] = typeof(AskContested),
        ["ask_decided"] = typeof(AskDecided),
        ["ask_consumed"] = typeof(AskConsumed),
        ["ask_subject_replaced"] = typeof(AskSubjectReplaced),
        ["ask_expired"] = typeof(AskExpired),
        ["ask_context_added"] = typeof(AskContextAdded),
        ["ask_context_withdrawn"] = typeof(AskContextWithdrawn),
        ["auditor_appointed"] = typeof(AuditorAppointed),
        ["auditor_dismissed"] = typeof(AuditorDismissed),
        ["operator_appointed"] = typeof(OperatorAppointed),
        ["operator_dismissed"] = typeof(OperatorDismissed),
        ["record_read"] = typeof(RecordRead),
        ["agent_deleted"] = typeof(AgentDeleted),
        ["alias_offline_delivery_enabled"] = typeof(AliasOfflineDeliveryEnabled),
        ["alias_offline_delivery_restored"] = typeof(AliasOfflineDeliveryRestored),
        ["alias_released"] = typeof(AliasReleased),
        ["participant_removed"] = typeof(ParticipantRemoved),
        ["right_granted"] = typeof(RightGranted),
        ["right_revoked"] = typeof(RightRevoked),
        ["seat_removed"] = typeof(SeatRemoved),
        ["room_archived"] = typeof(RoomArchived),
        ["room_imported"] = typeof(RoomImported),
        ["whole_record_read"] = typeof(WholeRecordRead),
        ["ledger_read"] = typeof(LedgerRead),
        ["identity_unlinked"] = typeof(IdentityUnlinked),
        ["ask_decision_withdrawn"] = typeof(AskDecisionWithdrawn),
    };
}
