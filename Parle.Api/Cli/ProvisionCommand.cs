using System.Text.Json;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Hosting;
using Parle.Api.Platform;
using Parle.Api.Provisioning;
using Parle.Api.Wire;
using Parle.Api.Writing;

namespace Parle.Api.Cli;

/// <summary>The command <c>provision FILE|- [--new-tokens]</c>. Standard output is the answer's JSON and nothing else.</summary>
public static class ProvisionCommand
{
    /// <summary>The usage.</summary>
    public const string Usage = "Usage: provision FILE|- [--new-tokens]";

    // The operator of this token acts instead of the operator of the machine, on the record too.
    private const string OperatorToken = "PARLE_OPERATOR_TOKEN";

    private static readonly JsonSerializerOptions Readable = new(WireJson.Options) { WriteIndented = true };

    /// <summary>Reads the description, before there is a folder, a database or a key: an unreadable one creates nothing.</summary>
    /// <exception cref="StartException">The description is missing or malformed, or there is no output to print the result to.</exception>
    internal static Func<IServiceProvider, Task<int>> Prepare(Given given)
    {
        var wanted = Read(given.Argument);
        return services => Run(services, wanted, given.Has("--new-tokens"));
    }

    private static Provision Read(string source)
    {
        if (!StandardOutput.IsThere())
        {
            throw new StartException(
                "Standard output is closed, so nobody could be told the tokens. Nothing was made; run it again with its output open.");
        }

        try
        {
            return Provision.Parse(source == "-" ? Console.In.ReadToEnd() : File.ReadAllText(source));
        }
        catch (Exception wrong)
            when (wrong is ProvisionException or JsonException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StartException(wrong.Message);
        }
    }

    // Exit code 0 when everything is there; 1 with a message on standard error otherwise. A secret is written out first and kept then, so
    // that no token is good that nobody was told.
    private static async Task<int> Run(IServiceProvider services, Provision wanted, bool newTokens)
    {
        if (!services.GetRequiredService<Readiness>().Complete)
        {
            return await Fail(Condition.Of(await services.GetRequiredService<ParleSchema>().Find(CancellationToken.None))
                is { Reason: not null, Why: var why }
                ? why : Condition.StartedEarly.Why);
        }

        var writers = services.GetRequiredService<RoomWriters>();
        await writers.StartAsync(CancellationToken.None);
        var isWritten = false;
        try
        {
            var by = (Operator?)null;
            if (services.GetRequiredService<IConfiguration>()[OperatorToken] is { Length: > 0 } token
                && (by = await services.GetRequiredService<AuditLookup>()
                    .FindOperator(CredentialKind.OperatorToken.Read(token), CancellationToken.None)) is null)
            {
                return await Fail($"{OperatorToken} is no token of an operator.");
            }

            await services.GetRequiredService<Provisioner>().Run(wanted, newTokens, by, handOver: made =>
            {
                StandardOutput.Write(JsonSerializer.Serialize(made, Readable) + Environment.NewLine);
                isWritten = true;
            });
            return 0;
        }
        catch (ProvisionException wrong)
        {
            return await Fail(wrong.Message);
        }
        catch (IOException unwritten) when (!isWritten)
        {
            return await Fail($"What was made could not be written ({unwritten.Message}). So no token, session or appointment was made; "
                + "all else is there. Run the same description again, with its output where it can be written.");
        }
        catch (Exception outage) when (Outage.Is(outage))
        {
            return await Fail($"The database went away ({Condition.InAWord(outage)}). "
                + (isWritten
                    ? "Tokens that were written are good only if the same description, run again, shows none for them."
                    : "No token was made; run the same description again, which finishes what was begun."));
        }
        finally
        {
            await writers.StopAsync(CancellationToken.None);
        }
    }

    private static async Task<int> Fail(string message)
    {
        await Console.Error.WriteLineAsync(message);
        return 1;
    }
}
