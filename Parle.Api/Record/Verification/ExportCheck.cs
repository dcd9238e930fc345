using System.Text.Json;
using Parle.Domain.Contents;
using Parle.Domain.Record;

namespace Parle.Api.Record.Verification;

/// <summary>The result of verifying an exported room.</summary>
/// <param name="Fault">The first fault; null for none.</param>
/// <param name="RoomID">The room; null when it could not be read.</param>
/// <param name="Facts">The number of facts that were read.</param>
/// <param name="Covered">The number of facts, from the first, that a checkpoint covers.</param>
/// <param name="Checkpoints">The number of checkpoints that were compared.</param>
public sealed record ExportVerdict(Fault? Fault, Guid? RoomID, long Facts, long Covered, int Checkpoints)
{
    /// <summary>The service's name in its signatures.</summary>
    public string Name { get; init; } = "";

    /// <summary>The root over all facts.</summary>
    public byte[] Root { get; init; } = [];

    /// <summary>A note that no checkpoint covers the last facts; null when all are covered.</summary>
    public Fault? Uncovered => Covered < Facts ? new(Covered + 1, $"nothing was signed of facts {Covered + 1} to {Facts}") : null;
}

/// <summary>
/// Verifies an exported room: the place of each fact, each signed checkpoint of the record and of its views, and all contents against their
/// digests. Reads the file once, from its start. The script in samples/ makes the same checks in the same order.
/// </summary>
public sealed class ExportCheck
{
    private readonly SignedLogs signed = new();
    private readonly Dictionary<Guid, LogCheck> views = [];
    private readonly HashSet<Guid> erased = [];
    private readonly HashSet<Guid> excused = [];
    private readonly MerkleFrontier common = new();
    private KeyRing? keys;
    private Guid roomID;
    private string name = "";
    private string origin = "";
    private bool withContents;
    private long announced;
    private LogCheck record = new("", new());

    /// <summary>Verifies the file.</summary>
    /// <param name="lines">The file's lines, without blank ones.</param>
    /// <param name="pinned">The keys to trust; null to trust the file's own.</param>
    /// <param name="held">Signed notes from elsewhere, with which the record must agree too.</param>
    public static ExportVerdict Of(IEnumerable<string> lines, KeyRing? pinned, IReadOnlyList<string> held)
    {
        var check = new ExportCheck();
        var fault = check.Read(lines, pinned, held);
        return new(fault, check.roomID == Guid.Empty ? null : check.roomID, check.record.Size, check.record.Covered, check.signed.Count)
        { Name = check.name, Root = check.record.Root };
    }

    private Fault? Read(IEnumerable<string> lines, KeyRing? pinned, IReadOnlyList<string> held)
    {
        var (begun, ended) = (false, false);
        foreach (var line in lines)
        {
            Fault? fault;
            try
            {
                var json = StrictJson.Parse(line);
                var (isNote, isFact, isEnd) = (json.Maybe("checkpoint") is not null, json.Maybe("fact") is not null,
                    json.Maybe("end") is not null);
                fault = ended ? new(null, "something stands behind the end")
                    : !begun ? Begin(json, pinned, held)
                    : (isNote, isFact, isEnd) switch
                    {
                        // The facts already read would not be compared with it.
                        (true, false, false) when record.Size > 0 => new(null, "a checkpoint stands behind facts"),
                        (true, false, false) => Checkpoint(json.Text("checkpoint")),
                        (false, true, false) => Fact(json),
                        (false, false, true) => End(json.Member("end", JsonValueKind.Object)),
                        _ => new(null, "a line is nothing that an export holds"),
                    };
                (begun, ended) = (true, isEnd);
            }
            catch (FormatException unreadable)
            {
                fault = new(begun ? record.Size + 1 : null, $"a line cannot be read: {unreadable.Message}");
            }

            if (fault is not null)
            {
                return fault;
            }
        }

        return ended ? null : new(record.Size + 1, "the file is cut");
    }

    private Fault? Begin(JsonElement header, KeyRing? pinned, IReadOnlyList<string> held)
    {
        if (header.Text("format") != RoomExport.FormatName)
        {
            return new(null, $"this is no {RoomExport.FormatName}");
        }

        (roomID, name, announced, withContents) = (header.ID("room_id"), header.Text("name"), header.Whole("facts"),
            header.Flag("contents"));
        var brought = KeyRing.Of(header.List("keys"));
        (keys, var fault) = pinned?.With(brought) ?? (brought, (Fault?)null);
        origin = Domain.Record.Checkpoint.OriginOfRoom(name, roomID);
        record = new(origin, signed);
        return fault ?? held.Select(Checkpoint).FirstOrDefault(wrong => wrong is not null);
    }

    private Fault? Checkpoint(string note) => keys!.Read(note) switch
    {
        ({ } checkpoint, _, _)
            when checkpoint.Origin != origin && !checkpoint.Origin.StartsWith($"{origin}/seats/", StringComparison.Ordinal) =>
            new(null, $"a checkpoint is of another room, {checkpoint.Origin}"),
        ({ } checkpoint, _, _) => signed.Add(checkpoint),
        (_, _, var why) => new(null, $"a checkpoint does not count: {why}"),
    };

