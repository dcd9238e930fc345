using Marten;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Sessions;
using Parle.Api.Wakeups;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Tokens;
using Parle.Projections;
using Wolverine;

namespace Parle.Api.Tokens;

/// <summary>Takes tokens back, and with each all below it and the sessions that these started.</summary>
public static class RevokeTokenEndpoints
{
    // A token that ended with one above it is no more to be found than one that was taken back itself.
    private const string Sql = """
        select t.agent_id from parle.agent_tokens t join parle.agents a using (agent_id)
        where t.token_id = $1 and a.principal_id = $2 and not exists (select from parle.agent_tokens above where above.token_id = any(t.path) and above.revoked_at is not null)
        """;

    /// <summary>One of the person's own agents'.</summary>
    [Serves(typeof(TokenActions), nameof(TokenActions.RevokeAgentToken))]
    public static Task<(IResult Answer, OutgoingMessages Then)> Revoke(
        Write write, IDocumentSession session, TimeProvider clock, HttpContext context) =>
        Revoke(write, _ => true, Refusals.NoSuchThing, session, clock, context);

    /// <summary>The caller's own, or one below it: never one above or beside.</summary>
    [Serves(typeof(TokenActions), nameof(TokenActions.RevokeToken))]
    public static Task<(IResult Answer, OutgoingMessages Then)> RevokeBelow(
        Caller caller, Write write, IDocumentSession session, TimeProvider clock, HttpContext context) => Revoke(
            write.OfToken(caller),
            token => token.TokenID == caller.TokenID || token.Token.Path.Contains(caller.TokenID), Refusals.NotFound, session, clock,
            context);

    private static async Task<(IResult Answer, OutgoingMessages Then)> Revoke(
        Write write, Func<(Guid TokenID, AgentToken Token), bool> isTheirs, Refusal notFound, IDocumentSession session, TimeProvider clock,
        HttpContext context)
    {
        IReadOnlyList<LeaveRooms> leaving = [];
        var answer = await write.Once<Revoked>(session, body: null, Revoke,
            (revoked, _) => new Announcing(Results.NoContent(), new Signal(SignalKind.Standing, revoked.AgentTokenID)));
        return (new AfterLeaving(answer, leaving), [.. leaving]);

        async Task<(Refusal? Refusal, Revoked? Kept)> Revoke(Attribution attribution)
        {
            if (WireID.InPath(context, "token_id") is not { } tokenID
                || await session.Rows(Sql, row => row.Get<Guid>("agent_id"), context.RequestAborted, tokenID, write.Actor.PrincipalID) is []
                || await session.AgentToken(tokenID, context.RequestAborted) is not { } token || !isTheirs((tokenID, token))
                || new RevokeAgentToken().Decide(token) is not { Facts: [var fact] })
            {
                return (notFound, null);
            }

            var now = clock.GetUtcNow();
            session.Events.Append(tokenID, session.BuildFact(fact.Data, Guid.CreateVersion7(now), now, attribution));
            leaving = await session.EndSessionsOf(tokenID, write.Actor.PrincipalID, now, attribution, context.RequestAborted);
            return (null, new(tokenID));
        }
    }

    private sealed record Revoked(Guid AgentTokenID);
}
