namespace Parle.Domain.Names;

/// <summary>Finds the known word that a caller most likely meant by an unknown one.</summary>
public static class Nearest
{
    private const int MaxLength = 64; // A longer word is no typing slip, and comparing it would be expensive.

    /// <summary>The word of <paramref name="known"/> that is most like <paramref name="word"/>; null when none is.</summary>
    public static string? Of(string word, IEnumerable<string> known) => Of(word, known, one => one);

    /// <summary>The one of <paramref name="known"/> whose name is most like <paramref name="word"/>; null when none is.</summary>
    /// <typeparam name="T">The type of a named thing.</typeparam>
    public static T? Of<T>(string word, IEnumerable<T> known, Func<T, string> name)
        where T : class => word.Length > MaxLength ? null
        : known.Select(one => (One: one, Distance: Distance(Plain(word), Plain(name(one)))))
            .Where(found => found.Distance is not null)
            .OrderBy(found => found.Distance)
            .Select(found => found.One)
            .FirstOrDefault();

    /// <summary>
    /// Whether <paramref name="word"/> can be a misspelling of <paramref name="known"/>: another case, other separators, a plural, a
    /// beginning, or a few letters different.
    /// </summary>
    public static bool Resembles(string word, string known) => word.Length <= MaxLength && Distance(Plain(word), Plain(known)) <= Slip;

    /// <summary>
    /// Whether <paramref name="word"/> is <paramref name="known"/> with a typing error. Stricter than <see cref="Resembles"/>, for words
    /// that mostly have another meaning. In a short word only one letter too many, too few or swapped counts.
    /// </summary>
    public static bool IsMisspelling(string word, string known)
    {
        var (said, meant) = (Plain(word), Plain(known));
        return word.Length <= MaxLength && Math.Abs(said.Length - meant.Length) <= 2 && Edits(said, meant) is var edits
            && (edits == 0 || (edits <= 2 && meant.Length >= LongWord)
                || (edits == 1 && (said.Length != meant.Length || said.Order().SequenceEqual(meant.Order()))));
    }

    /// <summary>The word without case and separators, so that <c>sinceSeq</c>, <c>since-seq</c> and <c>since_seq</c> are one.</summary>
    public static string Plain(string word) => string.Concat(word.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>
    /// The words of a name, in lower case and in the singular. <c>target_participant_ids</c>, <c>target-participant-ids</c> and
    /// <c>targetParticipantIDs</c> have the same ones.
    /// </summary>
    public static IEnumerable<string> Words(string name)
    {
        var begin = 0;
        for (var i = 1; i <= name.Length; i++)
        {
            var ends = i == name.Length || !char.IsLetter(name[i]) || !char.IsLetter(name[i - 1])
                || (char.IsUpper(name[i]) && (char.IsLower(name[i - 1])
                    || (i + 1 < name.Length && char.IsLower(name[i + 1]) && name[i..] is not ['D', 's', ..])));
            if (!ends)
            {
                continue;
            }

            if (char.IsLetter(name[begin]))
            {
                var word = name[begin..i].ToLowerInvariant();
                yield return word.Length > 3 && word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) ? word[..^1] : word;
            }

            begin = i;
        }
    }

    // A typing slip has at most this distance. A word that only shares a part of its name is farther away, and good for a hint alone.
    private const int LongWord = 12;
    private const int Slip = 10;
    private const int Part = 20;

    private static int? Distance(string word, string known)
    {
        if (word.Length == 0 || known.Length == 0)
        {
            return null;
        }

        var allowed = known.Length switch { <= 3 => 0, <= 5 => 1, <= 8 => 2, _ => 3 };
        var edits = Edits(word, known);
        return edits <= allowed ? edits
            : word + "s" == known || word == known + "s" || word + "es" == known || word == known + "es"
                || Undoubled(word) == Undoubled(known) ? 1
            : word.Length >= 3 && known.StartsWith(word, StringComparison.Ordinal) ? Slip - 1
            : known.Length >= 4 && word.StartsWith(known, StringComparison.Ordinal) ? Slip
            : word.Length >= 4 && known.Contains(word, StringComparison.Ordinal) ? Part
            : known.Length >= 4 && word.Contains(known, StringComparison.Ordinal) ? Part + 1
            : null;
    }

    // Short names allow no other edit: a letter typed twice.
    private static string Undoubled(string word) => string.Concat(word.Where((letter, i) => i == 0 || word[i - 1] != letter));

    // Damerau's distance: swapped letters count as one slip, since a hand on a keyboard makes it as one.
    private static int Edits(string word, string known)
    {
        var (before, last, now) = (new int[known.Length + 1], Enumerable.Range(0, known.Length + 1).ToArray(), new int[known.Length + 1]);
        for (var i = 1; i <= word.Length; i++)
        {
            now[0] = i;
            for (var j = 1; j <= known.Length; j++)
            {
                var cost = word[i - 1] == known[j - 1] ? 0 : 1;
                now[j] = Math.Min(Math.Min(now[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && word[i - 1] == known[j - 2] && word[i - 2] == known[j - 1])
                {
                    now[j] = Math.Min(now[j], before[j - 2] + 1);
                }
            }

            (before, last, now) = (last, now, before);
        }

        return last[known.Length];
    }
}
