using System.Net;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Tokens;

/// An open connection ends, to the moment, when the first credential that it rests on ends.
public class ATokenThatExpires(AMovableClock time) : IClassFixture<AMovableClock>
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(20); // Less than a keepalive.

    [Theory]
    [InlineData("wake", "own"), InlineData("room", "own"), InlineData("wake", "above"), InlineData("room", "above"),
        InlineData("wake", "the session's"), InlineData("room", "the session's")]
    public async Task closes_what_is_held_open_with_it(string kind, string which)
    {
        var (owner, holder) = await Holder(which);
        var since = (await holder.Read()).GetProperty("watermark").GetInt64();
        var waits = time.Waits;
        await using var stream = kind is "wake" ? await EventReader.Wake(holder) : await EventReader.Room(holder, since);

        await time.Pass(Life, waits);
        await (await owner.Ben.Say("too late")).Json(HttpStatusCode.Created);

        Assert.Empty(await stream.ToEnd());
        await (await holder.Send(HttpMethod.Get, holder.Projection))
            .IsRefused(which is "the session's" ? "agent_session_expired" : "invalid_agent_token");
    }

    [Theory]
    [InlineData("projection", "own"), InlineData("inbound", "above"), InlineData("responsive-delivery", "own"),
        InlineData("projection", "the session's"), InlineData("inbound", "own")]
    public async Task ends_what_waits_with_it(string what, string which)
    {
        var (owner, holder) = await Holder(which);
        var since = (await holder.Read()).GetProperty("watermark").GetInt64();
        var waits = time.Waits;
        var waiting = holder.Send(HttpMethod.Get, $"/v/rooms/{holder.RoomID}/{what}?since_seq={since}&wait=30");

        await time.Pass(Life, waits);

        await (await waiting).IsRefused(which is "the session's" ? "agent_session_expired" : "invalid_agent_token");
        await (await owner.Ben.Say("too late")).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task leaves_no_session_that_can_be_reached()
    {
        var (owner, holder) = await Holder("the session's");
        await (await owner.Ben.Say("still there?", to: holder.Address)).Json(HttpStatusCode.Created);

        time.Clock.Advance(Life);

        await (await owner.Ben.Say("anybody?", to: holder.Address)).IsRefused("address_not_deliverable");
        Assert.DoesNotContain(
            (await ListingSessions.List(owner.Agent)).GetProperty("sessions").EnumerateArray(),
            session => session.GetProperty("agent_session_id").GetGuid() == holder.SessionID);
    }

    /// Somebody in the room whose token, or one above it, or that of its session, is about to expire.
    private async Task<(TokenOwner Owner, TestAgent Holder)> Holder(string which)
    {
        var owner = await TokenOwner.At(time.Service);
        var brief = owner.Agent.With(
            await owner.Mints(new { room_id = owner.RoomID, ttl_seconds = (int)Life.TotalSeconds }), time.Service.Client());
        if (which is not "the session's")
        {
            await brief.Enter();
            return (owner, which is "own" ? brief : await brief.Narrowed(time.Service, new { }));
        }

        var run = await SessionsOfAToken.Run(brief);
        return (owner, run.In(owner.RoomID, owner.Agent.Token));
    }
}
