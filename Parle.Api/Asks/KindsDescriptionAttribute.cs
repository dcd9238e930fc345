using System.ComponentModel;
using Parle.Api.Registry;
using Parle.Domain.Asks;

namespace Parle.Api.Asks;

/// <summary>
/// A description of a member that names kinds of asks. <c>{words}</c>, <c>{requests}</c>, <c>{answers}</c>, <c>{about_subject}</c> and
/// <c>{decided}</c> in it follow from <see cref="AskKinds"/>.
/// </summary>
/// <param name="text">The description.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KindsDescriptionAttribute(string text) : DescriptionAttribute(Fill(text))
{
    private static string Fill(string text) => text
        .Replace("{words}", AskKinds.Words, StringComparison.Ordinal)
        .Replace("{requests}", Members(kind => kind.Request), StringComparison.Ordinal)
        .Replace("{answers}", Members(kind => kind.Answer), StringComparison.Ordinal)
        .Replace("{about_subject}", AskKinds.Many(kind => kind.NeedsSubject), StringComparison.Ordinal)
        .Replace("{decided}", AskKinds.Many(kind => kind.IsDecided), StringComparison.Ordinal);

    private static string Members(Func<KindOfAsk, AskShape?> shape) => string.Join(" ",
        from kind in AskKinds.All let members = shape(kind)?.Members where members is not null select $"{kind.Word}: {Names(members)}.");

    private static string Names(IReadOnlyList<AskMember> members) => string.Join(members.Count == 2 ? " and " : ", ",
        members.Select(member => member.Of is { } inner ? $"{member.Name} ({Names(inner)})" : member.Name));
}

/// <summary>Marks a member that is one of the <see cref="AskKinds"/>, by its word on the wire.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KindShapeAttribute() : ShapeAttribute(
    $$"""{"type":"string","enum":["{{string.Join("\",\"", AskKinds.All.Select(kind => kind.Word))}}"]}""");
