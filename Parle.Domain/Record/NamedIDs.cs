using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using Parle.Domain.Asks;
using Parle.Domain.Invitations;
using Parle.Domain.Rooms;

namespace Parle.Domain.Record;

/// <summary>The role of an id in a room's fact.</summary>
public enum IDRole
{
    /// <summary>
    /// A person, an agent, a session or a token of the service where the room was. A room's views never join on it alone.
    /// </summary>
    OfTheService,

    /// <summary>The fact itself.</summary>
    ThisFact,

    /// <summary>An earlier fact.</summary>
    Fact,

    /// <summary>A seat that the fact brings.</summary>
    NewSeat,

    /// <summary>An existing seat.</summary>
    Seat,

    /// <summary>A seat that the next facts bring.</summary>
    ComingSeat,

    /// <summary>A presence that the fact brings.</summary>
    NewPresence,

    /// <summary>A presence that exists or existed.</summary>
    Presence,

    /// <summary>An ask that the fact opens, under its own id.</summary>
    NewAsk,

    /// <summary>An ask that was opened.</summary>
    Ask,

    /// <summary>An invitation that the fact mints.</summary>
    NewInvitation,

    /// <summary>An invitation that was minted.</summary>
    Invitation,

    /// <summary>A context item that the fact adds.</summary>
    NewItem,

    /// <summary>An existing context item.</summary>
    Item,

    /// <summary>Content of the fact whose content is erased.</summary>
    Words,

    /// <summary>An id inside a caller's own restriction: kept as it is, and never looked up.</summary>
    Told,
}

/// <summary>An id in a fact, with its role.</summary>
/// <param name="Role">The role.</param>
/// <param name="ID">The id.</param>
/// <param name="Member">The member that holds it, e.g. <c>SeatAdmitted.SeatID</c>.</param>
public readonly record struct NamedID(IDRole Role, Guid ID, string Member);

/// <summary>
/// All ids in a room's fact, found by its type. A new kind of fact with an id that has no role here cannot be imported from a file; a test
/// fails at once.
/// </summary>
public static class NamedIDs
{
    private static readonly Dictionary<(Type Holder, string Member), IDRole> roles = new()
    {
        [(typeof(RoomOpened), nameof(RoomOpened.OwnerID))] = IDRole.OfTheService,
        [(typeof(SeatAdmitted), nameof(SeatAdmitted.SeatID))] = IDRole.NewSeat,
        [(typeof(SeatAdmitted), nameof(SeatAdmitted.PrincipalID))] = IDRole.OfTheService,
        [(typeof(SeatAdmitted), nameof(SeatAdmitted.AgentID))] = IDRole.OfTheService,
        [(typeof(SeatOrigin), nameof(SeatOrigin.InviterID))] = IDRole.OfTheService,
        [(typeof(RightGranted), nameof(RightGranted.SeatID))] = IDRole.Seat,
        [(typeof(RightRevoked), nameof(RightRevoked.SeatID))] = IDRole.Seat,
        [(typeof(SeatRemoved), nameof(SeatRemoved.SeatID))] = IDRole.Seat,
        [(typeof(ParticipantEntered), nameof(ParticipantEntered.ParticipantID))] = IDRole.NewPresence,
        [(typeof(ParticipantEntered), nameof(ParticipantEntered.SeatID))] = IDRole.Seat,
        [(typeof(ParticipantEntered), nameof(ParticipantEntered.AgentSessionID))] = IDRole.OfTheService,
        [(typeof(ParticipantLeft), nameof(ParticipantLeft.ParticipantID))] = IDRole.Presence,
        [(typeof(ParticipantRemoved), nameof(ParticipantRemoved.ParticipantID))] = IDRole.Presence,
        [(typeof(MessageSubmitted), nameof(MessageSubmitted.MessageID))] = IDRole.ThisFact,
        [(typeof(MessageSubmitted), nameof(MessageSubmitted.AuthorID))] = IDRole.Presence,
        [(typeof(Target), nameof(Target.ParticipantID))] = IDRole.Presence,
        [(typeof(Target), nameof(Target.SeatID))] = IDRole.Seat,
        [(typeof(Target), nameof(Target.AgentSessionID))] = IDRole.OfTheService,
        [(typeof(ReplyLink), nameof(ReplyLink.InteractionID))] = IDRole.Fact,
        [(typeof(ReplyLink), nameof(ReplyLink.InReplyTo))] = IDRole.Fact,
        [(typeof(ContentRedacted), nameof(ContentRedacted.FactID))] = IDRole.Fact,
        [(typeof(ContentRedacted), nameof(ContentRedacted.Contents))] = IDRole.Words,
        [(typeof(ContentRedacted), nameof(ContentRedacted.BySeatID))] = IDRole.Seat,
        [(typeof(ContentRedacted), nameof(ContentRedacted.Readers))] = IDRole.Seat,
        [(typeof(AskOpened), nameof(AskFact.AskID))] = IDRole.NewAsk,
        [(typeof(AskFact), nameof(AskFact.AskID))] = IDRole.Ask,
        [(typeof(AskFact), nameof(AskFact.AuthorID))] = IDRole.Presence,
        [(typeof(AskOpened), nameof(AskOpened.AskerSeatID))] = IDRole.Seat,
        [(typeof(AskOpened), nameof(AskOpened.AskerPrincipalID))] = IDRole.OfTheService,
        [(typeof(AskClaimed), nameof(AskClaimed.SeatID))] = IDRole.Seat,
        [(typeof(AskDeclined), nameof(AskDeclined.SeatID))] = IDRole.Seat,
        [(typeof(AskDecided), nameof(AskDecided.PrincipalID))] = IDRole.OfTheService,
        [(typeof(AskDecisionWithdrawn), nameof(AskDecisionWithdrawn.PrincipalID))] = IDRole.OfTheService,
        [(typeof(AskSubjectReplaced), nameof(AskSubjectReplaced.DeniedBy))] = IDRole.OfTheService,
        [(typeof(AskContextWithdrawn), nameof(AskContextWithdrawn.ItemID))] = IDRole.Item,
        [(typeof(ContextItem), nameof(ContextItem.ItemID))] = IDRole.NewItem,
        [(typeof(ContextItem), nameof(ContextItem.SeatID))] = IDRole.Seat,
        [(typeof(InvitationMinted), nameof(InvitationFact.InvitationID))] = IDRole.NewInvitation,
        [(typeof(InvitationFact), nameof(InvitationFact.InvitationID))] = IDRole.Invitation,
        [(typeof(InvitationMinted), nameof(InvitationMinted.MinterSeatID))] = IDRole.Seat,
        [(typeof(InvitationMinted), nameof(InvitationMinted.InviterID))] = IDRole.OfTheService,
        [(typeof(InvitationMinted), nameof(InvitationMinted.PrincipalID))] = IDRole.OfTheService,
        [(typeof(InvitationMinted), nameof(InvitationMinted.AgentID))] = IDRole.OfTheService,
        [(typeof(InvitationMinted), nameof(InvitationMinted.MinterTokens))] = IDRole.OfTheService,
        [(typeof(KeyTerms), nameof(KeyTerms.Asks))] = IDRole.Told,
        [(typeof(AdmissionRequested), nameof(AdmissionRequested.PrincipalID))] = IDRole.OfTheService,
        [(typeof(AdmissionRequested), nameof(AdmissionRequested.AgentID))] = IDRole.OfTheService,
        [(typeof(InvitationAccepted), nameof(InvitationAccepted.SeatID))] = IDRole.ComingSeat,
        [(typeof(InvitationAccepted), nameof(InvitationAccepted.PrincipalID))] = IDRole.OfTheService,
        [(typeof(InvitationAccepted), nameof(InvitationAccepted.AgentID))] = IDRole.OfTheService,
    };

