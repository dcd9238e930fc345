using System.Buffers;
using System.Buffers.Text;

namespace Parle.Api.Rooms;

/// <summary>Many small pieces, written block by block: asking for room for each of them costs more than what they say.</summary>
/// <param name="to">Where the blocks go.</param>
public ref struct BlockWriter(IBufferWriter<byte> to)
{
    private const int MaxDigits = 20;

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

    /// <summary>Hands over what was written.</summary>
    public void End()
    {
        if (used > 0)
        {
            to.Advance(used);
        }

        block = default;
        used = 0;
    }

    private void Next(int atLeast)
    {
        End();
        block = to.GetSpan(atLeast);
    }
}
