using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;
using Akka.Actor;

namespace ActorTrainer.Cluster.Tests.Serialization;

/// <summary>Makes a value of any message type, every field different, and writes any value out in full.</summary>
internal sealed class SampleOf(IActorRef actor, bool withOptional)
{
    public static readonly JobSpec Spec = new(
        new Recipe(
            new DataRecipe.Text(new string('a', 64), 16, 0.1),
            new ModelRecipe(
                [new LayerSpec.Embedding(8, new Initializer.Uniform(-0.5, 0.5)), new LayerSpec.Lstm(16, 1, new Initializer.Xavier())],
                LossKind.SoftmaxCrossEntropy,
                new Initializer.TruncatedNormal(0.1)),
            new TrainingRecipe(
                100,
                32,
                new OptimizerRecipe.Adam(0.9, 0.999, 1e-8),
                new LearningRateRecipe(0.004, Schedule.Cosine, 10, 0.0001),
                1.0,
                new ValidationRecipe(50, 4)),
            8,
            7),
        new Placement("sample", 3, 4, 25, ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("team", "a")])) { MinimumWorkers = 2 });

    private int _next = 1;

    public object Value(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Value(inner);
        }

        return type switch
        {
            _ when type == typeof(int) => _next++,
            _ when type == typeof(long) => (long)int.MaxValue + _next++,
            _ when type == typeof(float) => _next++ + 0.25f,
            _ when type == typeof(double) => _next++ + 0.1,
            _ when type == typeof(bool) => true,
            _ when type == typeof(string) => string.Create(CultureInfo.InvariantCulture, $"text {_next++}"),
            _ when type == typeof(DateTimeOffset) => DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_123 + _next++),
            _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>([1, 2, (byte)_next++]),
            _ when type == typeof(IActorRef) => actor,
            _ when type == typeof(JobSpec) => Spec,
            _ when type == typeof(Recipe) => Spec.Recipe,
            _ when type.IsEnum => Enum.GetValues(type).GetValue(1)!,
            _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) => Array(type.GenericTypeArguments[0]),
            _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableSortedDictionary<,>) => Dictionary(type.GenericTypeArguments),
            _ => Record(type),
        };
    }

    public static string Describe(object? value)
    {
        switch (value)
        {
            case null:
                return "null";
            case string or bool or Enum or IActorRef or int or long or DateTimeOffset:
                return Convert.ToString(value, CultureInfo.InvariantCulture)!;
            case float single:
                return BitConverter.SingleToUInt32Bits(single).ToString("x8", CultureInfo.InvariantCulture);
            case double number:
                return BitConverter.DoubleToUInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture);
            case ReadOnlyMemory<byte> bytes:
                return Convert.ToHexStringLower(bytes.Span);
            case IEnumerable many:
                return "[" + string.Join(", ", many.Cast<object>().Select(Describe)) + "]";
        }

        var text = new StringBuilder(value.GetType().Name).Append(" {");
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0))
        {
            text.Append(CultureInfo.InvariantCulture, $" {property.Name} = {Describe(property.GetValue(value))}");
        }

        return text.Append(" }").ToString();
    }

    private object Array(Type element)
    {
        var array = System.Array.CreateInstance(element, 2);
        array.SetValue(Value(element), 0);
        array.SetValue(Value(element), 1);
        return typeof(ImmutableArray).GetMethods()
            .Single(m => m.Name == nameof(ImmutableArray.Create) && m.GetParameters() is [{ ParameterType.IsArray: true }])
            .MakeGenericMethod(element).Invoke(null, [array])!;
    }

    private object Dictionary(Type[] arguments)
    {
        var type = typeof(ImmutableSortedDictionary<,>).MakeGenericType(arguments);
        var empty = type.GetField("Empty")!.GetValue(null)!;
        return type.GetMethod("Add")!.Invoke(empty, [Value(arguments[0]), Value(arguments[1])])!;
    }

    private object Record(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length)
            ?? throw new InvalidOperationException($"{type} has no public constructor");
        var nullability = new NullabilityInfoContext();
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter =>
            !withOptional && nullability.Create(parameter).WriteState == NullabilityState.Nullable ? null : Value(parameter.ParameterType))]);
    }
}