    private Fault? Fact(JsonElement line)
    {
        // The whole line is parsed before it is compared, so that all verifiers report the same line.
        var (version, fact, leaf, words) = (line.Whole("version"), line.Member("fact", JsonValueKind.Object),
            line.Maybe("leaf") is null ? null : line.Bytes("leaf"), Words.Of(line));
        var (ofRoom, type, data, committed, places, admitted) = (fact.ID("room_id"), fact.Text("type"),
            fact.Member("data", JsonValueKind.Object), Words.CommittedBy(fact), Places.Of(fact), Admission.Of(fact));
        var excuses = ErasedBy(type, data);
        if (version != record.Size + 1)
        {
            return version > record.Size + 1
                ? new(record.Size + 1, "it is missing") : new(version, "it stands in another place than its own");
        }

        if (ofRoom != roomID)
        {
            return new(version, "it is of another room");
        }

        if (record.Add(MerkleTree.LeafHash(CanonicalJson.Of(fact)), version, leaf) is { } changed)
        {
            return changed;
        }

        if (!withContents && words.Count > 0)
        {
            return new(version, "it comes with words, and the file says that there are none");
        }

        if (Words.Wrong(words, committed, complete: withContents) is { } wrong)
        {
            return new(version, wrong);
        }

        erased.UnionWith(words.Where(content => content.Body is null).Select(content => content.ContentID));
        excused.UnionWith(excuses);
        return Views(fact, places, admitted, version);
    }

    // The contents that a fact erases, see Domain.Contents.Erasure.
    private static IReadOnlyList<Guid> ErasedBy(string type, JsonElement data) => type switch
    {
        "content_redacted" => data.IDs("contents"),
        "ask_context_withdrawn" => [data.ID("item_id")],
        _ => [],
    };

    private Fault? Views(JsonElement fact, Places places, Admission? admitted, long version)
    {
        var leaf = places.IsEmpty ? [] : MerkleTree.LeafHash(CanonicalJson.Of(AsSeen(fact)));
        if (places.IsCommon)
        {
            common.Add(leaf);
            if (views.Values.Select(view => view.Add(leaf, version)).FirstOrDefault(fault => fault is not null) is { } wrong)
            {
                return wrong;
            }
        }
        else if (places.Seats.Select(seat => views.GetValueOrDefault(seat)?.Add(leaf, version)).FirstOrDefault(fault => fault is not null)
            is { } wrong)
        {
            return wrong;
        }

        return admitted is null ? null : Admit(admitted, version);
    }

    // Only views with a signed checkpoint are verified.
    private Fault? Admit(Admission seat, long version)
    {
        var ofView = Domain.Record.Checkpoint.OriginOfView(name, roomID, seat.SeatID);
        if (!signed.Has(ofView))
        {
            return null;
        }

        var view = views[seat.SeatID] = new(ofView, signed, record);
        return seat.SeesAll ? view.Begin(common, version).Compare(version) : null;
    }

    private Fault? End(JsonElement end)
    {
        var facts = end.Whole("facts");
        return facts != record.Size ? new Fault(Math.Min(record.Size, facts) + 1, "the file has not as many facts as its end says")
            : announced != record.Size ? new(Math.Min(record.Size, announced) + 1, "the file has not as many facts as its beginning says")
            : signed.Longest(origin) is null ? new(null, "nothing of its record was signed")
            : signed.Origins.FirstOrDefault(log => log != origin
                && !(StrictJson.ID(log[(origin.Length + "/seats/".Length)..]) is { } seat && views.ContainsKey(seat))) is { } nowhere ? new(
                null, $"{nowhere} was signed, and nobody was admitted to that seat")
            : record.End() ?? views.Values.Select(view => view.End()).FirstOrDefault(fault => fault is not null)
            ?? (erased.Except(excused).Cast<Guid?>().FirstOrDefault() is { } gone
                ? new Fault(null, $"content {gone} is gone, and no fact says why") : null)
            ?? (withContents && excused.Except(erased).Cast<Guid?>().FirstOrDefault() is { } kept
                ? new Fault(null, $"content {kept} was taken away by a fact, and is not said to be gone") : null);
    }

    // The fact as readers of a view get it.
    private static JsonElement AsSeen(JsonElement entry) =>
        JsonSerializer.SerializeToElement(entry.EnumerateObject().Where(member => member.Name is not ("correlation" or "placement"))
            .ToDictionary(member => member.Name, member => member.Value));

    // The views that a fact is in.
    private sealed record Places(bool IsCommon, IReadOnlyList<Guid> Seats)
    {
        public bool IsEmpty => !IsCommon && Seats.Count == 0;

        public static Places Of(JsonElement fact) => fact.Maybe("placement") is null ? new(false, [])
            : fact.Member("placement", JsonValueKind.Object) is var placement && placement.Maybe("common") is not null
                && placement.Whole("common") >= 0 ? new(true, [])
            : new(false, placement.Maybe("private") is null ? [] : [.. placement.List("private").Select(place => place.ID("seat_id"))]);
    }

    // The admission of a seat.
    private sealed record Admission(Guid SeatID, bool SeesAll)
    {
        public static Admission? Of(JsonElement fact) => fact.Text("type") != "seat_admitted" ? null
            : fact.Member("data", JsonValueKind.Object) is var seat ? new(seat.ID("seat_id"), seat.Text("history") == "all") : null;
    }
}
