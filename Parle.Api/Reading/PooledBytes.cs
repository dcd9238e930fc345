using System.Buffers;

namespace Parle.Api.Reading;

/// <summary>
/// Pooled memory for the bytes of one answer; returned to the pool when the answer is sent. A missing return only costs an allocation.
/// </summary>
public sealed class PooledBytes : IDisposable
{
    private const int Block = 64 * 1024;

    private readonly List<byte[]> lent = [];
    private int used;

    /// <summary>A copy of <paramref name="bytes"/> that is valid until this is disposed.</summary>
    public ReadOnlyMemory<byte> Keep(ReadOnlySpan<byte> bytes)
    {
        if (lent.Count == 0 || lent[^1].Length - used < bytes.Length)
        {
            lent.Add(ArrayPool<byte>.Shared.Rent(Math.Max(Block, bytes.Length)));
            used = 0;
        }

        var kept = lent[^1].AsMemory(used, bytes.Length);
        bytes.CopyTo(kept.Span);
        used += bytes.Length;
        return kept;
    }

    /// <summary>Returns the memory to the pool. Nothing in it may be used any more.</summary>
    public void Dispose()
    {
        lent.ForEach(block => ArrayPool<byte>.Shared.Return(block));
        lent.Clear();
    }
}
