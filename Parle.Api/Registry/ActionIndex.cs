using Parle.Domain.Tokens;

namespace Parle.Api.Registry;

/// <summary>All actions, for who must know them all without knowing any.</summary>
/// <param name="all">In the order in which a newcomer needs them.</param>
public sealed class ActionIndex(IReadOnlyList<ParleAction> all)
{
    /// <summary>All actions, in the order in which a newcomer needs them.</summary>
    public IReadOnlyList<ParleAction> All => all;

    /// <summary>What tokens can be narrowed to.</summary>
    public IReadOnlyList<KnownAction> Known { get; } =
        [.. all.Where(action => action.Agent is not null || action.KnowsCaller)
            .Select(action => new KnownAction(action.Id, action.NamesAsk, action.IsAlwaysAllowed))];
}
