using System.Buffers.Binary;
using System.Text;

namespace ActorTrainer.Benchmarks.Libtorch;

/// <summary>The versions of symbols that a 64-bit ELF library asks others for (LSB Core, "Symbol Versioning").</summary>
internal static class VersionNeeds
{
    private const int SectionNeeds = 0x6ffffffe;
    private const short Weak = 2;

    /// <summary>Makes one version a wish instead of a demand, in the file.</summary>
    /// <returns>Whether it was demanded.</returns>
    public static bool Soften(string path, string version)
    {
        var file = File.ReadAllBytes(path);
        var hash = Hash(version);
        var sections = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(0x28));
        var (size, count) = (Short(file, 0x3a), Short(file, 0x3c));
        var changed = false;
        for (var i = 0; i < count; i++)
        {
            var section = file.AsSpan(sections + (i * size));
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) == SectionNeeds)
            {
                changed |= Soften(file, (int)BinaryPrimitives.ReadInt64LittleEndian(section[0x18..]), hash);
            }
        }

        if (changed)
        {
            File.WriteAllBytes(path, file);
        }

        return changed;
    }

    /// <param name="need">Where the first library's entry stands: version, count, file, first auxiliary entry, next.</param>
    private static bool Soften(byte[] file, int need, uint hash)
    {
        var changed = false;
        for (var next = -1; next != 0; need += next)
        {
            var entry = need + Int(file, need + 8);
            for (var i = Short(file, need + 2); i > 0; i--)
            {
                // Hash, flags, index, name, next.
                if ((uint)Int(file, entry) == hash && Short(file, entry + 4) != Weak)
                {
                    BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(entry + 4), Weak);
                    changed = true;
                }

                entry += Int(file, entry + 12);
            }

            next = Int(file, need + 12);
        }

        return changed;
    }

    private static short Short(byte[] file, int at) => BinaryPrimitives.ReadInt16LittleEndian(file.AsSpan(at));

    private static int Int(byte[] file, int at) => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at));

    /// <summary>The hash of System V's ABI.</summary>
    private static uint Hash(string name)
    {
        var hash = 0u;
        foreach (var letter in Encoding.ASCII.GetBytes(name))
        {
            hash = (hash << 4) + letter;
            hash = (hash ^ ((hash & 0xf0000000) >> 24)) & 0x0fffffff;
        }

        return hash;
    }
}
