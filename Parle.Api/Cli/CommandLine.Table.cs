using Parle.Api.Platform;

namespace Parle.Api.Cli;

/// <content>The commands, one row each.</content>
public static partial class CommandLine
{
    /// <summary>Parle's own commands, as they are listed.</summary>
    public static IReadOnlyList<Command> Own { get; } =
    [
        new(ParleCommand.Serve, "serve requests; the same as no command at all", [], """
            Usage: serve [--urls ADDRESS[;ADDRESS]...] [--environment NAME] [--SECTION:SETTING VALUE]...
            Examples: serve --urls http://127.0.0.1:5081
                      serve --Parle:Limits:SeatsPerRoom 50
            Every setting of docs/configuration.md can be given so, or as an environment variable.
            Exit codes: 0 it was told to stop; 1 it could not start, standard error says why; 2 the command line is not understood.
            """),
        new(ParleCommand.Provision, "create people, agents, rooms, seats and tokens from a description",
            [new("", new("description") { TakesStandardInput = true }, new Option("--new-tokens"))], $"""
            {ProvisionCommand.Usage}
            Reads a description in JSON (-: from standard input), creates what is missing, changes nothing that is there, and prints ids and new tokens.
            All of it is checked before anything is made. A token is written out before it is good: what could not be written was not made.
            Examples: provision people.json
                      echo '{OneLine}' | {Advice.Run("provision - --new-tokens")}
            Exit codes: 0 everything is there; 1 it is not, standard error says why; 2 the command line is not understood.
            """)
        { Prepare = ProvisionCommand.Prepare },
        new(ParleCommand.Verify, "check a receipt, evidence about an ask, or an exported room, without service, database or network",
            [
                new("", new("file") { TakesStandardInput = true }, new("--keys", "FILE|KEY", Repeats: true),
                    new("--checkpoint", "FILE", Repeats: true), new("--trust-file-keys"), new("--allow-unsigned"),
                    new("--allow-part")),
            ],
            $"""
            {VerifyCommand.Usage}
            Examples: verify receipt.json --keys keys.json
                      verify room.ndjson --keys keys.json --checkpoint receipt.json
            Exit codes: 0 it holds; 1 it does not, and the first bad fact is named; 2 it cannot be told.
            """)
        { Alone = arguments => VerifyCommand.Run(arguments, Console.Out, Console.Error) },
        new(ParleCommand.Projections, "compare views with the record, or put them right, while the service runs",
            [
                new("check --all"), new("rebuild --all"),
                new("check", new("view") { Least = 0, IsMany = true, Among = ProjectionsCommand.Names }),
                new("rebuild", new("view") { IsMany = true, Among = ProjectionsCommand.Names }),
            ],
            $"""
            {ProjectionsCommand.Usage}
            Examples: projections check
                      projections rebuild timeline asks
            It works as the account that owns the tables: ConnectionStrings__ParleOwner, where that is another one than the service's.
            Exit codes: 0 the views are what the record says; 1 check found a difference; 2 it cannot be told.
            """)
        { Prepare = given => services => ProjectionsCommand.Run(services, given) },
        new(ParleCommand.Room, "list rooms, write one to a file, or take one in",
            [
                new("list"), new("export", new("room"), new("--contents"), new("--out", "FILE")),
                new("import", new("file"), new Option("--keys", "FILE|KEY", Repeats: true)), // Without keys it says whose are missing.
            ],
            $"""
            {RecordCommands.RoomUsage}
            ROOM is a room's id, or its handle where only one room has it ("room list" tells both), or @OWNER/HANDLE.
            Examples: room list
                      room export 019a7c1d-9c0e-7b7e-a3f1-0f2b4c6d8e01 --contents --out room.ndjson
                      room import room.ndjson --keys keys.json
            Exit codes: 0 done; 1 not done, standard error says why; 2 the command line is not understood.
            """)
        { Prepare = RecordCommands.PrepareRoom },
        new(ParleCommand.Keys, "show or replace the keys that the service signs with",
            [
                new("list"), new("rotate"), new("server-key new"), new("server-key status"), new("server-key reseal"),
                new("server-key retire", null, new Option("--force")),
            ],
            $"""
            {RecordCommands.KeysUsage}
            Examples: keys list
                      keys rotate
                      keys server-key status
            Exit codes: 0 done; 1 not done, standard error says why; 2 the command line is not understood.
            """)
        {
            Alone = arguments => arguments is ["server-key", "new"] ? RecordCommands.FreshServerKey() : null,
            Prepare = given => services => RecordCommands.Keys(services, given),
        },
        new(ParleCommand.Apply, "put the schema in place: before the first start, and after each update", [new("")], """
            Usage: db-apply
            It works as the account that owns the tables: ConnectionStrings__ParleOwner, where that is another one than the service's.
            Exit codes: 0 the schema is in place; 1 it is not, standard error says why; 2 the command line is not understood.
            """)
        { Prepare = _ => SchemaCommand.Apply },
        new(ParleCommand.Assert, "say whether the schema is in place", [new("")], """
            Usage: db-assert
            Exit codes: 0 it is; 1 it is not, standard error says what differs; 2 the command line is not understood.
            """)
        { Prepare = _ => SchemaCommand.Assert },
    ];

    /// <summary>Commands of the libraries beneath, for work on the program itself.</summary>
    public static IReadOnlyList<(string Name, string Summary)> OfLibraries { get; } =
    [
        ("capabilities", "what Wolverine is configured to do, as JSON"),
        ("check-env", "run the environment checks of the libraries"),
        ("codegen", "write or preview the handlers' generated code"),
        ("db-dump", "write the schema as SQL"),
        ("db-list", "list the databases that are configured"),
        ("db-patch", "write what db-apply would do as SQL"),
        ("describe", "describe how the program is configured"),
        ("describe-event-model", "describe handlers and events"),
        ("event-model", "the same as JSON"),
        ("event-query", "query facts as Marten sees them"),
        ("openapi", "write Wolverine's own OpenAPI document, which is not Parle's"),
        ("projection-run", "replay one stream through one projection, step by step"),
        ("scaffold", "write skeletons of handlers"),
        ("stream-query", "query streams as Marten sees them"),
        ("wolverine-diagnostics", "look into Wolverine's generated code and runtime"),
    ];

    /// <summary>
    /// Commands of the libraries that remove or reset stored data, at once and without a question. The record refuses them; messages and
    /// views do not.
    /// </summary>
    public static IReadOnlyList<(string Name, string Summary)> Dangerous { get; } =
    [
        ("clear-handled", "DELETES messages that are marked as handled"),
        ("marten", "can RESET the data of the event store and its views"),
        ("resources", "can CLEAR or TEAR DOWN what is kept: messages that wait, and views"),
        ("storage", "can CLEAR or REBUILD the store of messages that wait"),
    ];

    private const string OneLine = """{"rooms":[{"handle":"demo","owner":"demo-ana","tokens":[{"agent":"@demo-ana.builder"}]}]}""";
}
