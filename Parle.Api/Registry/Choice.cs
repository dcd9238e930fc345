using Parle.Domain.Rooms;

namespace Parle.Api.Registry;

/// <summary>A way in which an action can be done.</summary>
/// <param name="Body">What to send; null for the registry's example.</param>
/// <param name="Values">What stands in braces in the path, beside the room.</param>
public sealed record Choice(object? Body, params IReadOnlyList<(string Name, string Value)> Values);

/// <summary>Where somebody manages something, as choices need it.</summary>
/// <param name="Room">The room.</param>
/// <param name="Member">Who.</param>
/// <param name="OwnAgents">The agents of its principal.</param>
/// <param name="Auditors">The room's auditors that still may read.</param>
/// <param name="CanMail">Whether the service can send mail.</param>
/// <param name="NewestRow">The fact that came last in its own view; null when nothing did.</param>
/// <param name="NewestWords">Of the newest facts in its own view, the last whose words it could take away; null when there is none.</param>
public sealed record Managing(
    Room Room, Member Member, IReadOnlyList<Guid> OwnAgents, IReadOnlyList<Guid> Auditors, bool CanMail, Guid? NewestRow,
    Guid? NewestWords);
