using Weasel.Postgresql.Tables;

namespace Parle.Projections;

/// <summary>Tables that are not views: what they hold cannot be computed again from facts.</summary>
public static class Tables
{
    /// <summary>The words of participants, under the id of the fact that commits to them.</summary>
    public static Table Contents { get; } = TableProjection.Table("contents", table =>
    {
        table.AddColumn("content_id", "uuid").AsPrimaryKey();
        table.AddColumn("room_id", "uuid").NotNull();
        table.AddColumn("salt", "bytea").NotNull();
        table.AddColumn("body", "text").NotNull();
    });

    /// <summary>
    /// What was answered to a write, so that a retry is answered the same (law 3). Keyed by room, author, action and key.
    /// </summary>
    public static Table KeptAnswers { get; } = TableProjection.Table("kept_answers", table =>
    {
        table.AddColumn("room_id", "uuid").AsPrimaryKey();
        table.AddColumn("author_id", "uuid").AsPrimaryKey();
        table.AddColumn("action", "text").AsPrimaryKey();
        table.AddColumn("key", "text").AsPrimaryKey();
        table.AddColumn("fingerprint", "bytea").NotNull();
        table.AddColumn("answer", "text").NotNull();
        table.AddColumn("event_id", "uuid"); // The fact it reports.
        table.AddColumn("kept_at", "timestamptz").NotNull();
        // The contents that the write brought: the fingerprint needs the salt of each. Null in rows of versions that did not salt it.
        table.AddColumn("content_ids", "uuid[]");
        table.PrimaryKeyName = KeptAnswersKey;
        // New rows are not in it.
        table.Indexes.Add(new IndexDefinition("kept_answers_unsalted")
        { Columns = ["event_id"], Predicate = "content_ids is null and event_id is not null" });
    });

    /// <summary>The constraint that two nodes meet which answer one write at the same moment.</summary>
    public const string KeptAnswersKey = "kept_answers_pkey";

    /// <summary>Keyed hashes of secrets, and what each one opens.</summary>
    public static Table Credentials { get; } = TableProjection.Table("credentials", table =>
    {
        table.AddColumn("hash", "bytea").AsPrimaryKey();
        table.AddColumn("subject_id", "uuid").NotNull();
        table.AddColumn("key_id", "bytea"); // The server key it is hashed under; null in rows from before keys could be rotated.
        table.Indexes.Add(new IndexDefinition("credentials_subject") { Columns = ["subject_id"] });
    });

    /// <summary>
    /// Secrets that a repeated request is answered with, closed under the server key, each until what it opens is over. No other query
    /// reads them: without this row nobody can tell the secret, whatever else it knows.
    /// </summary>
    public static Table MintedSecrets { get; } = TableProjection.Table("minted_secrets", table =>
    {
        table.AddColumn("subject_id", "uuid").AsPrimaryKey();
        table.AddColumn("box", "bytea").NotNull();
        table.AddColumn("key_id", "bytea").NotNull();
        table.AddColumn("expires_at", "timestamptz");
        table.Indexes.Add(new IndexDefinition("minted_secrets_expiry") { Columns = ["expires_at"], Predicate = "expires_at is not null" });
    });

    /// <summary>
    /// Invalidation log of the nodes' caller caches: one row for each changed token, agent, session and so on, with its transaction. Kept
    /// for minutes. A null key invalidates all.
    /// </summary>
    public static Table CallerChanges { get; } = TableProjection.Table("caller_changes", table =>
    {
        table.AddColumn("xact", "xid8").NotNull();
        table.AddColumn("key", "uuid");
        table.Indexes.Add(new IndexDefinition("caller_changes_xact") { Columns = ["xact"] });
    });

    /// <summary>When a session was last heard of. Not a fact: nobody is answerable for it, and it is written seldom.</summary>
    public static Table SessionActivity { get; } = TableProjection.Table("session_activity", table =>
    {
        table.AddColumn("session_id", "uuid").AsPrimaryKey();
        table.AddColumn("last_seen_at", "timestamptz").NotNull();
        // Until when a node says that it holds a stream or a wait of the session; it says so again while it does.
        table.AddColumn("held_until", "timestamptz");
    });

    /// <summary>When something was last done with a token, to about five minutes. Not a fact either.</summary>
    public static Table TokenActivity { get; } = TableProjection.Table("token_activity", table =>
    {
        table.AddColumn("token_id", "uuid").AsPrimaryKey();
        table.AddColumn("last_used_at", "timestamptz").NotNull();
    });

