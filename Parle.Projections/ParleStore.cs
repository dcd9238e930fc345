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
    /// <summary>The database schema of all tables.</summary>
    public const string Schema = "parle";

    /// <summary>All views. The views for participants are inline.</summary>
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

    /// <summary>The views that are written in the transaction of their facts.</summary>
    public static IReadOnlyList<View> InlineViews { get; } = [.. Views().Where(view => !view.MayLag)];

    /// <summary>Marten's options: the storage of events, and the views.</summary>
    public static StoreOptions Options()
    {
        var options = new StoreOptions();
        Configure(options);
        return options;
    }

    /// <summary>Configures the storage of events, and the views.</summary>
    /// <param name="options">Marten's.</param>
    /// <param name="reader">Reads stored events; null for the reader of this version.</param>
    public static void Configure(StoreOptions options, FactReader? reader = null)
    {
        options.DatabaseSchemaName = Schema;
        options.AutoCreateSchemaObjects = AutoCreate.None; // The schema is changed only by db-apply, never in the middle of a request.
        options.UseSystemTextJsonForSerialization(configure: json => StoredText.WriteAsKept(StoredJson.Configure(json)));

        // A session keeps its connection to its end. Otherwise a read returns the connection to the pool and then touches its reader once
        // more. By then another request may use that reader, because Npgsql reuses it.
        options.UseStickyConnectionLifetimes = true;

        options.Events.AppendMode = EventAppendMode.QuickWithServerTimestamps;
        // A second node waits for the first one's commit, and then sees that its version is stale.
        options.Events.UseExclusiveLockOnConcurrentAppends = true;
        options.Events.MetadataConfig.HeadersEnabled = true;
        options.Events.MetadataConfig.CorrelationIdEnabled = true;
        (reader ?? FactReader.Current).Register(options.Events);

        foreach (var view in Views())
        {
            options.Projections.Add(view.Projection, view.Lifecycle);
        }

        // Any node may run an asynchronous view. An event that it cannot apply stops the view and is reported: a view with holes is worse
        // than none.
        options.Projections.Errors.SkipApplyErrors = false;
        options.Projections.Errors.SkipSerializationErrors = false;
        options.Projections.Errors.SkipUnknownEvents = false;
        options.Events.EnableExtendedProgressionTracking = true; // The reason of a stop is stored, so that every node can report it.

        foreach (var table in Tables.All)
        {
            options.Storage.ExtendedSchemaObjects.Add(table);
        }

        options.Storage.Add(new RecordFeature(options.Advanced.Migrator));
    }
}
