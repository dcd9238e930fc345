using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Parle.Api.Callers;
using Parle.Tests.Service;

namespace Parle.Tests.Authority;

/// The callers, at a node that may have cached them and at one that never saw them.
internal static class Callers
{
    /// All that the node finds out about who presents this.
    public static async Task<string> Known(this ParleService node, string token, string? session) =>
        Spell(await Ask(node.Host.Services.GetRequiredService<CallerLookup>(), token, session));

    /// The same, found out for the first time.
    public static async Task<string> Fresh(this ParleService node, string token, string? session)
    {
        using var lookup = new CallerLookup(
            node.Host.Services.GetRequiredService<NpgsqlDataSource>(), node.Host.Services.GetRequiredService<ServerKey>(),
            NullLogger<CallerLookup>.Instance);
        await lookup.StartAsync(TestContext.Current.CancellationToken);
        var caller = await Ask(lookup, token, session);
        await lookup.StopAsync(TestContext.Current.CancellationToken);
        return Spell(caller);
    }

    /// Fails unless these nodes know just what can be found out.
    public static async Task AreKnownAsTheyAre(string after, string token, string? session, params IEnumerable<ParleService> nodes)
    {
        foreach (var node in nodes)
        {
            var (known, fresh) = (await node.Known(token, session), await node.Fresh(token, session));
            Assert.True(known == fresh, $"After {after}: known as {known}, and is {fresh}");
        }
    }

    private static Task<Caller?> Ask(CallerLookup lookup, string token, string? session) =>
        lookup.Find(CredentialKind.AgentToken.Read(token)!.Value, CredentialKind.AgentSession.Read(session));

    private static string Spell(Caller? caller) => caller is null ? "nobody" : JsonSerializer.Serialize(new
    {
        caller.TokenID,
        caller.Scopes,
        caller.AgentID,
        caller.AgentHandle,
        caller.PrincipalID,
        caller.PrincipalHandle,
        caller.RoomID,
        caller.RoomHandle,
        caller.Seat,
        caller.Session,
        caller.ParticipantID,
        caller.WasSentOut,
        caller.TokenPath,
        caller.InvitationID,
        caller.SeatIsOver,
        caller.As,
        caller.Operators,
        caller.Limits.Actions,
        caller.Limits.Asks,
        Uses = caller.BoundedUses.OrderBy(bound => bound.TokenID).Select(bound => $"{bound.TokenID}:{bound.Uses}"),
    });
}
