using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Parle.Api;
using Parle.Api.Asks;
using Parle.Api.Contract;
using Parle.Api.Registry;
using Parle.Domain;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class AnUnknownParameter(TestCluster cluster)
{
    public static TheoryData<string> Every => new(Actions.All.Select(action => action.Id));

    [Fact]
    public void is_left_alone_by_reads_of_published_clients_alone() =>
        Assert.All(Actions.All.Where(action => action.ToleratesQuery),
            action => Assert.True(action.IsSafe && action != AskActions.ReadAsk && action != AskActions.ListAsks, action.Id));

    [Theory, MemberData(nameof(Every))]
    public void is_refused_by_name_unless_it_narrows_nothing(string id)
    {
        var action = Actions.All.Single(action => action.Id == id);
        foreach (var unrelated in (string[])["_=1", "cb=7", "utm_source=x"])
        {
            Assert.Equal(action.ToleratesQuery, Read(action, unrelated) is null);
        }

        foreach (var narrowing in (string[])["from_seq=1", "start_seq=1", "min_seq=1", "unread_only=1", "direct_only=1", "unreadOnly=1",
            "page_size=1", "from-id=1", "limit=1", "limits=1", "since=1", "after_=1", "typ=x&type=y", "TO=x"])
        {
            if (!narrowing.Split('&').All(one => action.Query.Any(parameter => parameter.Name == one.Split('=')[0])))
            {
                Assert.Equal("unknown_parameter", Read(action, narrowing)?.Reason);
            }
        }
    }

    [Theory, MemberData(nameof(Every))]
    public void that_was_meant_for_a_known_one_is_told_which_and_none_is_said_twice(string id)
    {
        var action = Actions.All.Single(action => action.Id == id);
        foreach (var known in action.Query)
        {
            var name = known.Name;
            foreach (var slip in new[]
            {
                name.ToUpperInvariant(), char.ToUpperInvariant(name[0]) + name[1..], name + "s",
                name.Replace("_", "-", StringComparison.Ordinal), name.Replace("_", "", StringComparison.Ordinal)
            }.Where(slip => action.Query.All(other => other.Name != slip)))
            {
                Assert.Contains($"Did you mean `{name}`?", Read(action, $"{slip}=1")!.Detail);
            }

            Assert.Null(Read(action, $"{name}=1"));
            Assert.Equal(known.Repeats, Read(action, $"{name}=1&{name}=1") is null);
            Assert.Equal(known.Repeats, Read(action, $"{name}=1&{name.ToUpperInvariant()}=2") is null);
            Assert.NotNull(Read(action, $"{name}=%00"));
        }
    }

    [Fact]
    public async Task of_the_record_or_a_view_shows_nothing_at_all()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        foreach (var query in (string[])["since=0", "sinceSeq=0", "since-seq=0", "Wait=0", "limits=1", "since_seq=0&since_seq=0"])
        {
            await (await ana.Send(HttpMethod.Get, $"{ana.Projection}?{query}")).Refuses("malformed_request");
            await (await ana.Send(HttpMethod.Get, $"/v/rooms/{ana.RoomID}/inbound?{query}")).Refuses("malformed_request");
        }

        await (await ana.Send(HttpMethod.Get, $"{ana.Projection}?since_seq=0&_=17")).Json(HttpStatusCode.OK);
        await (await ana.Send(HttpMethod.Get, $"/v/rooms/{ana.RoomID}/asks?stat=open")).Refuses("malformed_request");
        await (await ana.Send(HttpMethod.Post, $"/v/rooms/{ana.RoomID}/messages?to=@x1.y1",
            """{"type":"message_submitted","payload":{"body":"x"}}""", "key")).Refuses("malformed_request");
    }

    private static Refusal? Read(ParleAction action, string query) =>
        QueryShape.Obstacle(action, new QueryCollection(QueryHelpers.ParseQuery(query)));
}
