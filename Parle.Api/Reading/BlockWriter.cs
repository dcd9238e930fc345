using System.Buffers;
using System.Buffers.Text;

namespace Parle.Api.Reading;

/// <summary>
/// Writes many small pieces into large blocks. To ask the output for memory for each piece would cost more than to copy it.
/// </summary>
/// <param name="to">The output.</param>
/// <param name="length">The total number of bytes to write.</param>
public ref struct BlockWriter(IBufferWriter<byte> to, long length)
{
    private const int MaxDigits = 20;
    private const int MaxBlock = 64 * 1024; // Larger than the connection's own, which a page would take a hundred of.

    private long left = length;
    private Span<byte> block;
    private int used;

    /// <summary>Writes a piece.</summary>
    public void Write(scoped ReadOnlySpan<byte> piece)
    {
        while (!piece.TryCopyTo(block[used..]))
        {
            var fits = block.Length - used;
            piece[..fits].CopyTo(block[used..]);
            piece = piece[fits..];
            used = block.Length;
            Next(1);
        }

        used += piece.Length;
    }

    /// <summary>Writes a number.</summary>
    public void Write(long number)
    {
        if (block.Length - used < MaxDigits)
        {
            Next(MaxDigits);
        }

        Utf8Formatter.TryFormat(number, block[used..], out var digits);
        used += digits;
    }

    /// <summary>Hands the written bytes to the output.</summary>
    public void End()
    {
        if (used > 0)
        {
            to.Advance(used);
            left -= used;
        }

        block = default;
        used = 0;
    }

    private void Next(int atLeast)
    {
        End();
        block = to.GetSpan((int)Math.Max(atLeast, Math.Min(left, MaxBlock)));
    }
}
