using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Parle.Api.Database;
using Parle.Domain.Contents;

namespace Parle.Api.Reading;

/// <summary>A page of a reader's view, to be sent as it is: a <see cref="ProjectionPage"/> in bytes.</summary>
public sealed class ViewPage : IResult
{
    // An empty page, cut where the rows, the watermark, the generation and the preamble are filled in.
    private static readonly byte[][] parts = [.. Encoding.UTF8.GetString(RowBytes.Format(ProjectionPage.Of([], -1, "~", "~")))
        .Replace("[]", "[~]", StringComparison.Ordinal).Replace("-1", "~", StringComparison.Ordinal).Split('~')
        .Select(Encoding.UTF8.GetBytes)];

    private readonly IReadOnlyList<RowBytes> rows;
    private readonly long since;
    private readonly byte[] preamble;
    private readonly byte[] generation;
    private readonly PooledBytes? memory;
    private readonly long bytes;

    /// <summary>A page of as many of <paramref name="rows"/> as fit, and at least one.</summary>
    /// <param name="rows">The rows after the cursor in the reader's view, without a gap.</param>
    /// <param name="since">The cursor.</param>
    /// <param name="end">The end of the view, which is the watermark of an empty page.</param>
    /// <param name="readerAddress">The reader.</param>
    /// <param name="memory">The pooled memory of the rows' bytes, to be returned when they are sent; null for none.</param>
    /// <param name="generation">The incarnation of the database, as <see cref="Generation.Bytes"/>.</param>
    public ViewPage(IReadOnlyList<RowBytes> rows, long since, long end, string readerAddress, PooledBytes? memory, byte[] generation)
    {
        (this.rows, this.since, this.memory, this.generation, preamble) = (rows, since, memory, generation,
            RowBytes.Escape(Framing.Preamble(readerAddress)));
        for (; Count < rows.Count; Count++)
        {
            var length = rows[Count].Length(since + Count + 1, preamble.Length);
            if (Count > 0 && bytes + length > RowRendering.MaxPageBytes)
            {
                break;
            }

            bytes += length;
        }

        Watermark = Count > 0 ? since + Count : end;
        IsLast = Watermark >= end;
    }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>The cursor to go on from.</summary>
    public long Watermark { get; }

    /// <summary>Whether no row followed the page when it was read.</summary>
    public bool IsLast { get; }

    /// <summary>Whether the reader has lost its seat meanwhile: then the page is shown as empty.</summary>
    public bool IsOver { get; init; }

    /// <summary>Sends the page.</summary>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var answer = httpContext.Response;
        answer.ContentType = "application/json; charset=utf-8";
        var length = parts.Sum(part => part.Length) + bytes + Math.Max(0, Count - 1) + RowBytes.Digits(Watermark) + generation.Length
            + preamble.Length;
        answer.ContentLength = length;
        await answer.StartAsync(httpContext.RequestAborted); // Writes go into the connection's own blocks from here on.
        Write(answer.BodyWriter, length);
        memory?.Dispose();
        await answer.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    /// <summary>The rows one by one, each with its position in the view.</summary>
    public IEnumerable<(long Seq, ReadOnlyMemory<byte> Row)> Each()
    {
        for (var i = 0; i < Count; i++)
        {
            var length = rows[i].Length(since + i + 1, preamble.Length);
            var row = new ArrayBufferWriter<byte>(length);
            var writer = new BlockWriter(row, length);
            rows[i].Write(ref writer, since + i + 1, preamble, RandomNumberGenerator.GetBytes(RowBytes.RandomBytes));
            writer.End();
            yield return (since + i + 1, row.WrittenMemory);
        }

        memory?.Dispose();
    }

    private void Write(IBufferWriter<byte> to, long length)
    {
        var random = RandomNumberGenerator.GetBytes(Count * RowBytes.RandomBytes);
        var writer = new BlockWriter(to, length);
        writer.Write(parts[0]);
        for (var i = 0; i < Count; i++)
        {
            if (i > 0)
            {
                writer.Write(","u8);
            }

            rows[i].Write(ref writer, since + i + 1, preamble, random.AsSpan(i * RowBytes.RandomBytes, RowBytes.RandomBytes));
        }

        writer.Write(parts[1]);
        writer.Write(Watermark);
        writer.Write(parts[2]);
        writer.Write(generation);
        writer.Write(parts[3]);
        writer.Write(preamble);
        writer.Write(parts[4]);
        writer.End();
    }
}
