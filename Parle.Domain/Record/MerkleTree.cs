using System.Buffers;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Parle.Domain.Record;

/// <summary>
/// The hash tree of RFC 6962 §2.1 over a log that only grows. A node is asked for by level and index: level 0 are the leaves, and
/// each level above holds the subtrees of 256 complete nodes below it, so that a proof needs a few hundred hashes of any log.
/// </summary>
/// <param name="size">The number of leaves, 0 or more.</param>
/// <param name="nodeAt">The hash of a node: its level, and its index there.</param>
public sealed class MerkleTree(long size, Func<int, long, byte[]> nodeAt)
{
    /// <summary>Complete nodes below a node of the next level; 256 as in C2SP tlog-tiles.</summary>
    public const int Width = 256;

    private const int HashSize = SHA256.HashSizeInBytes;

    private const int Height = 8; // of such a subtree: 2^8 nodes

    /// <summary>The root of a log without leaves (RFC 6962 §2.1).</summary>
    public static byte[] EmptyRoot { get; } = SHA256.HashData([]);

    /// <summary>A tree over leaves in memory.</summary>
    public static MerkleTree Over(IReadOnlyList<byte[]> leaves) => new(leaves.Count, new Levels(leaves).NodeAt);

    /// <summary>The hash of a leaf: of the byte 0 and <paramref name="text"/> as UTF-8.</summary>
    public static byte[] LeafHash(string text) => LeafHash(Encoding.UTF8.GetBytes(text));

    /// <summary>The hash of a leaf whose text is UTF-8 already.</summary>
    public static byte[] LeafHash(ReadOnlySpan<byte> text)
    {
        var input = ArrayPool<byte>.Shared.Rent(1 + text.Length);
        input[0] = 0;
        text.CopyTo(input.AsSpan(1));
        var hash = SHA256.HashData(input.AsSpan(0, 1 + text.Length));
        ArrayPool<byte>.Shared.Return(input);
        return hash;
    }

