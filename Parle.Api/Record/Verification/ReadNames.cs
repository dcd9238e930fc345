using System.Text.Json;
using Parle.Domain.Record;

namespace Parle.Api.Record.Verification;

/// <summary>The names in a receipt, and the note that is signed of them.</summary>
/// <param name="Names">The names.</param>
/// <param name="Note">The signed note.</param>
public sealed record ReadNames(JsonElement Names, string Note)
{
    /// <summary>The names in a receipt; null for none, as in those of older versions.</summary>
    /// <exception cref="FormatException">They are malformed.</exception>
    public static ReadNames? Of(JsonElement receipt) => (receipt.Maybe("names"), receipt.Maybe("names_note")) is (null, null) ? null
        : new(ListIn(receipt), receipt.Text("names_note"));

    /// <summary>A list of names: an id, its kind and an address each.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static JsonElement ListIn(JsonElement holder)
    {
        foreach (var name in holder.List("names"))
        {
            _ = (name.ID("id"), name.Text("kind"), name.Text("address"));
        }

        return holder.GetProperty("names");
    }

    /// <summary>The address of an id; null when it is not named.</summary>
    public static string? AddressOf(JsonElement names, string id) =>
        names.EnumerateArray().Where(name => name.Text("id") == id).Select(name => name.Text("address")).FirstOrDefault();

    /// <summary>Why the names do not count; null when they do.</summary>
    public string? Wrong(KeyRing keys, Guid roomID, Guid eventID) => keys.Read(Note, Statement.OfNames) switch
    {
        ({ } statement, { } signer, _) =>
            statement.Origin != Statement.OriginOfNames(signer, roomID, eventID) ? $"its names are those of {statement.Origin}"
            : statement.Digest("names")?.AsSpan().SequenceEqual(NamesInFact.Digest(Names)) is true ? null
            : "its names are not what was signed",
        (_, _, var why) => $"the note of its names does not count: {why}",
    };
}
