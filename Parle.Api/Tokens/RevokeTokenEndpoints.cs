using Marten;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Sessions;
using Parle.Api.Wakeups;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Tokens;
using Parle.Projections;
using Parle.Projections.Tokens;
using Wolverine;

namespace Parle.Api.Tokens;

/// <summary>Revokes tokens. With each end all tokens below it, and the sessions that these started.</summary>
public static class RevokeTokenEndpoints
{
    /// <summary>A token of one of the person's agents.</summary>
    [Serves(typeof(TokenActions), nameof(TokenActions.RevokeAgentToken))]
    public static Task<(IResult Answer, OutgoingMessages Messages)> Revoke(
        Guid tokenID, Write write, IDocumentSession session, TimeProvider clock, CancellationToken cancellation) =>
        Revoke(tokenID, write, _ => true, Refusals.NoSuchThing, session, clock, cancellation);

    /// <summary>The caller's token, or a token below it: never one above or beside.</summary>
    [Serves(typeof(TokenActions), nameof(TokenActions.RevokeToken))]
    public static Task<(IResult Answer, OutgoingMessages Messages)> RevokeBelow(
        Guid tokenID, Caller caller, Write write, IDocumentSession session, TimeProvider clock, CancellationToken cancellation) =>
        Revoke(
            tokenID, write.OfToken(caller), token => tokenID == caller.TokenID || token.Path.Contains(caller.TokenID), Refusals.NotFound,
            session, clock, cancellation);

    private static async Task<(IResult Answer, OutgoingMessages Messages)> Revoke(
        Guid tokenID, Write write, Func<AgentToken, bool> mayRevoke, Refusal notFound, IDocumentSession session, TimeProvider clock,
        CancellationToken cancellation)
    {
        IReadOnlyList<LeaveRooms> leaving = [];
        var answer = await write.Once<Revoked>(session, body: null, Revoke,
            (revoked, _) => new AccessChanged(Results.NoContent(), revoked.AgentTokenID));
        return (new AnswerAfter(answer, leaving), [.. leaving]);

        async Task<(Refusal? Refusal, Revoked? Kept)> Revoke(Attribution attribution)
        {
            if (await TokenQueries.AgentOf(session, tokenID, write.Actor.PrincipalID, cancellation) is null
                || (await session.Fold<AgentToken>(tokenID, AgentToken.Apply, cancellation)).State is not { } token || !mayRevoke(token)
                || new RevokeAgentToken().Decide(token) is not { Facts: [var fact] })
            {
                return (notFound, null);
            }

            var now = clock.GetUtcNow();
            session.Events.Append(tokenID, session.BuildFact(fact.Data, Guid.CreateVersion7(now), now, attribution));
            leaving = await session.EndSessionsOf(tokenID, write.Actor.PrincipalID, now, attribution, cancellation);
            return (null, new(tokenID));
        }
    }

    private sealed record Revoked(Guid AgentTokenID);
}
