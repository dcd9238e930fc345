using System.Security.Cryptography;
using System.Text.Json;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;

namespace Parle.Api.Accounts;

/// <summary>A proof that a person reads the mail of an address.</summary>
/// <param name="Identity">The address.</param>
/// <param name="RepeatedFor">The session that the code started, if the same request came before; null the first time.</param>
/// <param name="CodeID">The code that proves it.</param>
/// <param name="Browser">The browser that it comes from, if it keeps its cookie.</param>
public sealed record EmailProof(Identity Identity, Guid? RepeatedFor, Guid CodeID, byte[]? Browser);

/// <summary>One use of a code. A retry under the same name gets the same answer, as long as the code would have been valid.</summary>
/// <param name="Action">The action.</param>
/// <param name="Key">The caller's name for the request.</param>
/// <param name="Meaning">The content of the request beside address and code.</param>
public sealed record CodeUse(ParleAction Action, IdempotencyKey Key, params IReadOnlyList<string?> Meaning)
{
    internal byte[] Name(ServerKey key) => key.FingerprintOf($"{Action.Id}\n{Key.Text}");

    internal byte[] Fingerprint(ServerKey key) => key.FingerprintOf(JsonSerializer.Serialize(Meaning, WireJson.Options));

    internal bool IsNamed(byte[] name, ServerKey key) => key.All.Any(one => CryptographicOperations.FixedTimeEquals(name, Name(one)));

    internal bool Means(byte[] fingerprint, ServerKey key) =>
        key.All.Any(one => CryptographicOperations.FixedTimeEquals(fingerprint, Fingerprint(one)));
}
