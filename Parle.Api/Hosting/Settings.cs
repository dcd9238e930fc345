using System.Collections;
using System.Globalization;
using Parle.Api.Database;
using Parle.Domain.Names;

namespace Parle.Api.Hosting;

/// <summary>A setting of the service.</summary>
/// <param name="Key">Its name in the configuration; in the environment two underscores stand for each colon.</param>
/// <param name="Takes">The values it takes, for people; null for any text.</param>
/// <param name="IsGood">Whether a text is a valid value.</param>
public sealed record Setting(string Key, string? Takes = null, Func<string, bool>? IsGood = null)
{
    /// <summary>Its name as an environment variable.</summary>
    public string Variable => Key.Replace(":", "__", StringComparison.Ordinal);

    internal static Setting Number(string key, long least, long most) => new(key, $"a whole number, {least} to {most}",
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most);

    internal static Setting Word(string key, params string[] words) => new(key, string.Join(" or ", words), words.Contains);
}

/// <summary>
/// All settings of Parle's own. An unknown setting is refused at the start, with the nearest known one: otherwise a misspelt limit would
/// not exist, and nobody would know.
/// </summary>
public static class Settings
{
    private const string Section = "Parle";
    private const string Prefix = "PARLE_";

    // Limits that count things: 0 is none.
    private static readonly string[] limits =
    [
        "TokensPerPrincipal", "TokenRequestsPerSecond", "TokenBurst", "RoomRequestsPerSecond", "RoomBurst", "RoomsPerPrincipal",
        "AgentsPerPrincipal", "SeatsPerRoom", "OpenAsksPerSeat", "TurnsPerPair", "LoopPauseSeconds", "CodesPerAddress", "CodesPerClient",
        "GuessesPerAddress", "GuessesPerClient", "InvitationsPerAddress", "InvitationMailsPerInviter", "JoinGuessesPerMinute",
        "ConnectionsPerNode", "HeldPerSession", "HeldPerToken", "HeldPerPrincipal", "HeldPerNode", "UploadsPerToken", "UploadsPerPrincipal",
        "UploadsPerNetwork", "UploadsPerNode", "BodySeconds", "WrongCredentialsPerMinute", "WritesPerDay", "MegabytesPerDay",
        "WritesPerDayAndPrincipal", "MegabytesPerDayAndPrincipal", "FactsPerRoomAndPrincipal", "MegabytesPerRoomAndPrincipal",
        "FactsPerAsk", "ContextItemsPerAsk", "ContextBytesPerAsk", "RememberedAsksPerSeat", "CodesPerAddressADay", "CodesKeptForOthersADay",
        "JoinRepeatSeconds", "OperatorDays",
    ];

