namespace ActorTrainer.Training.Recipes;

/// <summary>Names of the values of an enumeration, in a stated order.</summary>
public sealed class NameTable<T>
    where T : struct, Enum
{
    private readonly (T Value, string Name)[] _entries;

    internal NameTable(params (T Value, string Name)[] entries) => _entries = entries;

    public IEnumerable<string> Names => _entries.Select(entry => entry.Name);

    /// <summary>"a, b or c".</summary>
    public string All => _entries.Length == 1
        ? _entries[0].Name
        : string.Join(", ", Names.SkipLast(1)) + " or " + _entries[^1].Name;

    /// <exception cref="ArgumentOutOfRangeException">The value has no name.</exception>
    public string Of(T value)
    {
        foreach (var entry in _entries)
        {
            if (EqualityComparer<T>.Default.Equals(entry.Value, value))
            {
                return entry.Name;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(value), value, $"{typeof(T).Name} {value} has no name.");
    }

    /// <summary>The value of a name, or null if there is none.</summary>
    public T? Find(string name)
    {
        foreach (var entry in _entries)
        {
            if (entry.Name == name)
            {
                return entry.Value;
            }
        }

        return null;
    }
}
