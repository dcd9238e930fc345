using System.Reflection;
using System.Text.Json;
using JasperFx;
using JasperFx.CodeGeneration.Model;
using JasperFx.Core.Reflection;
using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Platform;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Wolverine.Http;
using Wolverine.Http.CodeGen;

namespace Parle.Api.Hosting;

/// <summary>
/// Gives endpoints their parameters. Results of <see cref="RequestContract"/> are found by type: the caller, the key, the query, the body.
/// An id of the path is found by name, and a type marked with <see cref="FromRequestAttribute"/> is made from the request.
/// </summary>
public sealed class EndpointParameters : IParameterStrategy
{
    private static readonly HashSet<Type> Parts =
    [
        typeof(Caller), typeof(Person), typeof(Actor), typeof(Auditor), typeof(Operator), typeof(IdempotencyKey),
        .. Actions.All.SelectMany(action => new[] { action.Body, action.Input?.Type }).OfType<Type>(),
    ];

    /// <inheritdoc/>
    public bool TryMatch(HttpChain chain, IServiceContainer container, ParameterInfo parameter, out Variable? variable)
    {
        var type = parameter.ParameterType;
        variable = type.IsDefined(typeof(FromRequestAttribute)) ? new(type, $"{type.FullNameInCode()}.Of(httpContext)")
            : Parts.Contains(type) ? new(
                type, $"{typeof(RequestContract).FullNameInCode()}.{nameof(RequestContract.Part)}<{type.FullNameInCode()}>(httpContext)")
            : type == typeof(Guid) ? new(type, $"{typeof(WireID).FullNameInCode()}.{nameof(WireID.OfPath)}(httpContext, "
                + $"\"{NameInPath(parameter)}\")")
            : null;
        return variable is not null;
    }

    // Found when a handler is written or compiled: a request would find it too late.
    private static string NameInPath(ParameterInfo parameter)
    {
        var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name!);
        var action = parameter.Member.GetCustomAttribute<ServesAttribute>()?.Action;
        return action?.PathNames.Contains(name) is true ? name
            : throw new InvalidOperationException($"{action?.Id} takes {parameter.Name}, but its path has no {{{name}}}.");
    }
}
