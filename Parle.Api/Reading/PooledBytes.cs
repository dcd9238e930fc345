using System.Buffers;

namespace Parle.Api.Reading;

/// <summary>
/// Memory for the bytes of one answer: lent, and given back when the answer is sent. Forgetting to do so costs no more than new memory.
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

    /// <summary>Gives it back. Nothing that was kept can be looked at any more.</summary>
    public void Dispose()
    {
        lent.ForEach(block => ArrayPool<byte>.Shared.Return(block));
        lent.Clear();
    }
}