    /// <summary>The settings below <c>Parle</c>, and the others of Parle's own.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Setting.Number("Parle:LiveSessions", 1, 1_000_000),
        Setting.Number("Parle:Lanes", 1, 256),
        Setting.Number("Parle:LaneCapacity", 1, 1_000_000),
        Setting.Number("Parle:CheckpointSeconds", 0, 86_400),
        new("Parle:SignerName", "1 to 100 characters without blanks and plus signs", text => text.Length is > 0 and <= 100
            && !text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter == '+')),
        new("Parle:PublicUrl", "an address that begins with https:// or http://", text => Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)),
        new("Parle:DurablePrivateDatabase", "true or false", text => bool.TryParse(text, out _)),
        new("Parle:Smtp:Host"), Setting.Number("Parle:Smtp:Port", 1, 65_535),
        Setting.Word("Parle:Smtp:Security", "starttls", "tls", "none"), new("Parle:Smtp:From"), new("Parle:Smtp:User"),
        new("Parle:Smtp:Password"), new("Parle:Oidc:Authority"), new("Parle:Oidc:Audience"), new("Parle:Oidc:Client"),
        .. limits.Select(name => Setting.Number($"Parle:Limits:{name}", 0, int.MaxValue)),
        new("PARLE_DATA"), new("PARLE_PG_BIN"), new("PARLE_SERVER_KEY"), new("PARLE_SERVER_KEY_PREVIOUS"),
        Setting.Word("PARLE_MIGRATE", "0", "1"), new($"ConnectionStrings:{ParleDatabase.ConnectionName}"),
        new($"ConnectionStrings:{ParleDatabase.OwnerConnectionName}"),
    ];

    /// <summary>
    /// The settings of the framework that docs/configuration.md names. A misspelt one would open or close something by accident.
    /// </summary>
    public static IReadOnlyList<Setting> Beneath { get; } =
    [
        new("ASPNETCORE_URLS"), new("ASPNETCORE_HTTP_PORTS"), new("ASPNETCORE_HTTPS_PORTS"), new("ASPNETCORE_ENVIRONMENT"),
        new("DOTNET_ENVIRONMENT"),
        new("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true or false", text => bool.TryParse(text, out _)),
    ];

    // More settings of the framework, in names like these.
    private static readonly string[] othersBeneath = ["ASPNETCORE_HTTPS_PORT"];

    // Variables of the same prefix that clients, compose.yaml and tests read.
    private static readonly string[] others =
    [
        "PARLE_API_BASE", "PARLE_WAKE_BASE", "PARLE_ALLOW_INSECURE_LOCAL", "PARLE_PROFILES", "PARLE_PORT", "PARLE_DB_PASSWORD",
        "PARLE_APP_DB_PASSWORD", "PARLE_OPERATOR_TOKEN", "PARLE_TRACE", "PARLE_GOLDEN", "PARLE_PROGRAM", "PARLE_TESTS_OWNER_OF",
        "PARLE_TESTS_OWNER_IS_DURABLE",
    ];

    /// <summary>Refuses unknown settings and invalid values. An empty value counts as not set.</summary>
    /// <exception cref="SettingsException">A setting is unknown or invalid; the message names it.</exception>
    public static void Check(IConfiguration configuration, IDictionary environment)
    {
        foreach (var (key, value) in configuration.AsEnumerable().Where(one => one.Value is { Length: > 0 })
            .OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            if (All.Concat(Beneath).FirstOrDefault(setting => setting.Key.Equals(key, StringComparison.OrdinalIgnoreCase)) is { } known)
            {
                if (known.IsGood?.Invoke(value!) is false)
                {
                    throw new SettingsException($"{known.Variable}={Shown(value!)}: it takes {known.Takes}.");
                }
            }
            else if (key.StartsWith($"{Section}:", StringComparison.OrdinalIgnoreCase) || IsMisspeltConnection(key) || IsMisspelling(key))
            {
                throw NotKnown(key);
            }
        }

        foreach (var name in environment.Keys.OfType<string>().Order(StringComparer.Ordinal))
        {
            if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
                && !name.StartsWith($"{Prefix}_", StringComparison.OrdinalIgnoreCase)
                && !All.Any(setting => setting.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
                && !others.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                throw NotKnown(name);
            }

            if (IsMisspelling(name))
            {
                throw NotKnown(name);
            }
        }
    }

    // A variable without Parle's prefix belongs to another program, unless it is a misspelling of one of these.
    private static bool IsMisspelling(string name)
    {
        var key = name.Replace("__", ":", StringComparison.Ordinal);
        return !All.Concat(Beneath).Any(setting => setting.Key.Equals(key, StringComparison.OrdinalIgnoreCase))
            && !others.Concat(othersBeneath).Contains(name, StringComparer.OrdinalIgnoreCase)
            && All.Concat(Beneath).Any(setting => Nearest.IsMisspelling(key, setting.Key));
    }

    // An unknown connection string may be the operator's own, unless its name resembles one of Parle's.
    private static bool IsMisspeltConnection(string key) =>
        All.Any(setting => setting.Key.StartsWith("ConnectionStrings:", StringComparison.Ordinal)
            && key.Contains("connection", StringComparison.OrdinalIgnoreCase) && Nearest.Resembles(key, setting.Key));

    private static SettingsException NotKnown(string key)
    {
        var said = key.Replace(":", "__", StringComparison.Ordinal);
        var own = All.FirstOrDefault(setting => Nearest.Plain(setting.Key[(setting.Key.LastIndexOf(':') + 1)..]) == Nearest.Plain(
            key[(key.LastIndexOf(':') + 1)..]));
        var meant = own
            ?? Nearest.Of(key, All.Concat(Beneath).Where(setting => Nearest.IsMisspelling(key, setting.Key)), setting => setting.Key)
            ?? Nearest.Of(key, All, setting => setting.Key);
        return new($"{said} is not a setting of Parle. "
            + $"{(meant is null ? "docs/configuration.md lists them." : $"Did you mean {meant.Variable}?")}");
    }

    private static string Shown(string value) => value.Length <= 40 && !value.Any(char.IsControl) ? value : "…";
}

/// <summary>A setting is unknown or invalid.</summary>
/// <param name="message">The correction.</param>
public sealed class SettingsException(string message) : Exception(message);
