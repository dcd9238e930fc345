using System.Reflection;
using CsCheck;
using JasperFx.Events;
using Parle.Domain.Rooms;
using Parle.Projections;

namespace Parle.Tests.Record;

/// A fact of any kind there is, with anything in it, as it is before it is stored.
internal static class AnyFact
{
    private const long Held = 1L << 53; // Whole numbers beyond it are refused.

    public static Gen<IEvent> Facts { get; } = Select(
        OneOf([.. EventNames.All]).SelectMany(kind => Value(kind.Value).Select(data => (kind.Key, Data: data!))),
        Gen.Select(Text, Gen.Guid, Text.Array[0, 4], Value(typeof(Placement)), Text.Null()),
        Gen.Select(Gen.Guid, Gen.Guid, Gen.DateTimeOffset));

    /// Letters of all kinds, more often than not those that must be escaped.
    private static Gen<string> Text => Gen.OneOf(
        Gen.String[Gen.Char.AlphaNumeric, 0, 20],
        OneOf("", "agent:1/session:2", "@ana.builder", "a\"b\\c\n\u0001\u007f\u2028", "€ü😀", "</script>&'+", "\ud800",
            "2026-08-17T10:00:00Z"),
        Gen.String);

    private static Gen<IEvent> Select(
        Gen<(string Type, object Data)> said,
        Gen<(string Actor, Guid Principal, string[] Authority, object? Placement, string? Correlation)> by,
        Gen<(Guid Stream, Guid ID, DateTimeOffset At)> when) =>
        Gen.Select(said, by, when, (said, by, when) =>
        {
            var fact = (IEvent)Activator.CreateInstance(typeof(Event<>).MakeGenericType(said.Data.GetType()), said.Data)!;
            (fact.StreamId, fact.Id, fact.Timestamp, fact.EventTypeName, fact.CorrelationId) = (when.Stream, when.ID, when.At, said.Type,
                by.Correlation);
            fact.SetHeader("actor", by.Actor);
            fact.SetHeader("principal", by.Principal.ToString());
            fact.SetHeader("authority", by.Authority);
            if (by.Placement is not null)
            {
                fact.SetHeader("placement", by.Placement);
            }

            return fact;
        });

    private static Gen<object?> Value(Type type) =>
        Nullable.GetUnderlyingType(type) is { } value ? Gen.Frequency((1, Gen.Const((object?)null)), (2, Value(value)))
        : type == typeof(string) ? Text.Select(text => (object?)text)
        : type == typeof(Guid) ? Gen.Guid.Select(id => (object?)id)
        : type == typeof(bool) ? Gen.Bool.Select(truth => (object?)truth)
        : type == typeof(int) ? Gen.Int.Select(number => (object?)number)
        : type == typeof(long) ? Gen.Long[-Held, Held].Select(number => (object?)number)
        : type == typeof(DateTimeOffset) ? Gen.DateTimeOffset.Select(time => (object?)time)
        : type.IsEnum ? OneOf([.. Enum.GetValues(type).Cast<object?>()])
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? List(type.GetGenericArguments()[0])
        : type == typeof(Target) ? Record(type).Select(
            made => made is Target { Alias: null, ParticipantID: null } nobody ? nobody with { ParticipantID = nobody.SeatID } : made)
        : Record(type);

    private static Gen<object?> List(Type type) => Value(type).Where(item => item is not null).Array[0, 3].Select(items =>
    {
        var list = Array.CreateInstance(type, items.Length);
        items.CopyTo(list, 0);
        return (object?)list;
    });

    private static Gen<object?> Record(Type type)
    {
        var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance).MaxBy(one => one.GetParameters().Length)!;
        var parameters = constructor.GetParameters();
        var rest = type.GetProperties().Where(member => member.CanWrite && !parameters.Any(parameter => parameter.Name == member.Name))
            .ToList();
        var nullability = new NullabilityInfoContext();
        return Each([.. parameters.Select(parameter => Member(parameter.ParameterType, nullability.Create(parameter))),
            .. rest.Select(member => Member(member.PropertyType, nullability.Create(member)))])
            .Select(values =>
            {
                var made = constructor.Invoke([.. values.Take(parameters.Length)]);
                foreach (var (member, value) in rest.Zip(values.Skip(parameters.Length)))
                {
                    member.SetValue(made, value);
                }

                return (object?)made;
            });
    }

    private static Gen<object?> Member(Type type, NullabilityInfo nullability) =>
        !type.IsValueType && nullability.ReadState is NullabilityState.Nullable
            ? Gen.Frequency((1, Gen.Const((object?)null)), (2, Value(type)))
            : Value(type);

    private static Gen<T> OneOf<T>(params IReadOnlyList<T> values) => Gen.Int[0, values.Count - 1].Select(i => values[i]);

    private static Gen<object?[]> Each(IReadOnlyList<Gen<object?>> members) => members.Aggregate(
        Gen.Const(Array.Empty<object?>()),
        (before, member) => Gen.Select(before, member, (values, value) => (object?[])[.. values, value]));
}
