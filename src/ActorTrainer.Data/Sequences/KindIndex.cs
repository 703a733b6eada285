using System.Collections.Immutable;

namespace ActorTrainer.Data.Sequences;

/// <summary>
/// Names (of classes, events, groups) while a file is read: a name's number is its place in order of
/// first appearance.
/// </summary>
/// <param name="limit">Most different names.</param>
internal sealed class KindIndex(int limit)
{
    private const int ValuesPerName = 8;

    private readonly Dictionary<string, int> _numberOf = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    public int Count => _names.Count;

    /// <summary>What the names take of <see cref="DataLimits.MaximumValues"/>: about their memory.</summary>
    public long Values { get; private set; }

    public string this[int number] => _names[number];

    /// <summary>The number of a name, a new one where it was not seen before.</summary>
    /// <returns>−1: it is new, and there can be no more.</returns>
    public int NumberOf(string name)
    {
        if (_numberOf.TryGetValue(name, out var number))
        {
            return number;
        }

        if (_names.Count == limit)
        {
            return -1;
        }

        _numberOf.Add(name, _names.Count);
        _names.Add(name);
        Values += ValuesPerName + (name.Length / 4);
        return _names.Count - 1;
    }

    /// <summary>The names of some numbers in their final order, and of every number its place there, −1 where it is left out.</summary>
    public (ImmutableArray<string> Names, int[] PlaceOf) Ordered(Func<int, bool> included)
    {
        var names = _names.Where((_, number) => included(number)).ToArray();
        Array.Sort(names, KindOrder.Of(names));
        var placeOf = new int[_names.Count];
        Array.Fill(placeOf, -1);
        for (var place = 0; place < names.Length; place++)
        {
            placeOf[_numberOf[names[place]]] = place;
        }

        return ([.. names], placeOf);
    }
}