    private static readonly ConcurrentDictionary<Type, IReadOnlyList<Member>> shapes = [];

    /// <summary>The ids in a fact.</summary>
    /// <exception cref="FormatException">The fact lacks a member, or has a word that is unknown.</exception>
    public static IReadOnlyList<NamedID> Of(object fact)
    {
        var found = new List<NamedID>();
        Collect(fact, fact.GetType(), found);
        return found;
    }

    /// <summary>The ids that facts of a kind can have, which must all have a role.</summary>
    /// <exception cref="InvalidOperationException">One has none; the message names it.</exception>
    public static IReadOnlyList<string> In(Type fact) => [.. Names(fact, fact)];

    private static IEnumerable<string> Names(Type holder, Type fact) => ShapeOf(holder).SelectMany(member =>
        member.IsID ? [$"{holder.Name}.{member.Property.Name}: {RoleOf(holder, member.Property)}"]
        : member.Part is { } part ? Names(part, fact) : []);

    private static void Collect(object holder, Type type, List<NamedID> found)
    {
        foreach (var member in ShapeOf(type))
        {
            var value = member.Property.GetValue(holder);
            if (value is null ? !member.IsOptional : value is Enum word && !Enum.IsDefined(word.GetType(), word))
            {
                throw new FormatException($"{type.Name}.{member.Property.Name} is missing, or nothing that is known");
            }

            foreach (var one in value is IEnumerable list and not string ? list.Cast<object?>() : [value])
            {
                if (one is null)
                {
                    if (value is not null)
                    {
                        throw new FormatException($"{type.Name}.{member.Property.Name} holds nothing where something is expected");
                    }
                }
                else if (member.IsID)
                {
                    found.Add(new(RoleOf(type, member.Property), (Guid)one, $"{type.Name}.{member.Property.Name}"));
                }
                else if (member.Part is not null)
                {
                    Collect(one, one.GetType(), found);
                }
            }
        }
    }

    private static IDRole RoleOf(Type holder, PropertyInfo member) =>
        roles.TryGetValue((holder, member.Name), out var role) || roles.TryGetValue((member.DeclaringType!, member.Name), out role) ? role
        : throw new InvalidOperationException($"It is not said what {holder.Name}.{member.Name} stands for: add it to {nameof(NamedIDs)}.");

    private static IReadOnlyList<Member> ShapeOf(Type type) => shapes.GetOrAdd(type, static type =>
    {
        var nullability = new NullabilityInfoContext();
        return [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0 && property.SetMethod is not null).Select(property =>
            {
                var element = property.PropertyType.IsGenericType
                    && property.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
                    ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
                element = Nullable.GetUnderlyingType(element) ?? element;
                return new Member(
                    property, nullability.Create(property).ReadState is not NullabilityState.NotNull, element == typeof(Guid),
                    element.Assembly == typeof(NamedIDs).Assembly && !element.IsEnum ? element : null);
            })];
    });

    private sealed record Member(PropertyInfo Property, bool IsOptional, bool IsID, Type? Part);
}