    /// <summary>
    /// How far the work of a participant, or of an alias, within a seat is acknowledged. Not a fact: it tells nobody that
    /// something was read, and it moves.
    /// </summary>
    public static Table Acknowledgements { get; } = TableProjection.Table("acknowledgements", table =>
    {
        table.AddColumn("seat_id", "uuid").AsPrimaryKey();
        table.AddColumn("scope", "text").AsPrimaryKey();
        table.AddColumn("seq", "bigint").NotNull();
        table.AddColumn("event_id", "uuid").NotNull();
        table.AddColumn("updated_at", "timestamptz").NotNull();
    });

    /// <summary>
    /// The read ledger: what each seat was shown, when. A line says that by then all rows from one position of its view to another had been
    /// shown to it, or skipped by it. Lines are added, never changed, and each is written before its rows are sent.
    /// </summary>
    public static Table ReadLedger { get; } = TableProjection.Table("disclosures", table =>
    {
        table.AddColumn("seat_id", "uuid").AsPrimaryKey();
        table.AddColumn("upto_seq", "bigint").AsPrimaryKey();
        table.AddColumn("from_seq", "bigint").AsPrimaryKey();
        table.AddColumn("session_id", "uuid").NotNull();
        table.AddColumn("shown_at", "timestamptz").NotNull();
    });

    /// <summary>A room's state as of a version, so that a long stream need not be read from its start.</summary>
    public static Table RoomSnapshots { get; } = TableProjection.Table("room_snapshots", table =>
    {
        table.AddColumn("room_id", "uuid").AsPrimaryKey();
        table.AddColumn("version", "bigint").NotNull();
        table.AddColumn("state", "jsonb").NotNull();
    });

    /// <summary>
    /// Codes sent to e-mail addresses, all as keyed hashes: one for each start, beside each other. A code that was used is kept as long as
    /// it would have been valid, with what it was used for, so that a lost answer can be had again.
    /// </summary>
    public static Table SignInCodes { get; } = TableProjection.Table("sign_in_codes", table =>
    {
        table.AddColumn("code_id", "uuid").AsPrimaryKey();
        table.AddColumn("address", "bytea").NotNull();
        table.AddColumn("code", "bytea").NotNull();
        table.AddColumn("browser", "bytea").NotNull(); // Who started it, by its cookie…
        table.AddColumn("network", "bytea").NotNull(); // …and from which network.
        table.AddColumn("expires_at", "timestamptz").NotNull();
        table.AddColumn("browser_tries", "integer").NotNull(); // Each kind of guesser has tries of its own.
        table.AddColumn("network_tries", "integer").NotNull();
        table.AddColumn("other_tries", "integer").NotNull();
        table.AddColumn("used_as", "bytea");
        table.AddColumn("used_for", "bytea");
        table.AddColumn("session_id", "uuid");
        table.Indexes.Add(new IndexDefinition("sign_in_codes_address") { Columns = ["address"] });
        table.Indexes.Add(new IndexDefinition("sign_in_codes_expiry") { Columns = ["expires_at"] });
    });

    /// <summary>
    /// Browsers that proved an address before, both as keyed hashes: a code that one of them asks for is counted apart from those of
    /// strangers.
    /// </summary>
    public static Table SignInBrowsers { get; } = TableProjection.Table("sign_in_browsers", table =>
    {
        table.AddColumn("address", "bytea").AsPrimaryKey();
        table.AddColumn("browser", "bytea").AsPrimaryKey();
        table.AddColumn("seen_at", "timestamptz").NotNull();
    });

    /// <summary>The one server key of a database from before keys could be rotated; see <see cref="ServerKeys"/>.</summary>
    public static Table ServerKey { get; } = TableProjection.Table("server_key", table =>
    {
        table.AddColumn("single", "boolean").AsPrimaryKey();
        table.AddColumn("check_value", "bytea").NotNull();
    });

    /// <summary>
    /// The server keys that this database holds something under, by their check values. A node needs all that are not retired.
    /// </summary>
    public static Table ServerKeys { get; } = TableProjection.Table("server_keys", table =>
    {
        table.AddColumn("check_value", "bytea").AsPrimaryKey();
        table.AddColumn("since", "timestamptz").NotNull();
        table.AddColumn("retired_at", "timestamptz");
    });

    /// <summary>Which words were erased, and the fact that says so: without a line here the database removes none.</summary>
    public static Table Erasures { get; } = TableProjection.Table("erasures", table =>
    {
        table.AddColumn("content_id", "uuid").AsPrimaryKey();
        table.AddColumn("room_id", "uuid").NotNull();
        table.AddColumn("version", "bigint").NotNull();
        table.AddColumn("event_id", "uuid").NotNull();
        // Whether a room's words are all there that were there before.
        table.Indexes.Add(new IndexDefinition("erasures_room") { Columns = ["room_id", "version"] });
    });