    /// <summary>The hash of a node: of the byte 1 and the two below it.</summary>
    public static byte[] NodeHash(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var length = 1 + left.Length + right.Length;
        // A stored node may be damaged and longer than a hash; it must not overflow the stack.
        var input = length <= 1 + (2 * HashSize) ? stackalloc byte[length] : new byte[length];
        input[0] = 1;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + left.Length)..]);
        return SHA256.HashData(input);
    }

    /// <summary>The node above up to 256 complete ones of one level.</summary>
    public static byte[] Above(IReadOnlyList<byte[]> nodes) => nodes.Count == 1
        ? nodes[0] : NodeHash(Above(Part(nodes, 0, Split(nodes.Count))), Above(Part(nodes, Split(nodes.Count), nodes.Count)));

    /// <summary>
    /// The nodes that a proof about the leaves at <paramref name="indexes"/>, in a tree of <paramref name="size"/> leaves, can need: on
    /// each level those beside the path to the root, and the last ones.
    /// </summary>
    public static IEnumerable<NodeRange> NodesFor(long size, params IReadOnlyList<long> indexes)
    {
        var level = 0;
        for (var (count, ways) = (size, indexes); count > 0;
            (count, ways, level) = (count / Width, [.. ways.Select(way => way / Width)], level + 1))
        {
            foreach (var tile in ways.Append(count - 1).Where(way => way >= 0 && way < count).Select(way => way / Width).Distinct())
            {
                yield return new(level, tile * Width, Math.Min(count, (tile + 1) * Width));
            }
        }
    }

    /// <summary>The root.</summary>
    public byte[] Root() => size == 0 ? EmptyRoot : Hash(0, size);

    /// <summary>The inclusion proof of a leaf (RFC 6962 §2.1.1), from the bottom up.</summary>
    /// <param name="index">The leaf's index, from 0 and below the size.</param>
    public IReadOnlyList<byte[]> InclusionProof(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var proof = new List<byte[]>();
        for (var (from, to) = (0L, size); to - from > 1;)
        {
            var middle = from + Split(to - from);
            proof.Add(index < middle ? Hash(middle, to) : Hash(from, middle));
            (from, to) = index < middle ? (from, middle) : (middle, to);
        }

        proof.Reverse();
        return proof;
    }

    /// <summary>The consistency proof with the tree of the first <paramref name="before"/> leaves (RFC 6962 §2.1.2).</summary>
    /// <param name="before">From 0 to the size. The proof for an empty tree, and for the same tree, is empty.</param>
    public IReadOnlyList<byte[]> ConsistencyProof(long before)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(before);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(before, size);
        var proof = new List<byte[]>();
        if (before == 0 || before == size)
        {
            return proof;
        }

        var (from, to, whole) = (0L, size, true);
        while (before != to)
        {
            var middle = from + Split(to - from);
            if (before <= middle)
            {
                proof.Add(Hash(middle, to));
                to = middle;
            }
            else
            {
                proof.Add(Hash(from, middle));
                (from, whole) = (middle, false);
            }
        }

        if (!whole)
        {
            proof.Add(Hash(from, to));
        }

        proof.Reverse();
        return proof;
    }

    /// <summary>
    /// Whether <paramref name="proof"/> shows that <paramref name="leaf"/> is the one at <paramref name="index"/> in the tree of
    /// <paramref name="size"/> leaves and this root (RFC 9162 §2.1.3.2).
    /// </summary>
    public static bool Includes(long size, ReadOnlySpan<byte> root, long index, byte[] leaf, IReadOnlyList<byte[]> proof)
    {
        if (index < 0 || index >= size || !AreHashes(proof))
        {
            return false;
        }

        var (node, last, hash) = (index, size - 1, leaf);
        foreach (var beside in proof)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                hash = NodeHash(beside, hash);
                for (; (node & 1) == 0 && node != 0; (node, last) = (node >> 1, last >> 1))
                {
                    // A node without a sibling moves up unchanged.
                }
            }
            else
            {
                hash = NodeHash(hash, beside);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && root.SequenceEqual(hash);
    }

    /// <summary>
    /// Whether <paramref name="proof"/> shows that the tree of <paramref name="size"/> leaves goes on from the one of
    /// <paramref name="before"/> leaves (RFC 9162 §2.1.4.2).
    /// </summary>
    public static bool GoesOn(long before, ReadOnlySpan<byte> rootBefore, long size, ReadOnlySpan<byte> root, IReadOnlyList<byte[]> proof)
    {
        if (before < 0 || before > size || !AreHashes(proof))
        {
            return false;
        }

        if (before == size || before == 0)
        {
            return proof.Count == 0 && rootBefore.SequenceEqual(before == size ? root : EmptyRoot);
        }

        var path = BitOperations.IsPow2(before) ? [rootBefore.ToArray(), .. proof] : proof;
        if (path.Count == 0)
        {
            return false;
        }

        var (node, last) = (before - 1, size - 1);
        for (; (node & 1) == 1; (node, last) = (node >> 1, last >> 1))
        {
            // Up to the end of the smaller tree's last complete subtree.
        }

        var (first, second) = (path[0], path[0]);
        foreach (var beside in path.Skip(1))
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                (first, second) = (NodeHash(beside, first), NodeHash(beside, second));
                for (; (node & 1) == 0 && node != 0; (node, last) = (node >> 1, last >> 1))
                {
                    // Likewise: a node without a sibling moves up unchanged.
                }
            }
            else
            {
                second = NodeHash(second, beside);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && rootBefore.SequenceEqual(first) && root.SequenceEqual(second);
    }

    // Nodes of another length are refused: their bytes could be cut differently and hash to the same parent.
    private static bool AreHashes(IReadOnlyList<byte[]> proof) => proof.All(node => node.Length == HashSize);

    // The hash of the leaves from one index up to another, exclusive. Each requested range begins where a complete subtree of its size can.
    private byte[] Hash(long from, long to)
    {
        var count = to - from;
        if (!BitOperations.IsPow2(count))
        {
            var middle = from + Split(count);
            return NodeHash(Hash(from, middle), Hash(middle, to));
        }

        var level = BitOperations.Log2((ulong)count) / Height;
        var (first, nodes) = (from >> (level * Height), count >> (level * Height));
        return Above([.. Enumerable.Range(0, (int)nodes).Select(i => nodeAt(level, first + i))]);
    }

    // The largest power of two below the count.
    private static long Split(long count) => 1L << BitOperations.Log2((ulong)count - 1);

    private static int Split(int count) => (int)Split((long)count);

    private static List<byte[]> Part(IReadOnlyList<byte[]> nodes, int from, int to) => [.. nodes.Skip(from).Take(to - from)];

    private sealed class Levels(IReadOnlyList<byte[]> leaves)
    {
        private readonly Dictionary<(int Level, long Index), byte[]> known = [];

        public byte[] NodeAt(int level, long index) => level == 0 ? leaves[(int)index]
            : known.TryGetValue((level, index), out var hash) ? hash
            : known[(level, index)] = Above([.. Enumerable.Range(0, Width).Select(i => NodeAt(level - 1, (index * Width) + i))]);
    }
}

/// <summary>Adjacent nodes of one level.</summary>
/// <param name="Level">The level; 0 are the leaves.</param>
/// <param name="From">The index of the first node.</param>
/// <param name="To">The index after the last node.</param>
public sealed record NodeRange(int Level, long From, long To);
