using System.Numerics;

namespace ActorTrainer.Numerics.Randomness;

/// <summary>
/// A random order of [0, n) that needs no memory: a keyed bijection, computed for one element at a
/// time (B9). A pure function of seed, purpose, epoch and n.
/// </summary>
/// <remarks>
/// A Feistel network over the fewest bits that hold n (halves as equal as they can be), whose round
/// function is Philox; values at or above n are sent round again until they fall below it, which takes
/// two walks on average at most. Luby and Rackoff, SIAM J. Computing 17(2), 1988; cycle walking: Black
/// and Rogaway, "Ciphers with Arbitrary Finite Domains", CT-RSA 2002.
/// </remarks>
public readonly struct FeistelPermutation
{
    /// <summary>The largest n, 2⁴⁰.</summary>
    public const long CountLimit = 1L << 40;

    // Even, so that the two halves end with the widths they began with.
    private const int Rounds = 8;

    private readonly RandomStream _random;
    private readonly long _epoch;
    private readonly int _leftBits;
    private readonly int _rightBits;

    /// <param name="seed">The recipe's seed.</param>
    /// <param name="purpose">What is permuted.</param>
    /// <param name="epoch">From 0 to 2⁴⁰ − 1; each has an order of its own.</param>
    /// <param name="count">n, from 1 to 2⁴⁰.</param>
    /// <exception cref="ArgumentOutOfRangeException">Epoch or count is outside its range.</exception>
    public FeistelPermutation(uint seed, RandomPurpose purpose, long epoch, long count)
    {
        RequireWithin(count, 1, CountLimit, nameof(count));
        RequireWithin(epoch, 0, RandomStream.StepLimit - 1, nameof(epoch));
        (_random, _epoch, Count) = (new RandomStream(seed, purpose), epoch, count);
        var bits = 64 - BitOperations.LeadingZeroCount((ulong)(count - 1));
        _leftBits = bits / 2;
        _rightBits = bits - _leftBits;
    }

    /// <summary>n: the permutation is of [0, n).</summary>
    public long Count { get; }

    /// <summary>The element at a place of the order.</summary>
    /// <param name="place">From 0 to n − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The place is outside [0, n).</exception>
    public long this[long place]
    {
        get
        {
            RequireWithin(place, 0, Count - 1, nameof(place));
            do
            {
                place = Encrypt(place);
            }
            while (place >= Count);

            return place;
        }
    }

    /// <summary>The place at which an element stands: the inverse of the indexer.</summary>
    /// <param name="element">From 0 to n − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The element is outside [0, n).</exception>
    public long PlaceOf(long element)
    {
        RequireWithin(element, 0, Count - 1, nameof(element));
        do
        {
            element = Decrypt(element);
        }
        while (element >= Count);

        return element;
    }

    private long Encrypt(long value)
    {
        var (left, right, leftBits, rightBits) = (value >> _rightBits, value & Mask(_rightBits), _leftBits, _rightBits);
        for (var round = 0; round < Rounds; round++)
        {
            (left, right) = (right, left ^ (Mixed(right, round) & Mask(leftBits)));
            (leftBits, rightBits) = (rightBits, leftBits);
        }

        return (left << rightBits) | right;
    }

    private long Decrypt(long value)
    {
        var (left, right, leftBits, rightBits) = (value >> _rightBits, value & Mask(_rightBits), _leftBits, _rightBits);
        for (var round = Rounds - 1; round >= 0; round--)
        {
            (left, right) = (right ^ (Mixed(left, round) & Mask(rightBits)), left);
            (leftBits, rightBits) = (rightBits, leftBits);
        }

        return (left << rightBits) | right;
    }

    private long Mixed(long half, int round) => _random.Word(_epoch, half, round, index: 0);

    private static long Mask(int bits) => (1L << bits) - 1;

    private static void RequireWithin(long value, long lowest, long highest, string name)
    {
        if (value < lowest || value > highest)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be from {lowest} to {highest}.");
        }
    }
}
