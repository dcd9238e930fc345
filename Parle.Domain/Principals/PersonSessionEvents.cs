namespace Parle.Domain.Principals;

/// <summary>A person is signed in, until <paramref name="ExpiresAt"/> at the latest.</summary>
/// <param name="PrincipalID">The person.</param>
/// <param name="Method">The proof: <c>email_code</c>, or <c>operator</c> for a session that an operator handed out.</param>
/// <param name="ExpiresAt">The moment the session ends; nothing extends it.</param>
public sealed record PersonSessionStarted(Guid PrincipalID, string Method, DateTimeOffset ExpiresAt);

/// <summary>A person signed out.</summary>
public sealed record PersonSessionEnded;
