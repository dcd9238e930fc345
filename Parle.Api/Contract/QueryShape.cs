using Parle.Api.Registry;
using Parle.Domain;
using Parle.Domain.Names;

namespace Parle.Api.Contract;

/// <summary>Compares a query with the parameters of its action: a misspelt one must not be ignored.</summary>
public static class QueryShape
{
    private static readonly string[] published = ["since_seq", "wait", "generation"];

    // Names of parameters that narrow a result. They are refused even on a read that ignores unknown parameters.
    private static readonly HashSet<string> narrowing =
    [
        "limit", "pagesize", "perpage", "count", "max", "since", "after", "before", "until", "from", "cursor", "offset", "seq", "lastseq",
        "lasteventid", "watermark", "timeout", "filter", "type", "kind", "state", "author", "actor", "agent", "principal", "token", "ask",
        "room", "to", "audience", "only", "mine", "unread", "direct", "new", "newest", "latest", "start", "begin", "min", "page", "size",
        "first", "last", "end",
    ];

    /// <summary>Returns the reason to refuse <paramref name="sent"/>; null for none.</summary>
    public static Refusal? Obstacle(ParleAction action, IQueryCollection sent)
    {
        foreach (var (name, values) in sent)
        {
            if (action.Query.FirstOrDefault(parameter => parameter.Name == name) is { } known)
            {
                if (values.Count > 1 && !known.Repeats)
                {
                    return Refusals.MalformedRequest.Because($"{name} must be sent once, and stands there {values.Count} times.");
                }

                if (values.Any(value => value!.Contains('\0', StringComparison.Ordinal)))
                {
                    return Refusals.MalformedRequest.Because($"{name} must not contain U+0000.");
                }
            }
            else if (!action.ToleratesQuery || Narrows(action, name)
                || action.Query.Any(parameter => Nearest.Resembles(name, parameter.Name)))
            {
                IReadOnlyList<string> names = [.. action.Query.Select(parameter => parameter.Name)];
                var meant = Nearest.Of(name, names);
                return Refusals.MalformedRequest.Because(
                    $"{BodyShape.Show("", name)} is not known in this query. {BodyShape.Hint(meant, names)}") with
                { Reason = "unknown_parameter" };
            }
        }

        return null;
    }

    // Any of its words counts: from_seq means the same as since_seq. Parameters that published clients send to one read are allowed on
    // all (contract §6.5).
    private static bool Narrows(ParleAction action, string name) => !published.Contains(name) && (
        narrowing.Contains(Nearest.Plain(name).TrimEnd('s')) || Nearest.Words(name)
            .Any(word => narrowing.Contains(word) || action.Query.Any(parameter => Nearest.Words(parameter.Name).Contains(word))));
}
