namespace Medallion.Threading.Postgres;

/// <summary>Which advisory lock: PostgreSQL's single 64-bit key.</summary>
/// <param name="key">The number that PostgreSQL knows the lock by.</param>
public readonly struct PostgresAdvisoryLockKey(long key) : IEquatable<PostgresAdvisoryLockKey>
{
    internal long Value { get; } = key;

    /// <inheritdoc/>
    public bool Equals(PostgresAdvisoryLockKey other) => Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PostgresAdvisoryLockKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>The key as 16 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x16");

    /// <summary>Are these the same lock?</summary>
    public static bool operator ==(PostgresAdvisoryLockKey left, PostgresAdvisoryLockKey right) => left.Equals(right);

    /// <summary>Are these different locks?</summary>
    public static bool operator !=(PostgresAdvisoryLockKey left, PostgresAdvisoryLockKey right) => !left.Equals(right);
}