    /// <summary>Transactions that were allowed to change the record, with who did so, when and why.</summary>
    public static Table DeclaredMigrations { get; } = TableProjection.Table("declared_migrations", table =>
    {
        table.AddColumn("xact", "text").AsPrimaryKey();
        table.AddColumn("declared_at", "timestamptz").AsPrimaryKey();
        table.AddColumn("session_role", "text").NotNull();
        table.AddColumn("acting_role", "text").NotNull();
        table.AddColumn("reason", "text").NotNull();
    });

    /// <summary>
    /// The keys that checkpoints are signed with. The private half of the newest is closed under the server key, the others have none any
    /// more.
    /// </summary>
    public static Table SigningKeys { get; } = TableProjection.Table("signing_keys", table =>
    {
        table.AddColumn("number", "integer").AsPrimaryKey();
        table.AddColumn("name", "text").NotNull();
        table.AddColumn("public_key", "bytea").NotNull();
        table.AddColumn("valid_from", "timestamptz").NotNull();
        table.AddColumn("valid_until", "timestamptz");
        table.AddColumn("endorsement", "text");
        table.AddColumn("secret", "bytea");
        table.AddColumn("seal", "bytea").NotNull();
    });

    /// <summary>What was signed of logs: of a room's record, or of a seat's view of it.</summary>
    public static Table Checkpoints { get; } = TableProjection.Table("checkpoints", table =>
    {
        table.AddColumn("log_id", "uuid").AsPrimaryKey();
        table.AddColumn("size", "bigint").AsPrimaryKey();
        table.AddColumn("room_id", "uuid").NotNull();
        table.AddColumn("seat_id", "uuid");
        table.AddColumn("root", "bytea").NotNull();
        table.AddColumn("note", "text").NotNull();
        table.AddColumn("signed_at", "timestamptz").NotNull();
        table.Indexes.Add(new IndexDefinition("checkpoints_room") { Columns = ["room_id", "signed_at"] });
    });

    /// <summary>Nodes of logs' hash trees that stand above 256 complete ones. Computed from the facts, and never different.</summary>
    public static Table LogNodes { get; } = TableProjection.Table("log_nodes", table =>
    {
        table.AddColumn("log_id", "uuid").AsPrimaryKey();
        table.AddColumn("level", "integer").AsPrimaryKey();
        table.AddColumn("index", "bigint").AsPrimaryKey();
        table.AddColumn("hash", "bytea").NotNull();
    });

    /// <summary>The incarnations of this database, see <c>5_incarnations.sql</c>: by what each one was known, and when it began.</summary>
    public static Table Incarnations { get; } = TableProjection.Table("incarnations", table =>
    {
        table.AddColumn("number", "integer").AsPrimaryKey();
        table.AddColumn("witness", "text").NotNull();
        table.AddColumn("begun_at", "timestamptz").NotNull();
    });

    /// <summary>Where each view stood when the present incarnation began; empty in the first.</summary>
    public static Table IncarnationViews { get; } = TableProjection.Table("incarnation_views", table =>
    {
        table.AddColumn("seat_id", "uuid").AsPrimaryKey();
        table.AddColumn("seq", "bigint").NotNull();
    });

    /// <summary>
    /// Sessions that read on in the present incarnation from a place that all incarnations have: what they read since is of this one.
    /// </summary>
    public static Table RegainedCursors { get; } = TableProjection.Table("regained_cursors", table =>
    {
        table.AddColumn("seat_id", "uuid").AsPrimaryKey();
        table.AddColumn("session_id", "uuid").AsPrimaryKey();
    });

    /// <summary>
    /// How much was written on a day by whom, and by the tokens below it. Not a fact: counted to bound what grows, and gone two days later.
    /// </summary>
    public static Table DailyUse { get; } = TableProjection.Table("daily_use", table =>
    {
        table.AddColumn("payer_id", "uuid").AsPrimaryKey();
        table.AddColumn("day", "date").AsPrimaryKey();
        table.AddColumn("below", "boolean").AsPrimaryKey();
        table.AddColumn("writes", "bigint").NotNull();
        table.AddColumn("bytes", "bigint").NotNull();
    });

    /// <summary>
    /// One line a node, written again and again, so that a database that takes no writes is noticed before somebody needs one. Nothing is
    /// lost with it.
    /// </summary>
    public static Table WriteProbes { get; } = TableProjection.Table("write_probes", table =>
    {
        table.AddColumn("node_id", "uuid").AsPrimaryKey();
        table.AddColumn("written_at", "timestamptz").NotNull();
    });

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Table> All { get; } =
    [
        Contents, KeptAnswers, Credentials, MintedSecrets, CallerChanges, SessionActivity, TokenActivity, Acknowledgements, ReadLedger,
        RoomSnapshots, SignInCodes, SignInBrowsers, ServerKey, ServerKeys, Erasures, DeclaredMigrations, SigningKeys, Checkpoints, LogNodes,
        Incarnations, IncarnationViews, RegainedCursors, DailyUse, WriteProbes,
    ];
}
