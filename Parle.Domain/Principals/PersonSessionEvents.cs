namespace Parle.Domain.Principals;

/// <summary>A person is signed in, until <paramref name="ExpiresAt"/> at the latest.</summary>
/// <param name="PrincipalID">Who.</param>
/// <param name="Method">How: <c>email_code</c>, or <c>operator</c> for one that an operator handed out.</param>
/// <param name="ExpiresAt">When it is over; nothing extends it.</param>
public sealed record PersonSessionStarted(Guid PrincipalID, string Method, DateTimeOffset ExpiresAt);

/// <summary>A person signed out.</summary>
public sealed record PersonSessionEnded;
