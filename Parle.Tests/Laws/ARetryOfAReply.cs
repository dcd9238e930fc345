using System.Net;
using CsCheck;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// Law 3 for replies, whose routes work once: by one node and by two.
public class ARetryOfAReply(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task in_a_crowd_of_its_own_has_one_effect()
    {
        var (ana, ben, row) = await Asked();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(i => (i % 2 == 0 ? ben : nodes.AtB(ben)).Reply(row, "Here it is.", "one-key")));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(31, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Single((await Task.WhenAll(answers.Select(ARetry.Receipt))).Distinct());
        Assert.Equal("Here it is.", Assert.Single((await ana.Drain()).Messages()).Body());
        Assert.Equal(2, await nodes.A.Count(ana.RoomID, "message_submitted"));
    }

    /// The first caller has the route; the others are told that there is none, in every try.
    [Fact]
    public async Task wins_or_loses_with_its_key() =>
        await Gen.Int[2, 5].Select(Gen.Int[0, 1000]).SampleAsync(
            async (int keys, int seed) =>
            {
                var (ana, ben, row) = await Asked();
                var random = new Random(seed);
                var tries = Enumerable.Range(0, 24).Select(i => (Key: $"key-{i % keys}", AtB: random.Next(2) == 0)).ToArray();
                random.Shuffle(tries);

                var answers = await Task.WhenAll(tries.Select(async attempt => (attempt.Key,
                    Answer: await (attempt.AtB ? nodes.AtB(ben) : ben).Reply(row, $"by {attempt.Key}", attempt.Key))));

                var winner = Assert.Single(answers, answer => answer.Answer.StatusCode is HttpStatusCode.Created).Key;
                foreach (var (key, answer) in answers.Where(answer => answer.Answer.StatusCode is not HttpStatusCode.Created))
                {
                    if (key == winner)
                    {
                        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                    }
                    else
                    {
                        await answer.Refuses("not_found");
                    }
                }

                Assert.Single((await Task.WhenAll(
                    answers.Where(answer => answer.Key == winner).Select(answer => ARetry.Receipt(answer.Answer)))).Distinct());
                Assert.Equal($"by {winner}", Assert.Single((await ana.Drain()).Messages()).Body());
                Assert.Equal(2, await nodes.A.Count(ana.RoomID, "message_submitted"));
            },
            iter: 4, threads: 1);

    [Fact]
    public async Task with_another_meaning_is_a_conflict_and_uses_no_route()
    {
        var (ana, ben, row) = await Asked();
        var first = await ben.Reply(row, "Here it is.", "key");
        await (await ana.Say("And that?", to: ben.Address)).Json(HttpStatusCode.Created);
        var other = (await ben.Drain()).Messages()[1];

        await (await ben.Reply(row, "Here it was.", "key")).Refuses("idempotency_conflict");
        await (await ben.Reply(other, "Here it is.", "key")).Refuses("idempotency_conflict");

        Assert.Equal(await ARetry.Receipt(first), await ARetry.Receipt(await ben.Reply(row, "Here it is.", "key")));
        Assert.Equal(HttpStatusCode.Created, (await ben.Reply(other, "Here that is.", "other-key")).StatusCode);
    }

    [Fact]
    public async Task is_no_retry_of_a_message()
    {
        var (_, ben, row) = await Asked();
        await (await ben.Say("Here it is.", "key")).Json(HttpStatusCode.Created);
        await (await ben.Reply(row, "Here it is.", "key")).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task of_what_was_refused_gets_its_own_chance()
    {
        var (ana, ben, row) = await Asked();
        await (await ana.Reply(row, "Whose route is this?", "key")).Refuses("not_found");
        await (await ana.Say("hello", to: ben.Address)).Json(HttpStatusCode.Created);
        await (await ben.Reply(row, "Here it is.", "key")).Json(HttpStatusCode.Created);
        await (await ana.Reply((await ana.Drain()).Messages()[0], "Whose route is this?", "key")).Json(HttpStatusCode.Created);
    }

    /// Its route is gone with the session, its answer is not.
    [Fact]
    public async Task after_the_session_was_replaced_gets_the_first_answer()
    {
        var (ana, ben, row) = await Asked();
        var first = await ben.Reply(row, "Here it is.", "key");
        await (await ben.Send(HttpMethod.Post, $"/v/agent/sessions/{ben.SessionID}/end")).Json(HttpStatusCode.NoContent);
        await ben.StartSession();
        await ben.Enter();

        var again = await nodes.AtB(ben).Reply(row, "Here it is.", "key");

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(await ARetry.Receipt(first), await ARetry.Receipt(again));
        await (await ben.Reply(row, "Here it is.", "new-key")).Refuses("not_found");
        Assert.Equal(2, await nodes.A.Count(ana.RoomID, "message_submitted"));
    }

    /// A route of an alias goes over with it, and still works once.
    [Fact]
    public async Task by_whoever_takes_the_alias_over_finds_the_route_used()
    {
        var room = await nodes.A.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await ben.Claim("desk", 0);
        await (await ana.Say("Where is it?", to: ben.Address)).Json(HttpStatusCode.Created);
        await (await ana.Say("And that?", to: ben.Address)).Json(HttpStatusCode.Created);
        var rows = (await ben.Drain()).Messages();
        var first = await ben.Reply(rows[0], "Here it is.", "key");
        await ben.StartSession();
        await ben.Claim("desk", 1);
        await ben.Enter();

        Assert.Equal(await ARetry.Receipt(first), await ARetry.Receipt(await ben.Reply(rows[0], "Here it is.", "key")));
        await (await ben.Reply(rows[0], "Here it is.", "new-key")).Refuses("not_found");
        await (await ben.Reply(rows[1], "Here that is.", "other-key")).Json(HttpStatusCode.Created);
    }

    /// Ben has been asked something by Ana, and has drained it.
    private async Task<(TestAgent Ana, TestAgent Ben, System.Text.Json.JsonElement Row)> Asked()
    {
        var room = await nodes.A.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await (await ana.Say("Where is it?", to: ben.Address)).Json(HttpStatusCode.Created);
        return (ana, ben, Assert.Single((await ben.Drain()).Messages()));
    }
}
