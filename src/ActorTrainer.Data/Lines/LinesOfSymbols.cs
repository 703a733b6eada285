namespace ActorTrainer.Data.Lines;

/// <summary>The lines of a text as symbols, without what ended them.</summary>
/// <param name="symbols">Every line's symbols, one line after another.</param>
/// <param name="starts">[lines + 1] where each line begins, and the end of the last.</param>
/// <param name="vocabulary">All characters of the lines, and '\n'.</param>
internal sealed class LinesOfSymbols(SymbolSequence symbols, ChunkedList<long> starts, Vocabulary vocabulary)
{
    public Vocabulary Vocabulary => vocabulary;

    /// <summary>Lines.</summary>
    public int Count => checked((int)(starts.Count - 1));

    /// <summary>Characters of a line.</summary>
    public int LengthOf(int line) => (int)(starts[line + 1L] - starts[line]);

    /// <summary>The symbol at a place of a line, from 0 to <see cref="LengthOf"/> − 1.</summary>
    public int Symbol(int line, int place) => symbols[starts[line] + place];
}
