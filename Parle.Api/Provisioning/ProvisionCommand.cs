using System.Text.Json;
using Parle.Api.Contract;
using Parle.Api.Hosting;
using Parle.Api.Writing;

namespace Parle.Api.Provisioning;

/// <summary>The command <c>provision FILE|- [--new-tokens]</c>. Standard output is the answer's JSON and nothing else.</summary>
public static class ProvisionCommand
{
    /// <summary>How it is called.</summary>
    public const string Usage = "Usage: provision FILE|- [--new-tokens]";

    // Who is named so acts instead of the operator of the machine, on the record too.
    private const string OperatorToken = "PARLE_OPERATOR_TOKEN";

    private static readonly JsonSerializerOptions Readable = new(WireJson.Options) { WriteIndented = true };

    /// <summary>Whether these arguments name one description.</summary>
    public static bool Understands(string[] arguments) => SourceOf(arguments) is not null;

    /// <summary>Runs it. Exit code 0 when everything is there; 1 with a message on standard error otherwise.</summary>
    public static async Task<int> Run(IServiceProvider services, string[] arguments)
    {
        var newTokens = arguments.Contains("--new-tokens");
        var source = SourceOf(arguments)!;
        if (!services.GetRequiredService<Readiness>().Complete)
        {
            return await Fail(Condition.Of(await services.GetRequiredService<ParleSchema>().Find(CancellationToken.None)) is { Reason: not null, Why: var why } ? why : Condition.StartedEarly.Why);
        }

        var lanes = services.GetRequiredService<RoomLanes>();
        await lanes.StartAsync(CancellationToken.None);
        try
        {
            var wanted = Provision.Parse(source == "-" ? await Console.In.ReadToEndAsync() : await File.ReadAllTextAsync(source));
            var by = (Operator?)null;
            if (services.GetRequiredService<IConfiguration>()[OperatorToken] is { Length: > 0 } token
                && (by = await services.GetRequiredService<RecordReaderLookup>().FindOperator(Secret.Read(token, Secret.OperatorPrefix), CancellationToken.None)) is null)
            {
                return await Fail($"{OperatorToken} is no token of an operator.");
            }

            var provisioned = await services.GetRequiredService<Provisioner>().Run(wanted, newTokens, by);
            return await Show(provisioned);
        }
        catch (Exception wrong) when (wrong is ProvisionException or JsonException or IOException or UnauthorizedAccessException)
        {
            return await Fail(wrong.Message);
        }
        catch (Exception outage) when (Outage.Is(outage))
        {
            return await Fail($"The database went away ({Condition.InAWord(outage)}). No token was made; run the same description again, which finishes what was begun.");
        }
        finally
        {
            await lanes.StopAsync(CancellationToken.None);
        }
    }

    private static async Task<int> Show(object provisioned)
    {
        try
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(provisioned, Readable));
            await Console.Out.FlushAsync();
            return 0;
        }
        catch (IOException wrong)
        {
            return await Fail($"All of it is there, but the tokens that were made could not be written ({wrong.Message}), and are shown by nobody. Other ones are made by: {Advice.Run("provision FILE --new-tokens")}");
        }
    }

    private static string? SourceOf(string[] arguments) =>
        arguments.Where(argument => argument != "--new-tokens").ToList() is [var source] && (source == "-" || !source.StartsWith('-')) ? source : null;

    private static async Task<int> Fail(string message)
    {
        await Console.Error.WriteLineAsync(message);
        return 1;
    }
}
