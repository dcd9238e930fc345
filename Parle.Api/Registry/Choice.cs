using Parle.Domain.Rooms;

namespace Parle.Api.Registry;

/// <summary>One way to do an action.</summary>
/// <param name="Body">The body to send; null for the registry's example.</param>
/// <param name="Values">The path's parameters, beside the room.</param>
public sealed record Choice(object? Body, params IReadOnlyList<(string Name, string Value)> Values);

/// <summary>A member that manages a room, as choices need it.</summary>
/// <param name="Room">The room.</param>
/// <param name="Member">The member.</param>
/// <param name="OwnAgents">The agents of its principal.</param>
/// <param name="Auditors">The room's auditors that can still read.</param>
/// <param name="CanMail">Whether the service can send mail.</param>
/// <param name="NewestRow">The newest fact in the member's view; null for none.</param>
/// <param name="NewestWords">The last of the newest facts in its view whose content it could redact; null for none.</param>
public sealed record Managing(
    Room Room, Member Member, IReadOnlyList<Guid> OwnAgents, IReadOnlyList<Guid> Auditors, bool CanMail, Guid? NewestRow,
    Guid? NewestWords);
