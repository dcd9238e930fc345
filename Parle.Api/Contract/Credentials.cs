using NpgsqlTypes;
using Parle.Projections;

namespace Parle.Api.Contract;

/// <summary>Where hashes of secrets are kept, apart from the record.</summary>
public static class Credentials
{
    /// <summary>Keeps the hash of a secret that opens <paramref name="subjectID"/>, a token or a session.</summary>
    public static SqlOperation Keep(byte[] hash, Guid subjectID) => new(
        "insert into parle.credentials (hash, subject_id) values (?, ?)", (hash, NpgsqlDbType.Bytea), (subjectID, NpgsqlDbType.Uuid));
}
