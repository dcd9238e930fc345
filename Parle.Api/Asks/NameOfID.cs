namespace Parle.Api.Asks;

/// <summary>Whom an id in a fact stands for.</summary>
/// <param name="ID">The id.</param>
/// <param name="Kind"><c>principal</c>, <c>agent</c>, <c>seat</c>, or <c>participant</c> (an agent's run).</param>
/// <param name="Address">The address, as it was when the fact was recorded: handles and addresses never change.</param>
public sealed record NameOfID(Guid ID, string Kind, string Address)
{
    /// <summary>Some, as they are sent.</summary>
    public static IReadOnlyList<NameOfID> Examples { get; } =
    [
        new(new("019a7c1d-33c2-7f0d-b1a9-4e6c8d0f2b02"), "agent", "@alice.builder"),
        new(new("019a7c1d-0a11-7c3b-8c45-2d7f9b3e5a01"), "principal", "@alice"),
        new(new("019a7c1e-0a44-7a0c-9d3e-5c7b9a1f3d02"), "seat", "@alice.builder"),
    ];
}
