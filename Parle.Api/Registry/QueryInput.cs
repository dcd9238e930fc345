using Parle.Domain;

namespace Parle.Api.Registry;

/// <summary>
/// The query of a request as one typed record. It is read in one place before the endpoint, which takes the record as a parameter.
/// </summary>
/// <param name="Type">The record's type.</param>
/// <param name="Parameters">The query parameters it is read from, for documents.</param>
/// <param name="Read">Reads the record, or refuses.</param>
public sealed record QueryInput(
    Type Type, IReadOnlyList<QueryParameter> Parameters, Func<HttpRequest, (object? Value, Refusal? Refusal)> Read)
{
    /// <summary>Whether such a request may stay open for long; null for never.</summary>
    public Func<HttpRequest, bool>? MayStayOpen { get; init; }

    /// <summary>The query of one type.</summary>
    /// <typeparam name="T">The record's type.</typeparam>
    /// <param name="parameters">See <see cref="Parameters"/>.</param>
    /// <param name="read">See <see cref="Read"/>.</param>
    public static QueryInput Of<T>(IReadOnlyList<QueryParameter> parameters, Func<HttpRequest, (T? Value, Refusal? Refusal)> read)
        where T : class => new(typeof(T), parameters, request => read(request));
}
