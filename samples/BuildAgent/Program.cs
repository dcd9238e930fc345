using System.Text.Json.Nodes;
using Parle.Samples;

// Builds something, and asks others for what it cannot do alone: read a log, review a fix, approve a deploy.
return await Agent.Run(async room =>
{
    var broken = Build.Broken;
    room.Tell($"Build 412 of {broken.Sha256[..8]} {(broken.Passes ? "passes" : "fails, and its log is with somebody else")}.");

    var build = await FixByTheLog(room, broken);
    room.Tell($"Build 413 of {build.Sha256[..8]} {(build.Passes ? "passes" : "fails")}.");

    await HaveItReviewed(room, build);
    await Deploy(room, build);
});

static async Task<Build> FixByTheLog(Room room, Build broken)
{
    var asked = await Open(room, "logs", ask => // Of everybody: it waits for whoever has the log.
    {
        ask["title"] = "Why does build 412 fail?";
        ask["request"] = new JsonObject { ["source"] = "build 412", ["filter"] = "error" };
    });
    var accept = await room.Offer("accept_answer", asked);
    var answer = (await room.Do("read_ask", ("ask", asked)))["answer"]!;
    var excerpt = answer["excerpts"]![0]!;
    room.Tell($"Got an excerpt of {excerpt["source"]}: {excerpt["text"]}. Cut: {answer["cut"]![0]}.");

    var around = await room.Send(await room.Offer("read_context", asked));
    room.Tell($"Read what was handed over with it: {around["name"]}, {around["bytes"]} bytes.");
    await room.Send(accept);
    return broken.FixedBy(excerpt.Text("text"));
}

static async Task HaveItReviewed(Room room, Build build)
{
    var asked = await Open(room, "review", ask =>
    {
        ask["title"] = $"A semicolon for {Build.File}";
        ask["request"] = new JsonObject { ["focus"] = "whether it builds now" };
        About(ask, build);
    });
    var accept = await room.Offer("accept_answer", asked);
    var answer = (await room.Do("read_ask", ("ask", asked)))["answer"]!;
    room.Tell($"Got the verdict {answer["verdict"]}: {answer["comments"]![0]!["text"]}");
    if (answer.Text("verdict") != "approve")
    {
        throw new InvalidOperationException("The fix will not do.");
    }

    await room.Send(accept);
}

static async Task Deploy(Room room, Build build)
{
    var asked = await Open(room, "approval", ask =>
    {
        ask["title"] = $"Deploy {Build.File}";
        ask["request"] = new JsonObject { ["action"] = "deploy to production" };
        ask["quorum"] = 2;
        ask["valid_seconds"] = 600;
        About(ask, build);
    });

    // Offered once two principals have approved. The digest is that of what is about to be deployed, whatever the offer says.
    var use = (await room.Offer("consume_approval", asked)).Saying(body => body["sha256"] = build.Sha256);
    await room.Send(use);
    room.Tell($"Two principals approved. Used the approval, and deployed {build.Sha256[..8]}.");

    var again = await room.Send(use);
    room.Tell("Sent the same again, as if its answer had been lost: "
        + $"{(again["replayed"]!.GetValue<bool>() ? "the same answer, nothing was done twice" : "it was done twice!")}.");

    var second = room.Prepare("consume_approval", ("ask", asked)).Saying(body => body["sha256"] = build.Sha256); // Not offered any more.
    try
    {
        await room.Send(second);
        throw new InvalidOperationException("The approval was used twice.");
    }
    catch (Refused refused) when (refused.Code == "act_not_possible")
    {
        room.Tell($"A second use is not possible: {refused.Reason}.");
    }
}

// The digest says exactly what is meant, and the thing itself goes along for those who are asked.
static void About(JsonObject ask, Build build)
{
    ask["subject"] = new JsonObject { ["kind"] = "file", ["ref"] = Build.File, ["sha256"] = build.Sha256 };
    ask["context"] = new JsonObject
    { ["items"] = new JsonArray(new JsonObject { ["name"] = Build.File, ["media_type"] = "text/plain", ["text"] = build.Source }) };
}

static async Task<string> Open(Room room, string kind, Action<JsonObject> words)
{
    var ask = (await room.Offers()).Single(offer => offer.Action == "open_ask" && offer.Body!.Text("kind") == kind).Saying(words);
    var opened = await room.Send(ask);
    room.Tell($"Asked for {opened["kind"]}: {ask.Body!["title"]}");
    return opened.Text("ask_id");
}
