namespace Parle.Domain.Auditing;

/// <summary>Lets somebody run the service.</summary>
/// <param name="Label">What it is called: the grammar of handles, so that it is no peer's words.</param>
public sealed record AppointOperator(string Label)
{
    /// <summary>Decides.</summary>
    public Decision Decide() => Names.Handle.Obstacle(Label) is { } refusal ? refusal : Decision.Record(new OperatorAppointed(Label));
}
