using Marten;
using Parle.Api.Platform;
using Parle.Projections;

namespace Parle.Api.Database;

/// <summary>
/// Lets decisions over one principal, agent, session or identity come one after the other, on all nodes: a lock on this node first, which
/// costs no connection, then an advisory lock of PostgreSQL that lasts as long as the transaction (PostgreSQL, "Explicit Locking", 13.3.5).
/// </summary>
/// <param name="context">The request; the lock of this node is released when it is over.</param>
[FromRequest]
public sealed class PrincipalLocks(HttpContext context)
{
    /// <summary>The locks of a request.</summary>
    public static PrincipalLocks Of(HttpContext context) => new(context);

    /// <summary>Waits for the lock, and holds it until the unit of work is over.</summary>
    /// <remarks>A holder has a connection and must not need a second one: those who wait may have taken them all.</remarks>
    /// <param name="session">The unit of work; its transaction begins here.</param>
    /// <param name="id">What is decided over.</param>
    public async Task Take(IDocumentSession session, Guid id)
    {
        context.Response.RegisterForDispose(
            await context.RequestServices.GetRequiredService<LocalLocks>().Take(id, context.RequestAborted));
        await session.BeginTransactionAsync(context.RequestAborted);
        await TakeToo(session, id, context.RequestAborted);
    }

    /// <summary>
    /// One lock more for a transaction that has one. An agent's comes after its principal's, never the other way round: two that each wait
    /// for the other would never end.
    /// </summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="id">What is decided over.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task TakeToo(IDocumentSession session, Guid id, CancellationToken cancellation) =>
        AdvisoryLocks.TakeForTransaction(session, id, cancellation);
}
