using CsCheck;
using Parle.Domain.Record;

namespace Parle.Tests.Record;

public class AMerkleTree
{
    private static readonly Gen<int> AnySize = Gen.Frequency((3, Gen.Int[1, 40]), (2, Gen.Int[41, 700]),
        (1, Gen.Int[0, 9].Select(i => new[] { 255, 256, 257, 511, 512, 513, 1024, 65_536, 65_537, 66_000 }[i])));

    /// The leaves and roots of the tests that accompany RFC 6962: eight inputs, a root for each size.
    [Fact]
    public void has_the_roots_of_the_known_vectors()
    {
        byte[][] inputs =
            [[], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43], [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
                [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f]];
        string[] roots =
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        var leaves = inputs.Select(input => System.Security.Cryptography.SHA256.HashData([0, .. input])).ToList();
        for (var size = 1; size <= leaves.Count; size++)
        {
            Assert.Equal(roots[size - 1], Convert.ToHexStringLower(MerkleTree.Over(leaves[..size]).Root()));
        }

        Assert.Equal(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Convert.ToHexStringLower(MerkleTree.Over([]).Root()));
    }

    [Fact]
    public void shows_that_a_leaf_is_in_it_and_no_other() => Gen.Select(AnySize, Gen.Double[0, 1], Gen.Int[0, 100])
        .Sample((size, at, change) =>
        {
            var (leaves, index) = (Leaves(size), (long)(at * (size - 1)));
            var tree = MerkleTree.Over(leaves);
            var (root, proof) = (tree.Root(), tree.InclusionProof(index));

            Assert.True(MerkleTree.Includes(size, root, index, leaves[(int)index], proof));
            Assert.False(MerkleTree.Includes(size, root, index, MerkleTree.LeafHash("another"), proof));
            Assert.False(MerkleTree.Includes(size, root, index, leaves[(int)index], [.. proof, root]));
            Assert.False(MerkleTree.Includes(size, root, size, leaves[(int)index], proof));
            Assert.False(MerkleTree.Includes(size, root, -1, leaves[(int)index], proof));
            if (size > 1)
            {
                Assert.False(MerkleTree.Includes(size, root, (index + 1) % size, leaves[(int)index], proof));
                Assert.False(MerkleTree.Includes(size, root, index, leaves[(int)index], [.. proof.Skip(1)]));
                Assert.False(MerkleTree.Includes(size, root, index, leaves[(int)index], Changed(proof, change)));
            }
        });

    [Fact]
    public void shows_that_it_goes_on_from_what_it_was() => Gen.Select(AnySize, Gen.Double[0, 1], Gen.Int[0, 100])
        .Sample((size, at, change) =>
        {
            var (leaves, before) = (Leaves(size), (int)(at * size));
            var tree = MerkleTree.Over(leaves);
            var (root, was, proof) = (tree.Root(), MerkleTree.Over(leaves[..before]).Root(), tree.ConsistencyProof(before));

            Assert.True(MerkleTree.GoesOn(before, was, size, root, proof));
            Assert.False(MerkleTree.GoesOn(before, MerkleTree.LeafHash("another"), size, root, proof));
            Assert.False(MerkleTree.GoesOn(before, was, size, root, [.. proof, root]));
            Assert.False(MerkleTree.GoesOn(size + 1, was, size, root, proof));
            if (before > 0 && before < size)
            {
                Assert.False(MerkleTree.GoesOn(before, was, size, root, [.. proof.Skip(1)]));
                Assert.False(MerkleTree.GoesOn(before, was, size, root, Changed(proof, change)));
            }
        });

    [Fact]
    public void is_the_same_read_once_from_its_start() => AnySize.Sample(size =>
    {
        var (leaves, frontier) = (Leaves(size), new MerkleFrontier());
        foreach (var leaf in leaves)
        {
            frontier.Add(leaf);
        }

        Assert.Equal(size, frontier.Size);
        Assert.Equal(MerkleTree.Over(leaves).Root(), frontier.Root());
    });

    /// The nodes loaded for a proof are enough for it.
    [Fact]
    public void asks_for_the_nodes_it_named_and_no_others() => Gen.Select(AnySize, Gen.Double[0, 1]).Sample((size, at) =>
    {
        var (leaves, index) = (Leaves(size), (long)(at * (size - 1)));
        var levels = new List<IReadOnlyList<byte[]>> { leaves };
        while (levels[^1].Count >= MerkleTree.Width)
        {
            levels.Add([.. levels[^1].Chunk(MerkleTree.Width).Where(tile => tile.Length == MerkleTree.Width)
                .Select(tile => MerkleTree.Above(tile))]);
        }

        var named = MerkleTree.NodesFor(size, [index]).ToList();
        Assert.All(named, range => Assert.InRange(range.To - range.From, 1, MerkleTree.Width));
        var tree = new MerkleTree(size, (level, node) =>
        {
            Assert.Contains(named, range => range.Level == level && node >= range.From && node < range.To);
            return levels[level][(int)node];
        });

        Assert.Equal(MerkleTree.Over(leaves).Root(), tree.Root());
        Assert.Equal(MerkleTree.Over(leaves).InclusionProof(index), tree.InclusionProof(index));
        Assert.Equal(MerkleTree.Over(leaves).ConsistencyProof(index + 1), tree.ConsistencyProof(index + 1));
    });

    private static List<byte[]> Leaves(int count) => [.. Enumerable.Range(0, count).Select(i => MerkleTree.LeafHash($"fact {i}"))];

    private static List<byte[]> Changed(IReadOnlyList<byte[]> proof, int which) =>
        [.. proof.Select((hash, i) => i == which % proof.Count ? [(byte)(hash[0] ^ 1), .. hash[1..]] : hash)];
}
