using Weasel.Postgresql.Tables;

namespace Parle.Projections;

/// <summary>Tables that are not views: their rows cannot be computed from facts.</summary>
public static class Tables
{
    /// <summary>Participants' content, under the id of the fact that commits to it.</summary>
    public static Table Contents { get; } = TableProjection.Table("contents", table =>
    {
        table.AddColumn("content_id", "uuid").AsPrimaryKey();
        table.AddColumn("room_id", "uuid").NotNull();
        table.AddColumn("salt", "bytea").NotNull();
        table.AddColumn("body", "text").NotNull();
    });

    /// <summary>
    /// Idempotency records: the stored answers of writes, so that a retry gets the same answer (law 3). Keyed by room, author, action and
    /// key.
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
        // The contents of the write: its fingerprint needs the salt of each. Null in rows from versions without salts.
        table.AddColumn("content_ids", "uuid[]");
        table.PrimaryKeyName = KeptAnswersKey;
        // New rows are not in this index.
        table.Indexes.Add(new IndexDefinition("kept_answers_unsalted")
        { Columns = ["event_id"], Predicate = "content_ids is null and event_id is not null" });
    });

    /// <summary>The constraint that stops two nodes from answering one write twice.</summary>
    public const string KeptAnswersKey = "kept_answers_pkey";

    /// <summary>Keyed hashes of secrets, each with the thing that it opens.</summary>
    public static Table Credentials { get; } = TableProjection.Table("credentials", table =>
    {
        table.AddColumn("hash", "bytea").AsPrimaryKey();
        table.AddColumn("subject_id", "uuid").NotNull();
        table.AddColumn("key_id", "bytea"); // The server key of its hash; null in rows from before keys could be rotated.
        table.Indexes.Add(new IndexDefinition("credentials_subject") { Columns = ["subject_id"] });
    });

    /// <summary>
    /// Secrets that a repeated request must be answered with, encrypted under the server key. Each is deleted when the thing it opens ends.
    /// Nothing else can reveal the secret.
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
    /// Invalidation log of the nodes' caller caches: one row for each changed token, agent, session and so on, with its transaction. Pruned
    /// after minutes. A null key invalidates all.
    /// </summary>
    public static Table CallerChanges { get; } = TableProjection.Table("caller_changes", table =>
    {
        table.AddColumn("xact", "xid8").NotNull();
        table.AddColumn("key", "uuid");
        table.Indexes.Add(new IndexDefinition("caller_changes_xact") { Columns = ["xact"] });
    });

    /// <summary>
    /// The time of a session's last request. Not a fact: nobody is answerable for it, and it is written only now and then.
    /// </summary>
    public static Table SessionActivity { get; } = TableProjection.Table("session_activity", table =>
    {
        table.AddColumn("session_id", "uuid").AsPrimaryKey();
        table.AddColumn("last_seen_at", "timestamptz").NotNull();
        // A node renews this while it holds a stream or a waiting read of the session.
        table.AddColumn("held_until", "timestamptz");
    });

    /// <summary>The time of a token's last use, to about five minutes. Not a fact either.</summary>
    public static Table TokenActivity { get; } = TableProjection.Table("token_activity", table =>
    {
        table.AddColumn("token_id", "uuid").AsPrimaryKey();
        table.AddColumn("last_used_at", "timestamptz").NotNull();
    });

    /// <summary>
    /// The acknowledged position of a participant's or an alias's work within a seat. Not a fact: it proves to nobody that a row was read,
    /// and it moves.
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
    /// The read ledger. A line says that by its time a range of positions in a seat's view had been shown to the seat, or skipped by it.
    /// Lines are added, never changed, and each is written before its rows are sent.
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
    /// Codes sent to e-mail addresses, as keyed hashes; each sign-in attempt has its own. A used code is kept, with its use, until it would
    /// have expired: so a lost answer can be fetched again.
    /// </summary>
    public static Table SignInCodes { get; } = TableProjection.Table("sign_in_codes", table =>
    {
        table.AddColumn("code_id", "uuid").AsPrimaryKey();
        table.AddColumn("address", "bytea").NotNull();
        table.AddColumn("code", "bytea").NotNull();
        table.AddColumn("browser", "bytea").NotNull(); // The browser that started it, by its cookie,
        table.AddColumn("network", "bytea").NotNull(); // and its network.
        table.AddColumn("expires_at", "timestamptz").NotNull();
        table.AddColumn("browser_tries", "integer").NotNull(); // The browser and its network have separate bounds on guesses.
        table.AddColumn("network_tries", "integer").NotNull();
        table.AddColumn("other_tries", "integer").NotNull();
        table.AddColumn("used_as", "bytea");
        table.AddColumn("used_for", "bytea");
        table.AddColumn("session_id", "uuid");
        table.Indexes.Add(new IndexDefinition("sign_in_codes_address") { Columns = ["address"] });
        table.Indexes.Add(new IndexDefinition("sign_in_codes_expiry") { Columns = ["expires_at"] });
    });

    /// <summary>
    /// Browsers that have proved an address before, both as keyed hashes. A code that one of them asks for is counted apart from strangers'
    /// codes.
    /// </summary>
    public static Table SignInBrowsers { get; } = TableProjection.Table("sign_in_browsers", table =>
    {
        table.AddColumn("address", "bytea").AsPrimaryKey();
        table.AddColumn("browser", "bytea").AsPrimaryKey();
        table.AddColumn("seen_at", "timestamptz").NotNull();
    });

    /// <summary>The only server key of a database from before keys could be rotated; see <see cref="ServerKeys"/>.</summary>
    public static Table ServerKey { get; } = TableProjection.Table("server_key", table =>
    {
        table.AddColumn("single", "boolean").AsPrimaryKey();
        table.AddColumn("check_value", "bytea").NotNull();
    });

    /// <summary>
    /// The check values of the server keys that encrypted or hashed something in this database. A node needs all of them that are not
    /// retired.
    /// </summary>
    public static Table ServerKeys { get; } = TableProjection.Table("server_keys", table =>
    {
        table.AddColumn("check_value", "bytea").AsPrimaryKey();
        table.AddColumn("since", "timestamptz").NotNull();
        table.AddColumn("retired_at", "timestamptz");
    });

    /// <summary>Erased contents, each with the fact that erased it. Without a line here the database deletes no content.</summary>
    public static Table Erasures { get; } = TableProjection.Table("erasures", table =>
    {
        table.AddColumn("content_id", "uuid").AsPrimaryKey();
        table.AddColumn("room_id", "uuid").NotNull();
        table.AddColumn("version", "bigint").NotNull();
        table.AddColumn("event_id", "uuid").NotNull();
        // For the check that no content of a room is missing without an erasure.
        table.Indexes.Add(new IndexDefinition("erasures_room") { Columns = ["room_id", "version"] });
    });

    /// <summary>Transactions that were allowed to change the record: by whom, when and why.</summary>
    public static Table DeclaredMigrations { get; } = TableProjection.Table("declared_migrations", table =>
    {
        table.AddColumn("xact", "text").AsPrimaryKey();
        table.AddColumn("declared_at", "timestamptz").AsPrimaryKey();
        table.AddColumn("session_role", "text").NotNull();
        table.AddColumn("acting_role", "text").NotNull();
        table.AddColumn("reason", "text").NotNull();
    });

    /// <summary>
    /// The signing keys of checkpoints. The newest one's private half is encrypted under the server key; the others' are deleted.
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

    /// <summary>Signed checkpoints of logs: of a room's record, or of a seat's view of it.</summary>
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

    /// <summary>Nodes of logs' hash trees above 256 complete ones. They follow from the facts and never change.</summary>
    public static Table LogNodes { get; } = TableProjection.Table("log_nodes", table =>
    {
        table.AddColumn("log_id", "uuid").AsPrimaryKey();
        table.AddColumn("level", "integer").AsPrimaryKey();
        table.AddColumn("index", "bigint").AsPrimaryKey();
        table.AddColumn("hash", "bytea").NotNull();
    });

    /// <summary>
    /// The incarnations of this database, see <c>5_incarnations.sql</c>: the signs that identify each one, and its beginning.
    /// </summary>
    public static Table Incarnations { get; } = TableProjection.Table("incarnations", table =>
    {
        table.AddColumn("number", "integer").AsPrimaryKey();
        table.AddColumn("witness", "text").NotNull();
        table.AddColumn("begun_at", "timestamptz").NotNull();
    });

    /// <summary>The position of each view when the present incarnation began; empty in the first one.</summary>
    public static Table IncarnationViews { get; } = TableProjection.Table("incarnation_views", table =>
    {
        table.AddColumn("seat_id", "uuid").AsPrimaryKey();
        table.AddColumn("seq", "bigint").NotNull();
    });

    /// <summary>
    /// Sessions that read on in the present incarnation, from a position that all incarnations share. Everything they read since is of this
    /// one.
    /// </summary>
    public static Table RegainedCursors { get; } = TableProjection.Table("regained_cursors", table =>
    {
        table.AddColumn("seat_id", "uuid").AsPrimaryKey();
        table.AddColumn("session_id", "uuid").AsPrimaryKey();
    });

    /// <summary>
    /// The amount written on a day by each caller and by the tokens below it. Not a fact: it bounds growth, and is deleted two days later.
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
    /// One line for each node, rewritten all the time, so that a database that takes no writes is noticed before a caller needs one. Losing
    /// it does no harm.
    /// </summary>
    public static Table WriteProbes { get; } = TableProjection.Table("write_probes", table =>
    {
        table.AddColumn("node_id", "uuid").AsPrimaryKey();
        table.AddColumn("written_at", "timestamptz").NotNull();
    });

    /// <summary>All these tables.</summary>
    public static IReadOnlyList<Table> All { get; } =
    [
        Contents, KeptAnswers, Credentials, MintedSecrets, CallerChanges, SessionActivity, TokenActivity, Acknowledgements, ReadLedger,
        RoomSnapshots, SignInCodes, SignInBrowsers, ServerKey, ServerKeys, Erasures, DeclaredMigrations, SigningKeys, Checkpoints, LogNodes,
        Incarnations, IncarnationViews, RegainedCursors, DailyUse, WriteProbes,
    ];
}
