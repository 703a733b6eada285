using System.Runtime.InteropServices;

namespace ActorTrainer.Numerics.Randomness;

/// <summary>
/// The random numbers of one purpose and layer of a run (B9): a function of where a number is used
/// (step, row, position, index), so that retries, lanes and workers cannot move it.
/// </summary>
/// <remarks>
/// Key: (seed, purpose · 2¹⁶ + layer). Counter: (step, row, position, index ÷ 4); index mod 4 picks the
/// word. A recipe may have 2⁴⁰ steps, and a counter word holds 32 bits: bits 32–39 of the step stand in
/// the top byte of the position's word, so that below step 2³² the counter is the plain one.
/// </remarks>
public readonly struct RandomStream
{
    /// <summary>Steps must be below this, 2⁴⁰.</summary>
    public const long StepLimit = 1L << 40;

    /// <summary>Rows must be below this, 2³².</summary>
    public const long RowLimit = 1L << 32;

    /// <summary>Positions must be below this, 2²⁴.</summary>
    public const int PositionLimit = 1 << 24;

    /// <summary>Indices must be below this, 2³⁴.</summary>
    public const long IndexLimit = 1L << 34;

    private const int LayerLimit = 1 << 16;
    private const float UnitScale = 1f / (1 << 24);

    private readonly uint _seed;
    private readonly uint _use;

    /// <param name="seed">The recipe's seed.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="layer">From 0 to 65,535: the layer, or another number that keeps streams apart.</param>
    /// <exception cref="ArgumentOutOfRangeException">The layer or the purpose does not fit into 16 bits.</exception>
    public RandomStream(uint seed, RandomPurpose purpose, int layer = 0)
    {
        RequireBelow((long)purpose, LayerLimit, nameof(purpose));
        RequireBelow(layer, LayerLimit, nameof(layer));
        (_seed, _use) = (seed, ((uint)purpose << 16) + (uint)layer);
    }

    /// <summary>32 random bits.</summary>
    /// <param name="step">Step or epoch, below <see cref="StepLimit"/>.</param>
    /// <param name="row">Global row or sample, below <see cref="RowLimit"/>.</param>
    /// <param name="position">Position in the sequence, below <see cref="PositionLimit"/>.</param>
    /// <param name="index">Unit within the vector, or parameter, below <see cref="IndexLimit"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is negative or too large.</exception>
    public uint Word(long step, long row, int position, long index)
    {
        RequireCounter(step, row, position, index, length: 1);
        return BlockAt(step, row, position, index >> 2)[(int)index & 3];
    }

    /// <summary>A float in [0, 1): the top 24 bits of <see cref="Word"/> times 2⁻²⁴, exact.</summary>
    /// <inheritdoc cref="Word"/>
    public float Unit(long step, long row, int position, long index) => ToUnit(Word(step, row, position, index));

    /// <summary>The float in [0, 1) that a word stands for: its top 24 bits times 2⁻²⁴, exact.</summary>
    public static float ToUnit(uint word) => (word >> 8) * UnitScale;

    /// <summary>Words at the indices <paramref name="firstIndex"/> and following, a whole block at a time.</summary>
    /// <param name="words">[n] receives <see cref="Word"/> at firstIndex … firstIndex + n − 1.</param>
    /// <inheritdoc cref="Word"/>
    public void FillWords(long step, long row, int position, long firstIndex, Span<uint> words)
    {
        RequireCounter(step, row, position, firstIndex, words.Length);
        var index = firstIndex;
        for (var i = 0; i < words.Length;)
        {
            var block = BlockAt(step, row, position, index >> 2);
            if ((index & 3) == 0 && words.Length - i >= 4)
            {
                (words[i], words[i + 1], words[i + 2], words[i + 3]) = (block.Word0, block.Word1, block.Word2, block.Word3);
                i += 4;
                index += 4;
                continue;
            }

            do
            {
                words[i++] = block[(int)index++ & 3];
            }
            while (i < words.Length && (index & 3) != 0);
        }
    }

    /// <summary>Floats in [0, 1) at the indices <paramref name="firstIndex"/> and following.</summary>
    /// <param name="units">[n] receives <see cref="Unit"/> at firstIndex … firstIndex + n − 1.</param>
    /// <inheritdoc cref="Word"/>
    public void FillUnits(long step, long row, int position, long firstIndex, Span<float> units)
    {
        var words = MemoryMarshal.Cast<float, uint>(units);
        FillWords(step, row, position, firstIndex, words);
        for (var i = 0; i < units.Length; i++)
        {
            units[i] = ToUnit(words[i]);
        }
    }

    /// <summary>Words at the indices from 0 on, many at once.</summary>
    /// <param name="words">[length] receives them.</param>
    /// <param name="length">A multiple of <see cref="PhiloxVectors.GroupWords"/>.</param>
    /// <param name="width">Of the vectors; cannot touch a bit.</param>
    /// <inheritdoc cref="Word"/>
    internal unsafe void FillGroups(long step, long row, int position, uint* words, int length, VectorWidth width)
    {
        RequireCounter(step, row, position, index: 0, length);
        PhiloxVectors.Fill(
            _seed,
            _use,
            (uint)step,
            (uint)row,
            (uint)position | ((uint)(step >> 32) << 24),
            words,
            length / PhiloxVectors.GroupWords,
            width);
    }

    private PhiloxBlock BlockAt(long step, long row, int position, long block) => Philox4x32.Block(
        _seed,
        _use,
        (uint)step,
        (uint)row,
        (uint)position | ((uint)(step >> 32) << 24),
        (uint)block);

    private static void RequireCounter(long step, long row, int position, long index, int length)
    {
        RequireBelow(step, StepLimit, nameof(step));
        RequireBelow(row, RowLimit, nameof(row));
        RequireBelow(position, PositionLimit, nameof(position));
        RequireBelow(index, IndexLimit - length + 1, nameof(index));
    }

    private static void RequireBelow(long value, long limit, string name)
    {
        if ((ulong)value >= (ulong)limit)
        {
            Refuse(value, limit, name);
        }
    }

    private static void Refuse(long value, long limit, string name) =>
        throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be from 0 to {limit - 1}.");
}
