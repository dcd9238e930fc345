using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Parle.Projections.Replaying;

/// <summary>Rows on their way into one table, as PostgreSQL copies them in: several times cheaper than a statement with a parameter for each column.</summary>
internal sealed class CopiedRows(string table, IReadOnlyList<NewColumn> columns) : IDisposable
{
    private const int Null = -1;
    private const byte JsonbVersion = 1;

    private static readonly long epoch = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    private byte[] bytes = ArrayPool<byte>.Shared.Rent(1 << 16);
    private int length;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether rows are of the same table and columns.</summary>
    public bool Take(NewRows rows) => rows.Table == table && rows.Columns.Select(column => column.Name).SequenceEqual(columns.Select(column => column.Name));

    /// <summary>Puts rows behind those that are there.</summary>
    public void Add(NewRows rows)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            BinaryPrimitives.WriteInt16BigEndian(Next(sizeof(short)), (short)rows.Columns.Count);
            foreach (var column in rows.Columns)
            {
                Add(column, i);
            }
        }

        Count += rows.Count;
    }

    /// <summary>Writes them into the table of this name in the schema beside the views.</summary>
    public void Write(NpgsqlConnection connection)
    {
        using var copy = connection.BeginRawBinaryCopy($"copy {SideTables.Schema}.{table} ({string.Join(", ", columns.Select(column => column.Name))}) from stdin (format binary)");
        copy.Write(Header);
        copy.Write(bytes.AsSpan(0, length));
        copy.Write(End);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(bytes);
        (bytes, length) = ([], 0);
    }

    private static ReadOnlySpan<byte> Header => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xff, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static ReadOnlySpan<byte> End => [0xff, 0xff];

    private void Add(NewColumn column, int row)
    {
        switch (column.Values)
        {
            case Guid[] ids:
                Add(ids[row]);
                break;
            case Guid?[] ids when ids[row] is { } id:
                Add(id);
                break;
            case long[] numbers:
                Add(numbers[row]);
                break;
            case long?[] numbers when numbers[row] is { } number:
                Add(number);
                break;
            case int[] numbers:
                Size(sizeof(int));
                BinaryPrimitives.WriteInt32BigEndian(Next(sizeof(int)), numbers[row]);
                break;
            case DateTimeOffset[] times:
                Add((times[row].UtcTicks - epoch) / TimeSpan.TicksPerMicrosecond);
                break;
            case byte[]?[] values when values[row] is { } value:
                Size(value.Length);
                value.CopyTo(Next(value.Length));
                break;
            case string?[] texts when texts[row] is { } text:
                Add(text, column.Type is NpgsqlDbType.Jsonb);
                break;
            case Guid[][] lists:
                Add(lists[row]);
                break;
            case Guid?[] or long?[] or byte[]?[] or string?[]:
                Size(Null);
                break;
            default:
                throw new InvalidOperationException($"{table}.{column.Name}: a {column.Values.GetType()} cannot be copied.");
        }
    }

    private void Add(Guid id)
    {
        Size(16);
        id.TryWriteBytes(Next(16), bigEndian: true, out _);
    }

    private void Add(long number)
    {
        Size(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(Next(sizeof(long)), number);
    }

    private void Add(string text, bool asJsonb)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        Size(asJsonb ? size + 1 : size);
        if (asJsonb)
        {
            Next(1)[0] = JsonbVersion;
        }

        Encoding.UTF8.GetBytes(text, Next(size));
    }

    // An array: its dimensions, whether it holds nulls, the type of its elements; of each dimension how many there are, and from what number on.
    private void Add(Guid[] ids)
    {
        const int OfUuid = 2950;
        Size(ids is [] ? 12 : 20 + (20 * ids.Length));
        Size(ids is [] ? 0 : 1);
        Size(0);
        Size(OfUuid);
        if (ids is not [])
        {
            Size(ids.Length);
            Size(1);
        }

        foreach (var id in ids)
        {
            Add(id);
        }
    }

    private void Size(int size) => BinaryPrimitives.WriteInt32BigEndian(Next(sizeof(int)), size);

    private Span<byte> Next(int size)
    {
        if (bytes.Length < length + size)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * bytes.Length, length + size));
            bytes.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(bytes);
            bytes = larger;
        }

        length += size;
        return bytes.AsSpan(length - size, size);
    }
}
