using System.Reflection;

namespace Parle.Tests.Golden;

/// A value of any type that is stored, with something in every place, or with nothing wherever nothing can be.
internal static class Example
{
    public static object Of(Type type, bool full) => Value(type, type.Name, full)!;

    private static object? Value(Type type, string place, bool full)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return full ? Value(value, place, full) : null;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var list = Array.CreateInstance(type.GetGenericArguments()[0], full ? 1 : 0);
            if (full)
            {
                list.SetValue(Value(type.GetGenericArguments()[0], place, full), 0);
            }

            return list;
        }

        return type == typeof(string) ? place
            : type == typeof(Guid) ? new Guid($"019a7c1d-0000-7000-8000-{(uint)place.Sum(letter => letter * 31):x12}")
            : type == typeof(DateTimeOffset) ? new DateTimeOffset(2026, 8, 17, 10, 0, 0, TimeSpan.Zero)
            : type == typeof(bool) ? full
            : type == typeof(int) || type == typeof(long) ? Convert.ChangeType(full ? 7 : 1, type, null)
            : type.IsEnum ? Enum.GetValues(type).Cast<object>().ElementAt(full ? ^1 : 0)
            : Made(type, place, full);
    }

    private static object Made(Type type, string place, bool full)
    {
        var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance).MaxBy(one => one.GetParameters().Length)!;
        var parameters = constructor.GetParameters();
        var nullability = new NullabilityInfoContext();
        object? Member(Type kind, string name, NullabilityInfo info) =>
            !full && !kind.IsValueType && info.ReadState is NullabilityState.Nullable ? null : Value(kind, $"{place}.{name}", full);
        var made = constructor.Invoke(
            [.. parameters.Select(parameter => Member(parameter.ParameterType, parameter.Name!, nullability.Create(parameter)))]);
        foreach (var member in type.GetProperties()
            .Where(member => member.CanWrite && parameters.All(parameter => parameter.Name != member.Name)))
        {
            member.SetValue(made, Member(member.PropertyType, member.Name, nullability.Create(member)));
        }

        return made;
    }
}
