using Parle.Domain.Tokens;

namespace Parle.Api.Registry;

/// <summary>All actions, for code that works on actions without knowing any in particular.</summary>
/// <param name="all">In the order in which a newcomer needs them.</param>
public sealed class ActionIndex(IReadOnlyList<ParleAction> all)
{
    /// <summary>All actions, in the order in which a newcomer needs them.</summary>
    public IReadOnlyList<ParleAction> All => all;

    /// <summary>The actions as tokens know them, to narrow a token to.</summary>
    public IReadOnlyList<KnownAction> Known { get; } =
        [.. all.Where(action => action.Agent is not null || action.KnowsCaller)
            .Select(action => new KnownAction(action.Id, action.NamesAsk, action.IsAlwaysAllowed))];
}
