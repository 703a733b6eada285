namespace ActorTrainer.Data.Images;

/// <summary>How pixels become what a network sees.</summary>
internal static class Picture
{
    /// <summary>x / 255 of every byte x: 0 is background, 1 is ink.</summary>
    private static readonly float[] Shades = [.. Enumerable.Range(0, 256).Select(pixel => pixel / 255f)];

    /// <summary>Writes one picture as one row of a batch.</summary>
    /// <param name="pixels">[time × inputSize], row by row.</param>
    /// <param name="features">[time × rows × inputSize] of the batch.</param>
    public static void Write(ReadOnlySpan<byte> pixels, Span<float> features, int inputSize, int rows, int row)
    {
        for (var (t, done) = (0, 0); done < pixels.Length; t++, done += inputSize)
        {
            var line = pixels.Slice(done, inputSize);
            var seen = features.Slice(((t * rows) + row) * inputSize, inputSize);
            for (var i = 0; i < line.Length; i++)
            {
                seen[i] = Shades[line[i]];
            }
        }
    }
}
