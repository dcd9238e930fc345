using Parle.Api.Wire;
using Parle.Domain;

namespace Parle.Api.Registry;

/// <summary>A reader's position in a list.</summary>
/// <param name="After">The last entry that it has; a position before the first entry when it has none.</param>
public sealed record PageCursor(Guid After)
{
    // A position before every entry of a list that begins with the newest: the greatest id.
    private static readonly Guid newest = Guid.Parse("ffffffff-ffff-ffff-ffff-ffffffffffff");

    /// <summary>The cursor of a list that begins with the oldest.</summary>
    public static QueryInput FromFirst { get; } = Input(Guid.Empty, "from the first");

    /// <summary>The cursor of a list that begins with the newest.</summary>
    public static QueryInput FromNewest { get; } = Input(newest, "from the newest");

    /// <summary>Reads <c>after</c> of a list that begins with the oldest.</summary>
    public static (PageCursor? Value, Refusal? Refusal) Read(HttpRequest request) => Read(request, Guid.Empty);

    /// <summary>The parameter <c>after</c>.</summary>
    public static QueryParameter Parameter(string absent) => new("after", "string", $"The `next` of the page before. Absent: {absent}.");

    private static QueryInput Input(Guid first, string absent) => QueryInput.Of([Parameter(absent)], request => Read(request, first));

    private static (PageCursor? Value, Refusal? Refusal) Read(HttpRequest request, Guid first) => request.Query["after"] switch
    {
        [] => (new(first), null),
        var sent when WireID.Read(sent) is { } after => (new(after), null),
        _ => (null, Refusals.MalformedRequest.Because("after must be the next of an earlier page.")),
    };
}
