using System.Text.Json.Serialization;
using JasperFx;
using Microsoft.Extensions.Primitives;
using Parle.Api.Database;
using Parle.Domain;

namespace Parle.Api.Wire;

/// <summary>The one shape in which everything is refused.</summary>
/// <param name="Error">What went wrong and what to do next.</param>
public sealed record ErrorEnvelope(ErrorBody Error)
{
    /// <summary>
    /// How to get in (RFC 9110 §11.6.1), with every 401. One for all: what exactly was wrong with a credential is nobody's business, so the
    /// error that RFC 6750 §3 would have is left out.
    /// </summary>
    public const string Challenge = "Bearer realm=\"parle\"";

    /// <summary>The envelope of <paramref name="refusal"/>.</summary>
    public static ErrorEnvelope Of(Refusal refusal) => new(new ErrorBody(
        refusal.Code,
        refusal.Detail is null ? refusal.Message : $"{refusal.Message} {refusal.Detail}",
        refusal.Action,
        refusal.Retryable,
        refusal.Scope,
        refusal.RetryAfterMs,
        refusal.Reason,
        refusal.Unlock,
        refusal.Next,
        refusal.Cap?.Name,
        refusal.Cap?.Used,
        refusal.Cap?.Limit,
        refusal.Cap?.Recovery,
        refusal.EarliestAvailableSeq,
        refusal.Generation,
        refusal.Code == Refusals.UnsupportedParleVersion.Code ? [VersionHeader.Current] : null,
        refusal.Code == Refusals.UnsupportedParleVersion.Code ? VersionHeader.Current : null));

    /// <summary>Answers <paramref name="context"/> with <paramref name="refusal"/>.</summary>
    /// <param name="context">The request to answer.</param>
    /// <param name="refusal">The refusal.</param>
    /// <param name="allow">The methods of the address, for a refused method.</param>
    public static Task Write(HttpContext context, Refusal refusal, StringValues allow = default)
    {
        context.Response.Clear();
        BrowserHeaders.Add(context.Response.Headers);
        context.Response.StatusCode = refusal.Status;
        if (refusal.Status is StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = Challenge;
        }

        context.Response.Headers.Allow = allow;
        context.Response.Headers.CacheControl = "no-store";
        if (refusal.Status == StatusCodes.Status408RequestTimeout)
        {
            context.Response.Headers.Connection = "close"; // The rest of the body would be read as another request.
        }

        if (refusal.RetryAfterMs is { } wait)
        {
            context.Response.Headers.RetryAfter = ((wait + 999) / 1000).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return context.Response.WriteAsJsonAsync(Of(refusal), WireJson.Options, context.RequestAborted);
    }

    /// <summary>Turns every exception, and every unknown address, into the envelope.</summary>
    public static async Task Middleware(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response is { ContentLength: null or 0, ContentType: null })
            {
                switch (context.Response.StatusCode)
                {
                    case StatusCodes.Status404NotFound:
                        await Write(context, Refusals.NotFound);
                        break;
                    case StatusCodes.Status405MethodNotAllowed:
                        await Write(context, Refusals.MethodNotAllowed, allow: HeadRequests.BesideGet(context.Response.Headers.Allow));
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller hung up: nobody is left to answer.
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            await Write(context, Refuse(context, failure));
        }
    }

    /// <summary>The refusal for an exception. The service's own faults are logged.</summary>
    public static Refusal Refuse(HttpContext context, Exception failure)
    {
        var refusal = RefusalFor(failure);
        if (refusal.Status >= 500 || DatabaseRefusal.Of(failure) is not null)
        {
            Log(context, failure, refusal);
        }

        return refusal;
    }

    private static Refusal RefusalFor(Exception failure) => failure switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Refusals.PayloadTooLarge,
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => Refusals.RequestTimeout,
        BadHttpRequestException => Refusals.MalformedRequest,
        {
            InnerException: Npgsql.PostgresException
            {
                SqlState: Npgsql.PostgresErrorCodes.UniqueViolation, ConstraintName: "rooms_handle" or "agents_handle"
            }
        } => Refusals.HandleUnavailable,
        // Another write came first; this one changed nothing.
        ConcurrencyException => Refusals.ServiceUnavailable with { RetryAfterMs = 50 },
        _ when TakenName.RefusalFor(failure) is { } taken => taken,
        _ when Outage.Is(failure) => Refusals.ServiceUnavailable,
        _ => DatabaseRefusal.Of(failure) ?? Refusals.ServerError,
    };

    // Logs only the action, neither path values nor headers, which may hold secrets.
    private static void Log(HttpContext context, Exception failure, Refusal refusal) =>
        context.RequestServices.GetRequiredService<ILogger<ErrorEnvelope>>().Log(
            refusal.Status >= 500 ? LogLevel.Error : LogLevel.Warning,
            "{Action} failed with {Code} in request {Correlation}: {Failure}", context.GetEndpoint()?.DisplayName ?? "An unknown address",
            refusal.Code, context.TraceIdentifier, DatabaseRefusal.Tell(failure));
}

/// <summary>Inside the envelope.</summary>
/// <param name="Code">Stable name of what went wrong.</param>
/// <param name="Message">For people.</param>
/// <param name="Action">What to do next.</param>
/// <param name="Retryable">Whether the same bytes may succeed later.</param>
/// <param name="Scope">How far the error reaches.</param>
/// <param name="RetryAfterMs">How long to wait first, in milliseconds; null when waiting does not help.</param>
/// <param name="Reason">Machine reason, where the code alone does not say it.</param>
/// <param name="Unlock">What would make the action possible.</param>
/// <param name="Next">Actions that are possible instead.</param>
/// <param name="Cap">Which bound is reached.</param>
/// <param name="Used">How much there is.</param>
/// <param name="Limit">How much there can be.</param>
/// <param name="Recovery">How to make room.</param>
/// <param name="EarliestAvailableSeq">From where to read on, with <c>cursor_gap</c>.</param>
/// <param name="Generation">The present incarnation of the database, with <c>cursor_gap</c>.</param>
/// <param name="Supported">The versions served, with <c>unsupported_parle_version</c>.</param>
/// <param name="Current">The current version, with <c>unsupported_parle_version</c>.</param>
public sealed record ErrorBody(
    string Code,
    string Message,
    Recovery Action,
    bool Retryable,
    RefusalScope Scope,
    int? RetryAfterMs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Unlock,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Next,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Cap,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Used,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Limit,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Recovery,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? EarliestAvailableSeq,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Generation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Supported,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Current);

/// <summary>A refusal as the answer of an endpoint.</summary>
/// <param name="Refusal">The refusal.</param>
public sealed record RefusalResult(Refusal Refusal) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) => ErrorEnvelope.Write(httpContext, Refusal);
}
