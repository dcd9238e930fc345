using System.Net;
using System.Text.Json;

namespace Parle.Tests.Crash;

public static class Try
{
    /// The answer; null when none came, or one that asks for a retry: then it waits a little.
    public static async Task<(HttpStatusCode Status, JsonElement Json)?> Once(Func<Task<HttpResponseMessage>> send)
    {
        try
        {
            var answer = await send();
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var json = JsonElement.Parse(text);
            if (!json.TryGetProperty("error", out var error) || !error.GetProperty("retryable").GetBoolean())
            {
                return (answer.StatusCode, json);
            }

            Assert.Contains(error.GetProperty("code").GetString(), (string[])["service_unavailable", "server_error"]);
        }
        catch (HttpRequestException) // Whereas a time-out is no excuse: the service does not let anybody hang.
        {
        }

        await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        return null;
    }
}
