using System.Reflection;

namespace ActorTrainer.Architecture.Tests;

/// <summary>The ids by which documentation and analyzers name symbols (C# specification, annex D.4.2).</summary>
internal static class DocumentationId
{
    public static IEnumerable<string> OfTypeAndMembers(Type type)
    {
        const BindingFlags Declared =
            BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var name = NameOf(type);
        yield return $"T:{name}";
        foreach (var property in type.GetProperties(Declared).Where(property => property.GetIndexParameters().Length == 0))
        {
            yield return $"P:{name}.{property.Name}";
        }

        foreach (var method in type.GetMethods(Declared))
        {
            var arity = method.IsGenericMethodDefinition ? $"``{method.GetGenericArguments().Length}" : "";
            var parameters = string.Join(',', method.GetParameters().Select(parameter => Encoded(parameter.ParameterType)));
            yield return $"M:{name}.{method.Name}{arity}" + (parameters.Length == 0 ? "" : $"({parameters})");
        }
    }

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static string Encoded(Type type)
    {
        if (type.IsByRef)
        {
            return Encoded(type.GetElementType()!) + "@";
        }

        if (type.IsPointer)
        {
            return Encoded(type.GetElementType()!) + "*";
        }

        if (type.IsArray)
        {
            return Encoded(type.GetElementType()!) + "[]";
        }

        if (type.IsGenericParameter)
        {
            return (type.DeclaringMethod is null ? "`" : "``") + type.GenericParameterPosition;
        }

        if (type.IsFunctionPointer || !type.IsGenericType)
        {
            return type.FullName?.Replace('+', '.') ?? type.Name;
        }

        var definition = NameOf(type.GetGenericTypeDefinition()).Split('`')[0];
        return $"{definition}{{{string.Join(',', type.GetGenericArguments().Select(Encoded))}}}";
    }
}
