using System.Reflection;
using JasperFx;
using JasperFx.CodeGeneration.Model;
using JasperFx.Core.Reflection;
using Parle.Api.Writing;
using Wolverine.Http;
using Wolverine.Http.CodeGen;

namespace Parle.Api.Contract;

/// <summary>Hands endpoints what <see cref="RequestContract"/> found, by type: the caller, the key, the body.</summary>
public sealed class ContractParameters : IParameterStrategy
{
    private static readonly HashSet<Type> Parts = [typeof(Caller), typeof(Person), typeof(Actor), typeof(Auditor), typeof(Operator), typeof(IdempotencyKey), .. Actions.All.Select(action => action.Body).OfType<Type>()];

    /// <inheritdoc/>
    public bool TryMatch(HttpChain chain, IServiceContainer container, ParameterInfo parameter, out Variable? variable)
    {
        variable = parameter.ParameterType == typeof(Write) ? new(typeof(Write), $"{typeof(Write).FullNameInCode()}.{nameof(Write.Of)}(httpContext)")
            : Parts.Contains(parameter.ParameterType)
            ? new(parameter.ParameterType, $"{typeof(RequestContract).FullNameInCode()}.{nameof(RequestContract.Part)}<{parameter.ParameterType.FullNameInCode()}>(httpContext)")
            : null;
        return variable is not null;
    }
}
