using Microsoft.Extensions.Caching.Memory;
using Npgsql;
using Parle.Projections.Rooms;

namespace Parle.Api.Reading;

/// <summary>
/// The newest common rows of rooms that are read, as bytes. A row never moves, and changes only when its content is erased. So the cache is
/// valid while the room's latest erasure is the same; every read checks that first.
/// </summary>
/// <param name="database">The database of the views.</param>
/// <param name="formatter">Formats rows as bytes.</param>
/// <param name="maxBytes">Most bytes that are cached of all rooms together.</param>
public sealed class RecentRows(NpgsqlDataSource database, RowFormatter formatter, long maxBytes = RecentRows.MaxBytes) : IDisposable
{
    /// <summary>Most cached rows of a room: a page, and some for readers that lag behind.</summary>
    public const int MaxRows = TimelinePage.MaxRows + 56;

    /// <summary>Most cached bytes of a room.</summary>
    public const int MaxBytesOfRoom = 512 * 1024;

    /// <summary>Most cached bytes of a node.</summary>
    public const long MaxBytes = 48L * 1024 * 1024;

    private static readonly TimeSpan unread = TimeSpan.FromMinutes(2);
    // However often rows are read: erased words stay in memory for no longer than this.
    private static readonly TimeSpan atMost = TimeSpan.FromMinutes(10);

    private readonly MemoryCache rooms = new(
        new MemoryCacheOptions { SizeLimit = maxBytes, TrackStatistics = true, ExpirationScanFrequency = TimeSpan.FromSeconds(30) });
    private readonly SemaphoreSlim[] loading = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Clears the cache.</summary>
    public void Clear() => rooms.Clear();

    /// <summary>The number of bytes in the cache.</summary>
    public long HeldBytes => rooms.GetCurrentStatistics()!.CurrentEstimatedSize!.Value;

    /// <summary>The common rows after the cursor, at most a page; null when they are not cached.</summary>
    /// <param name="roomID">The room.</param>
    /// <param name="head">The present head of the view.</param>
    /// <param name="cancellation">Gives up.</param>
    public ValueTask<IReadOnlyList<RowBytes>?> After(Guid roomID, ViewHead head, CancellationToken cancellation) =>
        head.Common - head.After > MaxRows ? default
        : rooms.Get<Held>(roomID) is { } held && held.Knows(head) ? new(held.After(head))
        : new(Load(roomID, head, cancellation));

    /// <summary>
    /// A query for the rows after the cached ones, to be batched with others for waiting readers; null when nothing of the room is cached.
    /// </summary>
    public NewestRows? NewerThanHeld(Guid roomID) => rooms.Get<Held>(roomID) is { } held ? new(roomID, held.Upto, MaxRows) : null;

    /// <summary>
    /// Caches the rows that were found, if they follow the cached ones and no content was erased meanwhile; otherwise the next read loads
    /// them.
    /// </summary>
    public async Task Hold(NewestRows found)
    {
        if (found.Rows.Count > 0 && rooms.Get<Held>(found.RoomID) is { } held && held.Upto == found.After && held.Erased == found.Erased)
        {
            Set(found.RoomID, await With(held, found, CancellationToken.None));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        rooms.Dispose();
        Array.ForEach(loading, gate => gate.Dispose());
    }

    // Readers that miss the same rows wait for one of them to load them.
    private async Task<IReadOnlyList<RowBytes>?> Load(Guid roomID, ViewHead head, CancellationToken cancellation)
    {
        var gate = loading[(uint)roomID.GetHashCode() % loading.Length];
        await gate.WaitAsync(cancellation);
        try
        {
            var held = rooms.Get<Held>(roomID);
            if (held?.Knows(head) is not true)
            {
                held = await Newest(roomID, held?.Erased == head.Erased ? held : Held.Nothing, head, cancellation);
                Set(roomID, held);
            }

            return held.Knows(head) ? held.After(head) : null;
        }
        finally
        {
            gate.Release();
        }
    }

    // Only rows that came since, unless words were erased meanwhile.
    private async Task<Held> Newest(Guid roomID, Held held, ViewHead head, CancellationToken cancellation)
    {
        while (true)
        {
            var found = new NewestRows(roomID, Math.Max(held.Upto, head.Common - MaxRows), MaxRows);
            await found.Read(database, cancellation);
            if (held.Rows.Length == 0 || found.Erased == held.Erased)
            {
                return await With(held, found, cancellation);
            }

            held = Held.Nothing;
        }
    }

    private async Task<Held> With(Held held, NewestRows found, CancellationToken cancellation) =>
        held.With([.. (await formatter.Format(found.Rows, memory: null, cancellation)).Reverse()], found.Last, found.Erased);

    private void Set(Guid roomID, Held held) =>
        rooms.Set(roomID, held,
            new MemoryCacheEntryOptions { Size = held.Bytes, SlidingExpiration = unread, AbsoluteExpirationRelativeToNow = atMost });

    // Rows up to a place, without a gap, as they are since the room's words were last erased.
    private sealed record Held(RowBytes[] Rows, long Upto, long Erased, long Bytes)
    {
        private const long BytesOfNothing = 256; // Even then there is something to hold.

        public static Held Nothing { get; } = new([], 0, 0, BytesOfNothing);

        // True also where the rows are not among the held ones: they are too old then.
        public bool Knows(ViewHead head) => Erased >= head.Erased && Upto >= head.Common;

        public IReadOnlyList<RowBytes>? After(ViewHead head) =>
            head.After - (Upto - Rows.Length) is var skip && skip < 0 ? null : (IReadOnlyList<RowBytes>)new ArraySegment<RowBytes>(
                Rows, (int)skip, (int)Math.Min(head.Common - head.After, TimelinePage.MaxRows));

        public Held With(RowBytes[] added, long upto, long erased)
        {
            RowBytes[] all = upto - added.Length == Upto ? [.. Rows, .. added] : added; // Otherwise there is a gap between them.
            var (keep, bytes, shared) = (0, BytesOfNothing, new HashSet<byte[]>());
            for (; keep < Math.Min(all.Length, MaxRows); keep++)
            {
                var row = all[^(keep + 1)];
                var more = row.Size + (row.Shared is { } end && shared.Add(end) ? end.Length : 0);
                if (bytes + more > MaxBytesOfRoom)
                {
                    break;
                }

                bytes += more;
            }

            return new(all[^keep..], upto, erased, bytes);
        }
    }
}
