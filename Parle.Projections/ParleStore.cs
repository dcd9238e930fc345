using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Parle.Projections.Aliases;
using Parle.Projections.Asks;
using Parle.Projections.Auditing;
using Parle.Projections.History;
using Parle.Projections.Invitations;
using Parle.Projections.Record;
using Parle.Projections.Rooms;
using Parle.Projections.Sessions;
using Parle.Projections.Tokens;

namespace Parle.Projections;

/// <summary>The only place where Marten is configured.</summary>
public static class ParleStore
{
    /// <summary>The database schema that holds everything.</summary>
    public const string Schema = "parle";

    /// <summary>Every view there is. What participants read is inline.</summary>
    public static IReadOnlyList<View> Views() =>
    [
        new("principals", new Principals.Directory()),
        new("identities", new Principals.Identities()),
        new("person_sessions", new Principals.PersonSessions()),
        new("agent_tokens", new AgentTokens()),
        new("agent_sessions", new AgentSessions()),
        new("session_aliases", new SessionAliases()),
        new("rooms", new RoomDirectory()),
        new("invitations", new InvitationDirectory()),
        new("record_readers", new AuditReaders()),
        new("timeline", new Timeline()),
        new("attention", new Attention()),
        new("redactions", new Redactions()),
        new("asks", new AskDirectory()),
        new("record_index", new RecordIndex()),
        new("room_summaries", new RoomSummaries(), ProjectionLifecycle.Async),
    ];

    /// <summary>Those that are kept in the transaction of their facts.</summary>
    public static IReadOnlyList<View> InlineViews { get; } = [.. Views().Where(view => !view.MayLag)];

    /// <summary>How facts are stored and which views are kept.</summary>
    public static StoreOptions Options()
    {
        var options = new StoreOptions();
        Configure(options);
        return options;
    }

    /// <summary>Says how facts are stored and which views are kept.</summary>
    /// <param name="options">Marten's.</param>
    /// <param name="reader">Reads what is stored; null for everything that this version knows.</param>
    public static void Configure(StoreOptions options, FactReader? reader = null)
    {
        options.DatabaseSchemaName = Schema;
        options.AutoCreateSchemaObjects = AutoCreate.None; // The schema changes by db-apply, never in the middle of a request.
        options.UseSystemTextJsonForSerialization(configure: json => StoredText.WriteAsKept(StoredJson.Configure(json)));

        // A session keeps its connection to its end. Otherwise each read gives it back and then touches the reader once more, which by
        // then may be somebody else's: Npgsql uses a connection's reader again.
        options.UseStickyConnectionLifetimes = true;

        options.Events.AppendMode = EventAppendMode.QuickWithServerTimestamps;
        // A second node waits for the first to commit, then sees that it is late.
        options.Events.UseExclusiveLockOnConcurrentAppends = true;
        options.Events.MetadataConfig.HeadersEnabled = true;
        options.Events.MetadataConfig.CorrelationIdEnabled = true;
        (reader ?? FactReader.Current).Register(options.Events);

        foreach (var view in Views())
        {
            options.Projections.Add(view.Projection, view.Lifecycle);
        }

        // What is kept after the facts, is so by whichever node has the task. A fact that cannot be taken in stops the view, and is told:
        // one with holes is none.
        options.Projections.Errors.SkipApplyErrors = false;
        options.Projections.Errors.SkipSerializationErrors = false;
        options.Projections.Errors.SkipUnknownEvents = false;
        options.Events.EnableExtendedProgressionTracking = true; // Why it stopped is for every node to tell.

        foreach (var table in Tables.All)
        {
            options.Storage.ExtendedSchemaObjects.Add(table);
        }

        options.Storage.Add(new RecordFeature(options.Advanced.Migrator));
    }
}
