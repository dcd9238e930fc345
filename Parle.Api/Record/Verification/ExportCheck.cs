using System.Text.Json;
using Parle.Domain.Contents;
using Parle.Domain.Record;

namespace Parle.Api.Record.Verification;

/// <summary>What was found of an exported room.</summary>
/// <param name="Fault">The first thing that is wrong; null when nothing is.</param>
/// <param name="RoomID">The room; null when not even that could be read.</param>
/// <param name="Facts">Facts that were read.</param>
/// <param name="Covered">How many of them, from the first, are covered by a checkpoint.</param>
/// <param name="Checkpoints">Checkpoints that were compared.</param>
public sealed record ExportVerdict(Fault? Fault, Guid? RoomID, long Facts, long Covered, int Checkpoints);

/// <summary>Checks an exported room: each fact in its place, against all that was signed of the record and of the views of it. Reads it once, from its start.</summary>
public sealed class ExportCheck
{
    /// <summary>How JSON is read that somebody may have made to be read in two ways.</summary>
    internal static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly SignedLogs signed = new();
    private readonly Dictionary<string, LogCheck> views = [];
    private readonly HashSet<string> erased = [];
    private readonly HashSet<string> excused = [];
    private readonly MerkleFrontier common = new();
    private KeyRing? keys;
    private Guid roomID;
    private string name = "";
    private string origin = "";
    private LogCheck record = new("", new());

    /// <summary>Checks it.</summary>
    /// <param name="lines">The file's lines.</param>
    /// <param name="pinned">The keys to trust; null to trust those that the file brings.</param>
    /// <param name="held">Signed notes from elsewhere: the record must agree with them too.</param>
    public static ExportVerdict Of(IEnumerable<string> lines, KeyRing? pinned, IReadOnlyList<string> held)
    {
        var check = new ExportCheck();
        var fault = check.Read(lines, pinned, held);
        return new(fault, check.roomID == Guid.Empty ? null : check.roomID, check.record.Size, check.record.Covered, check.signed.Count);
    }

