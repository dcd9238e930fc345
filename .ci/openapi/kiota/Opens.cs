using ParleClient;
using ParleClient.Models;

// It tells in a refusal's own words why it was refused.
public static class Opens
{
    public static async Task<Guid?> AnAsk(ApiClient parle, Guid room)
    {
        try
        {
            var opened = await parle.V.Rooms[room].Asks.PostAsync(new()
            {
                Kind = OpenAskRequest_kind.Help,
                Title = "Why does it fail?",
                Request = new() { HelpRequest = new() { Question = "Why does it fail on empty input?" } },
            }, request => request.Headers.Add("Parle-Version", "2026-08-17"));
            return opened?.AskId;
        }
        catch (ErrorEnvelope refused)
        {
            throw new InvalidOperationException(refused.Message, refused);
        }
    }
}
