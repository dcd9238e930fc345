using Marten;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Registry;
using Parle.Api.Wakeups;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain.Principals;

namespace Parle.Api.Accounts;

/// <summary>Signs a person out.</summary>
public static class LogoutEndpoint
{
    /// <summary>Ends the presented session. A caller with a token of its organisation has none to end.</summary>
    [Serves(typeof(AccountActions), nameof(AccountActions.Logout))]
    public static async Task<IResult> Logout(
        Person person, Actor actor, IDocumentSession session, TimeProvider clock, PrincipalLocks locks, Correlation correlation,
        CancellationToken cancellation)
    {
        if (person.SessionID is { } sessionID)
        {
            await locks.Take(session, sessionID);
            var facts = await session.Events.FetchStreamAsync(sessionID, token: cancellation);
            var now = clock.GetUtcNow();
            foreach (var fact in new EndPersonSession().Decide(facts.Select(fact => fact.Data)).Facts)
            {
                session.AppendAt(sessionID, facts.Count, fact.Data, now, actor.Attribution(correlation.ID));
            }
        }

        // Announced after the commit: streams and waits of the session close, and the client forgets it.
        var answer = new WithCookie(SessionCookie.Forgotten(CredentialKind.PersonSession.Name), Results.NoContent());
        return person.SessionID is { } ended ? new AccessChanged(answer, ended) : answer;
    }
}
