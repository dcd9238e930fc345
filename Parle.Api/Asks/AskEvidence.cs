using System.Text.Json;
using System.Text.Json.Serialization;
using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Api.Sessions;
using Parle.Domain.Record;

namespace Parle.Api.Asks;

/// <summary>
/// What shows, to anybody and without the service, all that happened to one ask: its facts with their proofs, whom they name, and the
/// words.
/// </summary>
/// <param name="Format">What this is.</param>
/// <param name="RoomID">The room.</param>
/// <param name="AskID">The ask.</param>
/// <param name="Statement">The signed note: how many facts its reader sees, their root, the digest of <c>names</c>, whether the reader sees
/// all facts of the ask, when.</param>
/// <param name="Facts">The facts, in order; a page of them if they are many.</param>
/// <param name="Names">Whom the ids in these facts stand for.</param>
/// <param name="Keys">The service's public keys, as published.</param>
/// <param name="Next">Pass it back as <c>after</c> for the facts that follow, in a file of their own; null on the last page.</param>
public sealed record AskEvidence(
    string Format, Guid RoomID, Guid AskID, string Statement, IReadOnlyList<EvidenceFact> Facts, IReadOnlyList<NameOfID> Names,
    IReadOnlyList<string> Keys, int? Next)
{
    /// <summary>The value of <see cref="Format"/>.</summary>
    public const string FormatName = "parle-evidence/1";

    private static readonly JsonElement Decided = JsonElement.Parse(
        $$$"""{"actor":"agent:019a7c1d-33c2-7f0d-b1a9-4e6c8d0f2b02/session:019a7c1e-0b44-7a0c-9d3e-5c7b9a1f3d02","at":"2026-08-17T10:02:00.000000Z","authority":["seat:019a7c1e-0a44-7a0c-9d3e-5c7b9a1f3d02","token:019a7c1e-0c44-7a0c-9d3e-5c7b9a1f3d02","session:019a7c1e-0b44-7a0c-9d3e-5c7b9a1f3d02"],"data":{"approved":true,"ask_id":"{{{AskReceipt.Example.AskID}}}","number":2,"principal_id":"019a7c1d-0a11-7c3b-8c45-2d7f9b3e5a01","sha256":"…","state":"approved","words":{"bytes":27,"sha256":"…"}},"event_id":"{{{Receipt.Example.EventID}}}","principal":"019a7c1d-0a11-7c3b-8c45-2d7f9b3e5a01","room_id":"{{{EnteredRoom.Example.RoomID}}}","type":"ask_decided"}""");

    /// <summary>One, as it is sent.</summary>
    public static AskEvidence Example { get; } = new(
        FormatName, EnteredRoom.Example.RoomID, AskReceipt.Example.AskID,
        $"parle.example/rooms/{EnteredRoom.Example.RoomID}/asks/{AskReceipt.Example.AskID}/evidence\nfacts 1\nroot "
            + $"{Convert.ToBase64String(MerkleTree.LeafHash("root"))}\nnames {Convert.ToBase64String(MerkleTree.LeafHash("names"))}\n"
            + "whole yes\ntime 2026-08-17T10:03:00Z\n\n\u2014 parle.example AAAAAA…\n",
        [new(1, Decided, MerkleTree.LeafHash("root"), [], [new(Receipt.Example.EventID, null, null)
        { Missing = EvidenceContent.Erased }])],
        NameOfID.Examples, ["parle.example+33d7b496+AeHZzHc8Mp…"], null);
}

/// <summary>A fact in a file of evidence.</summary>
/// <param name="Position">Its position among the facts that the reader sees, from 1.</param>
/// <param name="Fact">The fact. RFC 8785 of this is what its leaf is of.</param>
/// <param name="Leaf">The leaf, in base64.</param>
/// <param name="InclusionProof">The way from the leaf to the root of the statement (RFC 6962 §2.1.1), in base64.</param>
/// <param name="Contents">One entry for each digest of words in the fact.</param>
public sealed record EvidenceFact(
    int Position, [property: Shape("""{"type":"object"}""")] JsonElement Fact, byte[] Leaf, IReadOnlyList<string> InclusionProof,
    IReadOnlyList<EvidenceContent> Contents);

/// <summary>Words that a fact commits to: SHA-256 over salt and body is the digest.</summary>
/// <param name="ContentID">Under which id they lie.</param>
/// <param name="Salt">The salt, in base64; null when the words are missing.</param>
/// <param name="Body">The canonical text; null when the words are missing.</param>
public sealed record EvidenceContent(Guid ContentID, byte[]? Salt, string? Body)
{
    /// <summary>They were erased.</summary>
    public const string Erased = "erased";

    /// <summary>They can no longer be read.</summary>
    public const string Expired = "expired";

    /// <summary>They are not in this file.</summary>
    public const string LeftOut = "left_out";

    /// <summary>Why they are missing: <c>erased</c>, <c>expired</c> or <c>left_out</c>; absent when they are there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Missing { get; init; }

    /// <summary>Where a file with words that were left out is; absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Where { get; init; }
}
