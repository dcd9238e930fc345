using System.Text.Json;
using Parle.Domain.Contents;
using Parle.Domain.Record;

namespace Parle.Api.Record.Verification;

/// <summary>A parsed receipt that was made to be handed on.</summary>
/// <param name="Fact">The fact.</param>
/// <param name="Names">The names in it.</param>
/// <param name="Note">The signed statement.</param>
/// <param name="Keys">The keys in the file.</param>
/// <param name="Contents">The contents in the file.</param>
public sealed record ReadStatement(JsonElement Fact, JsonElement Names, string Note, KeyRing Keys, IReadOnlyList<GivenWords> Contents)
{
    /// <summary>The fact's event name.</summary>
    public string Type => Fact.Text("type");

    /// <summary>The fact's id.</summary>
    public Guid EventID => Fact.ID("event_id");

    /// <summary>The room.</summary>
    public Guid RoomID => Fact.ID("room_id");

    /// <summary>The digests that the fact commits to.</summary>
    public IReadOnlyDictionary<Guid, Commitment> Committed { get; } = Words.CommittedBy(Fact);

    /// <summary>Parses one.</summary>
    /// <exception cref="FormatException">The JSON is something else.</exception>
    public static ReadStatement Of(JsonElement file)
    {
        var fact = file.Member("fact", JsonValueKind.Object);
        _ = (fact.Text("type"), fact.ID("room_id"), fact.Text("at"));
        return new(fact, ReadNames.ListIn(file), file.Text("statement"), KeyRing.Of(file.List("keys")), Words.Of(file));
    }
}

/// <summary>Verifies a receipt that was handed on, with nothing but keys.</summary>
public static class StatementCheck
{
    /// <summary>The fault; null, with the signed statement, when there is none.</summary>
    public static (Fault? Fault, Statement? Statement) Of(ReadStatement file, KeyRing keys)
    {
        if (keys.Read(file.Note, Statement.OfFact) is not ({ } statement, { } signer, _))
        {
            return (new(null, $"the statement does not count: {keys.Read(file.Note, Statement.OfFact).Why}"), null);
        }

        return statement.Origin != Statement.OriginOfFact(signer, file.RoomID, file.EventID)
                ? (new(1, $"the statement is of another fact, {statement.Origin}"), null)
            : !Is(statement.Digest("leaf"), MerkleTree.LeafHash(CanonicalJson.Of(file.Fact))) ? (new(1, "it is not what was signed"), null)
            : !Is(statement.Digest("names"), NamesInFact.Digest(file.Names)) ? (new(1, "its names are not what was signed"), null)
            : Words.Wrong(file.Contents, file.Committed, complete: false) is { } wrong ? (new(1, wrong), null)
            : (null, statement);
    }

    internal static bool Is(byte[]? signed, byte[] found) => signed?.AsSpan().SequenceEqual(found) is true;
}
