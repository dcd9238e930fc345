using Parle.Domain;

namespace Parle.Api.Registry;

/// <summary>
/// What a request says beside its path and its body, as one record of one type. It is read in one place, before the endpoint, which takes
/// that record.
/// </summary>
/// <param name="Type">The record's type.</param>
/// <param name="Parameters">The query parameters that it is made of, for documents.</param>
/// <param name="Read">Makes the record, or says what is wrong with the request.</param>
public sealed record QueryInput(
    Type Type, IReadOnlyList<QueryParameter> Parameters, Func<HttpRequest, (object? Value, Refusal? Refusal)> Read)
{
    /// <summary>Whether such a request may stay open for long; null for never.</summary>
    public Func<HttpRequest, bool>? MayStayOpen { get; init; }

    /// <summary>The input of one type.</summary>
    /// <typeparam name="T">The type that endpoints take.</typeparam>
    /// <param name="parameters">See <see cref="Parameters"/>.</param>
    /// <param name="read">See <see cref="Read"/>.</param>
    public static QueryInput Of<T>(IReadOnlyList<QueryParameter> parameters, Func<HttpRequest, (T? Value, Refusal? Refusal)> read)
        where T : class => new(typeof(T), parameters, request => read(request));
}