    private Fault? Read(IEnumerable<string> lines, KeyRing? pinned, IReadOnlyList<string> held)
    {
        var ended = false;
        foreach (var line in lines.Select((text, i) => (Text: text, Number: i + 1)))
        {
            Fault? fault;
            try
            {
                var json = JsonElement.Parse(line.Text, Strict);
                var (isNote, isFact, isEnd) = (json.TryGetProperty("checkpoint", out var note), json.TryGetProperty("fact", out _), json.TryGetProperty("end", out var end));
                fault = ended ? new(null, $"line {line.Number} stands behind the end")
                    : line.Number == 1 ? Begin(json, pinned, held)
                    : (isNote, isFact, isEnd) switch
                    {
                        (true, false, false) when record.Size > 0 => new(null, $"line {line.Number}: a checkpoint stands behind facts"), // Of what was passed nothing would be compared.
                        (true, false, false) => Checkpoint(note.GetString() ?? ""),
                        (false, true, false) => Fact(json),
                        (false, false, true) => End(end),
                        _ => new(null, $"line {line.Number} is nothing that an export holds"),
                    };
                ended |= isEnd;
            }
            catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
            {
                fault = new(record.Size + 1, $"line {line.Number} cannot be read: {unreadable.Message}");
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
        if (header.GetProperty("format").GetString() != RoomExport.FormatName)
        {
            return new(null, $"this is no {RoomExport.FormatName}");
        }

        (roomID, name) = (header.GetProperty("room_id").GetGuid(), header.GetProperty("name").GetString()!);
        keys = pinned?.With(header.GetProperty("keys")) ?? KeyRing.Of(header.GetProperty("keys"));
        origin = Domain.Record.Checkpoint.OriginOfRoom(name, roomID);
        record = new(origin, signed);
        return held.Select(Checkpoint).FirstOrDefault(fault => fault is not null);
    }

    private Fault? Checkpoint(string note) => keys!.Read(note) switch
    {
        ({ } checkpoint, _) when checkpoint.Origin != origin && !checkpoint.Origin.StartsWith($"{origin}/seats/", StringComparison.Ordinal) => new(null, $"a checkpoint is of another room, {checkpoint.Origin}"),
        ({ } checkpoint, _) => signed.Add(checkpoint),
        (_, var why) => new(null, $"a checkpoint does not count: {why}"),
    };

    private Fault? Fact(JsonElement line)
    {
        var (version, fact) = (line.GetProperty("version").GetInt64(), line.GetProperty("fact"));
        if (version != record.Size + 1)
        {
            return version > record.Size + 1 ? new(record.Size + 1, "it is missing") : new(version, "it stands in another place than its own");
        }

        if (fact.GetProperty("room_id").GetGuid() != roomID)
        {
            return new(version, "it is of another room");
        }

        var indexed = line.TryGetProperty("leaf", out var leaf) && leaf.ValueKind is JsonValueKind.String ? leaf.GetBytesFromBase64() : null;
        return record.Add(MerkleTree.LeafHash(CanonicalJson.Of(fact)), version, indexed) ?? Contents(line, fact, version) ?? Views(fact, version);
    }

    private Fault? Contents(JsonElement line, JsonElement fact, long version)
    {
        foreach (var content in line.TryGetProperty("contents", out var contents) ? contents.EnumerateArray().ToList() : [])
        {
            if (content.GetProperty("body").ValueKind is JsonValueKind.Null)
            {
                erased.Add(content.GetProperty("content_id").GetString()!);
            }
            else if (!ReceiptCheck.Commits(fact, content.GetProperty("salt").GetBytesFromBase64(), content.GetProperty("body").GetString()!))
            {
                return new(version, $"content {content.GetProperty("content_id")} is not what it commits to");
            }
        }

        // Which facts take words away: see Domain.Contents.Erasure.
        var data = fact.GetProperty("data");
        excused.UnionWith(fact.GetProperty("type").GetString() switch
        {
            "content_redacted" => data.GetProperty("contents").EnumerateArray().Select(id => id.GetString()!),
            "ask_context_withdrawn" => [data.GetProperty("item_id").GetString()!],
            _ => [],
        });
        return null;
    }

    private Fault? Views(JsonElement fact, long version)
    {
        var placement = fact.GetProperty("placement");
        var leaf = placement.ValueKind is JsonValueKind.Null ? [] : MerkleTree.LeafHash(CanonicalJson.Of(AsSeen(fact)));
        if (placement.ValueKind is JsonValueKind.Object && placement.TryGetProperty("common", out _))
        {
            common.Add(leaf);
            if (views.Values.Select(view => view.Add(leaf, version)).FirstOrDefault(fault => fault is not null) is { } wrong)
            {
                return wrong;
            }
        }
        else if (placement.ValueKind is JsonValueKind.Object && placement.TryGetProperty("private", out var places))
        {
            foreach (var place in places.EnumerateArray())
            {
                if (views.GetValueOrDefault(place.GetProperty("seat_id").GetString()!)?.Add(leaf, version) is { } wrong)
                {
                    return wrong;
                }
            }
        }

        return fact.GetProperty("type").GetString() == "seat_admitted" ? Admit(fact.GetProperty("data"), version) : null;
    }

    // Only the views are followed of which something was signed.
    private Fault? Admit(JsonElement seat, long version)
    {
        var seatID = seat.GetProperty("seat_id").GetGuid();
        var ofView = Domain.Record.Checkpoint.OriginOfView(name, roomID, seatID);
        if (!signed.Has(ofView))
        {
            return null;
        }

        var view = views[seatID.ToString()] = new(ofView, signed, record);
        return seat.GetProperty("history").GetString() == "all" ? view.Begin(common, version).Compare(version) : null;
    }

    private Fault? End(JsonElement end) =>
        end.GetProperty("facts").GetInt64() != record.Size ? new(Math.Min(record.Size, end.GetProperty("facts").GetInt64()) + 1, "the file has not as many facts as its end says")
        : record.Covered == 0 && signed.Longest(origin) is null ? new(null, "nothing of its record was signed")
        : signed.Origins.FirstOrDefault(log => log != origin && !views.ContainsKey(log[(origin.Length + "/seats/".Length)..])) is { } nowhere ? new(null, $"{nowhere} was signed, and nobody was admitted to that seat")
        : record.End() ?? views.Values.Select(view => view.End()).FirstOrDefault(fault => fault is not null)
        ?? (erased.Except(excused).FirstOrDefault() is { } gone ? new(null, $"content {gone} is gone, and no fact says why") : null);

    // As readers of a view have it.
    private static JsonElement AsSeen(JsonElement entry) =>
        JsonSerializer.SerializeToElement(entry.EnumerateObject().Where(member => member.Name is not ("correlation" or "placement")).ToDictionary(member => member.Name, member => member.Value));
}
