namespace Parle.Api.LocalPostgres;

/// <summary>No PostgreSQL programs that can serve the data were found. The message names the places searched, and the remedy.</summary>
public sealed class PostgresNotFoundException : Exception
{
    /// <summary>An exception without particulars.</summary>
    public PostgresNotFoundException() { }

    /// <summary>An exception with a message for the operator.</summary>
    public PostgresNotFoundException(string message) : base(message) { }

    /// <summary>An exception with a message for the operator, and its cause.</summary>
    public PostgresNotFoundException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Names the package to install, the way to use an existing database, and the places searched.</summary>
    /// <param name="major">The version that wrote the data; null without data.</param>
    /// <param name="looked">The places searched, in order, each with the result.</param>
    internal static PostgresNotFoundException For(int? major, IEnumerable<string> looked)
    {
        var need = major is null ? "" : $" {major}";
        var why = major is null ? "" : $" The data folder was written by PostgreSQL {major}; another major version cannot read it.";
        return new(
            $"PostgreSQL{need} was not found, and no database is configured.{why} Install it (Debian, Ubuntu: apt-get install "
            + $"postgresql{(major is null ? "" : $"-{major}")}; Fedora: dnf install postgresql-server; "
            + $"macOS: brew install postgresql@{major ?? 17}; Windows: winget install PostgreSQL.PostgreSQL.{major ?? 17}), or name the "
            + $"folder that holds initdb, pg_ctl and postgres in {PostgresPrograms.FolderVariable}, "
            + "or name a database that exists: ConnectionStrings__Parle=\"Host=...;Database=...;Username=...\". Looked in: "
            + $"{string.Join("; ", looked)}");
    }
}
