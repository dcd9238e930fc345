using System.Buffers;
using System.Security.Cryptography;
using Parle.Api.Database;
using Parle.Domain.Contents;

namespace Parle.Api.Reading;

/// <summary>A page of a reader's view, to be sent as it is: a <see cref="ProjectionPage"/> in bytes.</summary>
public sealed class ViewPage : IResult
{
    private static readonly byte[] end =
        [.. "\",\"held_backlog\":"u8, .. RowBytes.Spell(new HeldBacklog(0, 0)), .. ",\"commit_token\":null}"u8];

    private readonly IReadOnlyList<RowBytes> rows;
    private readonly long since;
    private readonly byte[] preamble;
    private readonly byte[] generation;
    private readonly PooledBytes? memory;
    private readonly long bytes;

    /// <summary>A page of as many of <paramref name="rows"/> as fit, and at least one.</summary>
    /// <param name="rows">What follows the cursor in the reader's view, without a gap.</param>
    /// <param name="since">The cursor.</param>
    /// <param name="end">Where the view ends; the watermark when there are none.</param>
    /// <param name="readerAddress">Who reads.</param>
    /// <param name="memory">What holds the rows' bytes, to be given back when they are sent; null when they are not lent.</param>
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

    private static ReadOnlySpan<byte> Start => "{\"messages\":["u8;

    private static ReadOnlySpan<byte> BeforeWatermark => "],\"watermark\":"u8;

    private static ReadOnlySpan<byte> BeforeGeneration => ",\"generation\":\""u8;

    private static ReadOnlySpan<byte> BeforePreamble => "\",\"earliest_available_seq\":null,\"preamble\":\""u8;

    /// <summary>How many rows it has.</summary>
    public int Count { get; }

    /// <summary>The cursor to go on from.</summary>
    public long Watermark { get; }

    /// <summary>Whether nothing followed it when it was read.</summary>
    public bool IsLast { get; }

    /// <summary>Whether the reader has lost its seat meanwhile: then it is shown nothing, whatever there is.</summary>
    public bool IsOver { get; init; }

    /// <summary>Sends it.</summary>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var answer = httpContext.Response;
        answer.ContentType = "application/json; charset=utf-8";
        var length = bytes + Math.Max(0, Count - 1) + Start.Length + BeforeWatermark.Length + RowBytes.Digits(Watermark)
            + BeforeGeneration.Length + generation.Length + BeforePreamble.Length + preamble.Length + end.Length;
        answer.ContentLength = length;
        await answer.StartAsync(httpContext.RequestAborted); // From here on what is written goes into the connection's own blocks.
        Write(answer.BodyWriter, length);
        memory?.Dispose();
        await answer.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    /// <summary>Its rows one by one, each with its place in the view.</summary>
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
        writer.Write(Start);
        for (var i = 0; i < Count; i++)
        {
            if (i > 0)
            {
                writer.Write(","u8);
            }

            rows[i].Write(ref writer, since + i + 1, preamble, random.AsSpan(i * RowBytes.RandomBytes, RowBytes.RandomBytes));
        }

        writer.Write(BeforeWatermark);
        writer.Write(Watermark);
        writer.Write(BeforeGeneration);
        writer.Write(generation);
        writer.Write(BeforePreamble);
        writer.Write(preamble);
        writer.Write(end);
        writer.End();
    }
}
