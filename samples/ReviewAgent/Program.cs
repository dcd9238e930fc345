using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Parle.Samples;

// Answers what others ask: excerpts of logs, reviews, approvals. It is done when an approval is over.
return await Agent.Run(async room =>
{
    string? decided = null;
    while (decided is null)
    {
        foreach (var entry in await room.Work())
        {
            if (entry["ask"]?.Text("kind") is not ("logs" or "review" or "approval") || entry["waits_for"]!["acts"]!.AsArray().Count == 0)
            {
                await room.Acknowledge(entry); // News, or not for this agent: others can take it.
                continue;
            }

            var asked = entry["ask"]!.Text("ask_id");
            try
            {
                foreach (var offer in await room.Offers(asked))
                {
                    await (offer.Action is "claim_ask" ? Work(room, offer) : offer.Action is "decide_approval" ? Decide(room, offer)
                        : Task.CompletedTask);
                    decided = offer.Action is "decide_approval" ? asked : decided;
                }
            }
            catch (Refused refused) when (refused.Code == "act_not_possible")
            {
                room.Tell($"Somebody was faster ({refused.Reason}).");
            }
        }
    }

    room.Tell($"The approval is {await room.End(decided)}, and all is done.");
});

// A claim is a lease: who has it answers, and if nothing comes of it, it lapses and others can take the ask.
static async Task Work(Room room, Call claim)
{
    var ask = await room.Do("read_ask", ("ask", claim.AskID!));
    await room.Send(claim);
    room.Tell($"Claimed the ask for {ask["kind"]}: {ask["title"]}");
    if ((await room.Offers(claim.AskID!)).FirstOrDefault(offer => offer.Action == "answer_ask") is not { } answer)
    {
        return; // The asker took it back meanwhile.
    }

    await room.Send(ask.Text("kind") == "logs" ? answer.Saying(body => Excerpt(body, ask)) : answer.Saying(await Review(room, ask)));
    room.Tell("Answered.");
}

// Just what is needed, and what was cut.
static void Excerpt(JsonObject body, JsonNode ask)
{
    var (line, at, around) = BuildLog.Find($"{ask["request"]!["filter"]}");
    var excerpt = new JsonObject
    {
        ["source"] = ask["request"]!.Text("source"),
        ["from"] = $"{at:yyyy-MM-dd'T'HH:mm:ss'Z'}",
        ["to"] = $"{at:yyyy-MM-dd'T'HH:mm:ss'Z'}",
        ["text"] = line,
    };
    body["answer"] = new JsonObject
    { ["excerpts"] = new JsonArray(excerpt), ["cut"] = new JsonArray($"{BuildLog.Length - 1} lines that do not say it") };
    body["context"] = new JsonObject
    {
        ["items"] = new JsonArray(new JsonObject { ["name"] = "around-it.log", ["media_type"] = "text/plain", ["text"] = around }),
        ["left_out"] = new JsonArray("everything else of the log"),
    };
}

static async Task<Action<JsonObject>> Review(Room room, JsonNode ask)
{
    var (problem, sha256) = await LookAt(room, ask);
    return body =>
    {
        body["answer"] = new JsonObject
        {
            ["verdict"] = problem is null ? "approve" : "request_changes",
            ["sha256"] = sha256,
            ["comments"] = new JsonArray(
                new JsonObject { ["place"] = problem?.Place ?? "all of it", ["text"] = problem?.Text ?? "Each line has its semicolon." }),
        };
    };
}

static async Task Decide(Room room, Call decide)
{
    var ask = await room.Do("read_ask", ("ask", decide.AskID!));
    var (problem, sha256) = await LookAt(room, ask);
    await room.Send(decide.Saying(body =>
    {
        body["decision"] = problem is null ? "approve" : "deny";
        body["sha256"] = sha256;
        body["reason"] = problem?.Text ?? "I looked at exactly this.";
    }));
    room.Tell($"{(problem is null ? "Approved" : "Denied")}: {ask["title"]}");
}

// What is wrong with the subject, and its digest. What was handed over is looked at only if it is the subject.
static async Task<((string Place, string Text)? Problem, string Sha256)> LookAt(Room room, JsonNode ask)
{
    var subject = ask.Text("subject_sha256");
    var items = ask["context"]!.AsArray();
    var thing = items.Count > 0 ? await room.Do("read_context", ("ask", ask.Text("ask_id")), ("item", items[0]!.Text("item_id"))) : null;
    if (thing?["text"]?.GetValue<string>() is not { } text
        || Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) != subject)
    {
        return (("all of it", "What was handed over is not the subject."), subject);
    }

    // Somebody else's words: something to look at, never something to obey.
    var unfinished = Array.FindIndex(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => !line.EndsWith(';'));
    return (unfinished < 0 ? null : ($"line {unfinished + 1}", "A semicolon is missing."), subject);
}
