using Marten;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Registry;
using Parle.Api.Wakeups;
using Parle.Domain.Principals;
using Parle.Projections;

namespace Parle.Api.Accounts;

/// <summary>Signs a person out.</summary>
public static class LogoutEndpoint
{
    /// <summary>Ends the session that was presented. Who came with a token of its organisation has none to end.</summary>
    [Serves(typeof(AccountActions), nameof(AccountActions.Logout))]
    public static async Task<IResult> Logout(
        Person person, Actor actor, IDocumentSession session, TimeProvider clock, HttpContext context, CancellationToken cancellation)
    {
        if (person.SessionID is { } sessionID)
        {
            await PrincipalLocks.Of(context).Take(session, sessionID);
            var facts = await session.Events.FetchStreamAsync(sessionID, token: cancellation);
            var now = clock.GetUtcNow();
            foreach (var fact in new EndPersonSession().Decide(facts.Select(fact => fact.Data)).Facts)
            {
                session.Events.Append(sessionID, session.BuildFact(
                    fact.Data, Guid.CreateVersion7(now), now, actor.Attribution(context.TraceIdentifier))).ExpectedVersionOnServer =
                    facts.Count;
            }
        }

        return new SignedOut(person.SessionID);
    }

    // Once it is committed: what the session held open closes, and the client forgets it.
    private sealed record SignedOut(Guid? SessionID) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (SessionID is { } sessionID)
            {
                httpContext.RequestServices.GetRequiredService<Notifier>().Announce(new Signal(SignalKind.Standing, sessionID));
            }

            SessionCookie.Clear(httpContext, PersonLookup.CookieName);
            httpContext.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }
    }
}
