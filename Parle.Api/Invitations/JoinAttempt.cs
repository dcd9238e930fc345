using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Platform;
using Parle.Domain;

namespace Parle.Api.Invitations;

/// <summary>The request of a client that presents a join key, with credentials of its own or without.</summary>
[FromRequest]
public sealed class JoinAttempt
{
    private readonly HttpContext context;

    private JoinAttempt(HttpContext context) => (this.context, Actor) = (context, context.Features.Get<Actor>());

    /// <summary>The attempt that a request makes.</summary>
    public static JoinAttempt Of(HttpContext context) => new(context);

    /// <summary>The actor whose credentials were sent; null for none.</summary>
    public Actor? Actor { get; }

    /// <summary>The id of the request.</summary>
    public string Correlation => context.TraceIdentifier;

    /// <summary>Whether the client's network guessed too often.</summary>
    public bool IsOver(WrongGuesses guesses) => guesses.IsOver(context);

    /// <summary>Looks a key up, and counts it for the client's network if it is invalid.</summary>
    public Task<(T? Found, Refusal? TooMany)> LookUp<T>(WrongGuesses guesses, Func<Task<T>> look, Func<T, bool> isWrong) =>
        guesses.LookUp(context, look, isWrong);
}
