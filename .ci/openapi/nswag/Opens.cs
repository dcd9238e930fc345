namespace MyNamespace;

// A client with the settings that NSwag has when nothing is said. It knows the members of a request as a dictionary.
public static class Opens
{
    public static async Task<Guid> AnAsk(HttpClient http, Guid room) => (await new OpenClient(http).AskAsync(
        Enum.GetValues<ParleVersion>()[0], $"{Guid.NewGuid()}", room,
        new()
        {
            Kind = OpenAskRequestKind.Help,
            Title = "Why does it fail?",
            Request = new() { AdditionalProperties = { ["question"] = "Why does it fail on empty input?" } },
        })).Ask_id;
}
