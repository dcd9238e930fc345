using System.Numerics;

namespace Parle.Domain.Record;

/// <summary>
/// Computes a log's root while it is read once from its start. It keeps only the complete subtrees so far, largest first: logarithmic in
/// the size.
/// </summary>
public sealed class MerkleFrontier
{
    private readonly Stack<byte[]> subtrees = [];

    /// <summary>The number of leaves added.</summary>
    public long Size { get; private set; }

    /// <summary>Adds the next leaf's hash.</summary>
    public void Add(byte[] leaf)
    {
        var node = leaf;
        for (var merges = BitOperations.TrailingZeroCount(~Size); merges > 0; merges--)
        {
            node = MerkleTree.NodeHash(subtrees.Pop(), node);
        }

        subtrees.Push(node);
        Size++;
    }

    /// <summary>The root of all leaves so far.</summary>
    public byte[] Root() =>
        subtrees.Count == 0 ? MerkleTree.EmptyRoot : subtrees.Aggregate((right, left) => MerkleTree.NodeHash(left, right));

    /// <summary>A copy that continues independently.</summary>
    public MerkleFrontier Copy()
    {
        var copy = new MerkleFrontier { Size = Size };
        foreach (var subtree in subtrees.Reverse())
        {
            copy.subtrees.Push(subtree);
        }

        return copy;
    }
}
