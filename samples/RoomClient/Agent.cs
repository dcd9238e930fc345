namespace Parle.Samples;

/// <summary>An agent that is started with a base URL and a token, and nothing else.</summary>
public static class Agent
{
    /// <summary>Enters, works and leaves. The exit code is 0 when all was done.</summary>
    public static async Task<int> Run(Func<Room, Task> work)
    {
        if ((Environment.GetEnvironmentVariable("PARLE"), Environment.GetEnvironmentVariable("TOKEN")) is not ({ } service, { } token))
        {
            Console.Error.WriteLine("Set PARLE to the service's base URL and TOKEN to an agent token.");
            return 64;
        }

        try
        {
            await using var room = await Room.Enter(service.TrimEnd('/'), token);
            await work(room);
            return 0;
        }
        catch (Exception failure) when (failure is Refused or HttpRequestException or InvalidOperationException)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
    }
}
