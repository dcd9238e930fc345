using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;

namespace Parle.Api.Contract;

/// <summary>The checks of every action's request, in this order: credentials, key, body. Their results are kept for the endpoint.</summary>
public static class RequestContract
{
    /// <summary>Lets a request through to its endpoint, or refuses it.</summary>
    public static async Task Middleware(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ServesAttribute>()?.Action is not { } action)
        {
            await next(context);
            return;
        }

        context.Response.Headers.CacheControl = "no-store"; // An answer is for one caller. A refusal sets the header itself.
        if (await Admit(context, action) is { } refusal)
        {
            await ErrorEnvelope.Write(context, refusal);
            return;
        }

        await next(context);
    }

    /// <summary>The result of a check: a <see cref="Caller"/>, an <see cref="IdempotencyKey"/> or the body.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    public static T Part<T>(HttpContext context)
        where T : class => context.Features.Get<T>()
        ?? throw new InvalidOperationException($"No {typeof(T).Name} was found for this request; its action does not ask for one.");

    /// <summary>
    /// Checks again whether the request's caller would be let in, for requests that are held open. The results replace those of the first
    /// check.
    /// </summary>
    public static Task<Refusal?> AdmitCaller(HttpContext context, ParleAction action) => WayOf(context, action) switch
    {
        Way.Open { Recognises: true } => AdmitRecognised(context, action),
        Way.Open => Task.FromResult(!action.IsSafe && CrossSite.Matches(context.Request) ? Refusals.CsrfRejected : null),
        Way.OfPerson => AdmitPerson(context, action),
        Way.OfAuditor => AdmitAuditor(context),
        Way.OfOperator => AdmitOperator(context),
        _ => AdmitAgent(context, action),
    };

    // The first way that the request has a credential for; else the first one, whose refusal names the credential.
    private static Way WayOf(HttpContext context, ParleAction action) => action.Ways is [var only] ? only
        : action.Ways.FirstOrDefault(way => way is Way.OfPerson ? SendsPerson(context) : way is Way.OfAgent && SendsToken(context))
            ?? action.Ways[0];

    /// <summary>The time until which the presented credential is valid, if it is not revoked before; null for no bound.</summary>
    public static DateTimeOffset? HoldsUntil(HttpContext context) =>
        context.Features.Get<Auditor>() is { } auditor ? auditor.ExpiresAt
        : context.Features.Get<Operator>() is { } found ? found.ExpiresAt
        : context.Features.Get<Person>()?.HoldsUntil;

    private static async Task<Refusal?> AdmitAgent(HttpContext context, ParleAction action)
    {
        var (found, tooMany) = await FindCaller(context);
        if (tooMany is not null)
        {
            return tooMany;
        }

        context.Features.Set(found); // Kept even for a refused caller, since its requests count for its token.
        var now = Now(context);
        var ask = WireID.InPath(context, "ask");
        if (Admission.Obstacle(action, found, context.GetRouteValue("room") as string, context.GetRouteValue("session") as string, now, ask)
            is { } refusal)
        {
            return refusal;
        }

        var caller = Admission.WithoutInvalidSession(found!, now);
        context.Features.Set(caller);
        if (action.NeedsScope || action.IsForPerson)
        {
            context.Features.Set(Actor.Of(caller));
        }

        context.RequestServices.GetRequiredService<TokenActivity>().Saw(caller.TokenID, now);
        if (caller.Session is { } session)
        {
            context.RequestServices.GetRequiredService<SessionActivity>().Saw(session.SessionID, now);
        }

        return null;
    }

    // Credentials are optional, but if they are sent they must be valid: otherwise the caller would be mistaken for another.
    private static async Task<Refusal?> AdmitRecognised(HttpContext context, ParleAction action)
    {
        if (context.Request.Headers.Authorization.Count > 0
            && !context.RequestServices.GetRequiredService<OidcLookup>().IsPresented(context))
        {
            var now = Now(context);
            var (found, tooMany) = await FindCaller(context);
            if (found is not { SeatIsOver: false } || Admission.HasExpired(found, now))
            {
                return tooMany ?? Refusals.InvalidAgentToken;
            }

            var caller = Admission.WithoutInvalidSession(found, now);
            context.Features.Set(caller);
            context.Features.Set(Actor.Of(caller));
            return caller.Limits.Obstacle(action.Id, action.NamesAsk, null);
        }

        return SendsPerson(context) ? await AdmitPerson(context, action) : null;
    }

    private static async Task<Refusal?> AdmitAuditor(HttpContext context)
    {
        var lookup = context.RequestServices.GetRequiredService<AuditLookup>();
        var (auditor, refusal) = await LookUp(
            context, CredentialKind.AuditorToken, secret => lookup.FindAuditor(secret, context.RequestAborted));
        context.Features.Set(auditor); // Kept even for a refused caller, since its requests count for its token.

        // Whether there is such a room or not (law 9).
        return refusal ?? (auditor!.RoomID.ToString().Equals(context.GetRouteValue("room") as string, StringComparison.OrdinalIgnoreCase)
            ? null : Refusals.RoomNotFound);
    }

    private static async Task<Refusal?> AdmitOperator(HttpContext context)
    {
        var lookup = context.RequestServices.GetRequiredService<AuditLookup>();
        var (found, refusal) = await LookUp(
            context, CredentialKind.OperatorToken, secret => lookup.FindOperator(secret, context.RequestAborted));
        context.Features.Set(found);
        return refusal;
    }

    private static async Task<Refusal?> AdmitPerson(HttpContext context, ParleAction action)
    {
        var (person, refusal) = await FindPerson(context);
        if (person is null)
        {
            return refusal;
        }

        if (!action.IsSafe && CrossSite.Matches(context.Request))
        {
            return Refusals.CsrfRejected;
        }

        context.Features.Set(person);
        context.Features.Set(Actor.Of(person));
        return null;
    }

    // An organisation's token for a person is sent in the same header as an agent's.
    private static bool SendsToken(HttpContext context) => context.Request.Headers.Authorization.Any(
        authorization => authorization!.StartsWith(CredentialKind.Bearer, StringComparison.OrdinalIgnoreCase)
            && authorization[CredentialKind.Bearer.Length..].TrimStart()
                .StartsWith(CredentialKind.AgentToken.Prefix, StringComparison.Ordinal));

    // A request without credentials, where agents and people may come in, is asked for an agent's token as on the whole agent plane.
    private static bool SendsPerson(HttpContext context) => !SendsToken(context)
        && (context.Request.Cookies.ContainsKey(CredentialKind.PersonSession.Name)
            || context.RequestServices.GetRequiredService<OidcLookup>().IsPresented(context));

    private static async Task<Refusal?> Admit(HttpContext context, ParleAction action)
    {
        var rates = context.RequestServices.GetRequiredService<RateLimits>();
        if (await AdmitCaller(context, action) is { } stranger)
        {
            return rates.TakeRefused(context) ?? stranger;
        }

        if ((rates.Take(context, action) ?? context.RequestServices.GetRequiredService<HeldRequests>().Enter(context, action))
            is { } tooMuch)
        {
            return tooMuch;
        }

        if (QueryShape.Obstacle(action, context.Request.Query) is { } notAsked)
        {
            return notAsked;
        }

        if (action.Input is { } input)
        {
            var (said, wrong) = input.Read(context.Request);
            if (wrong is not null)
            {
                return wrong;
            }

            context.Features[input.Type] = said;
        }

        if (action.Idempotent || action.TakesKey)
        {
            var isNamed = action.Idempotent || context.Request.Headers.ContainsKey(IdempotencyKey.Header);
            if ((isNamed ? IdempotencyKey.Read(context.Request.Headers) : IdempotencyKey.Fresh()) is not { } key)
            {
                return Refusals.MalformedRequest.Because("Send one Idempotency-Key header of 1 to 255 visible ASCII characters.");
            }

            context.Features.Set(key);
        }

        if (await context.RequestServices.GetRequiredService<DailyUse>()
            .Take(context, action, action.Body is null ? 0 : context.Request.ContentLength ?? action.MaxBodyBytes) is { } enough)
        {
            return enough;
        }

        if (action.Body is { } type)
        {
            var (body, refusal) = await RequestBody.Read(context, action);
            if (refusal is not null)
            {
                return refusal;
            }

            context.Features[type] = body;
        }
        else if (!action.IsSafe && !action.IgnoresBody && await RequestBody.HasContent(context))
        {
            return Refusals.MalformedRequest.Because("This action takes no body. Send none, or {}.");
        }

        return null;
    }

    private static DateTimeOffset Now(HttpContext context) => context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();

    private static Task<(Caller? Found, Refusal? TooMany)> FindCaller(HttpContext context)
    {
        if (CredentialKind.AgentToken.Of(context.Request) is not { } token)
        {
            return Task.FromResult<(Caller?, Refusal?)>((null, null));
        }

        var lookup = context.RequestServices.GetRequiredService<CallerLookup>();
        var presented = lookup.Presented(token, CredentialKind.AgentSession.Of(context.Request));
        return context.RequestServices.GetRequiredService<WrongCredentials>().LookUp(context, lookup, presented);
    }

    private static async Task<(Person? Person, Refusal? Refusal)> FindPerson(HttpContext context)
    {
        var wrong = context.RequestServices.GetRequiredService<WrongCredentials>();
        var oidc = context.RequestServices.GetRequiredService<OidcLookup>();
        if (oidc.IsPresented(context))
        {
            var (found, tooMany) = await wrong.LookUp(context, context.Request.Headers.Authorization.ToString(), () => oidc.Find(context),
                one => one.Refusal == Refusals.Unauthenticated);
            return tooMany is null ? found : (null, tooMany);
        }

        var people = context.RequestServices.GetRequiredService<PersonLookup>();
        return await LookUp(context, CredentialKind.PersonSession, _ => people.Find(context));
    }

    private static async Task<(T? Found, Refusal? Refusal)> LookUp<T>(
        HttpContext context, CredentialKind kind, Func<Secret, Task<T?>> find)
        where T : class
    {
        var (found, tooMany) = kind.Of(context.Request) is { } presented
            ? await context.RequestServices.GetRequiredService<WrongCredentials>()
                .LookUp(context, presented.Reveal(), () => find(presented), found => found is null)
            : (null, null);
        return (found, found is null ? tooMany ?? kind.Refusal : null);
    }
}
