using System.Numerics;

namespace Parle.Domain.Record;

/// <summary>
/// A log's root while it is read once from its start: the complete subtrees so far, largest first; bounded by the logarithm of the size.
/// </summary>
public sealed class MerkleFrontier
{
    private readonly Stack<byte[]> subtrees = [];

    /// <summary>How many leaves were added.</summary>
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

    /// <summary>Another one that goes on from here by itself.</summary>
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
