using Parle.Domain.Asks;

namespace Parle.Api.Registry;

/// <summary>Marks a member that holds a request or an answer, in the shape that the ask's kind has in <see cref="AskKinds"/>.</summary>
/// <param name="ofAnswer">Whether it is the answer.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AskShapeAttribute(bool ofAnswer) : ShapeAttribute(AnyObject)
{
    /// <summary>Whether it is the answer.</summary>
    public bool OfAnswer => ofAnswer;

    /// <summary>
    /// Whether it is read and not sent. What is read may come from a newer service, with another kind, member or word, and nothing of it is
    /// required.
    /// </summary>
    public bool IsRead { get; init; }
}
