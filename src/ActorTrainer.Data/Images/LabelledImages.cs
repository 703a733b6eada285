namespace ActorTrainer.Data.Images;

/// <summary>Pictures of one size, each with its label: two IDX files that belong together.</summary>
internal sealed class LabelledImages
{
    private readonly IdxFile _images;
    private readonly IdxFile _labels;

    /// <param name="images">IDX of rank 3: pictures, rows, columns.</param>
    /// <param name="labels">IDX of rank 1.</param>
    /// <param name="part">"" or "validation ": whose files they are, in errors.</param>
    /// <exception cref="InvalidDataSetException">A file is broken, or they do not belong together.</exception>
    public LabelledImages(Stream images, Stream labels, string part, DataLimits limits)
    {
        // The labels first: they are small, and wrong files are refused before the large one is read.
        _labels = IdxFile.Read(labels, $"{part}labels", rank: 1, limits);
        _images = IdxFile.Read(images, $"{part}images", rank: 3, limits);
        if (_images.Dimensions[0] != _labels.Dimensions[0])
        {
            throw new InvalidDataSetException(
                $"There are {_images.Dimensions[0]} {part}images and {_labels.Dimensions[0]} {part}labels; each image needs its label.");
        }
    }

    public int Count => _images.Dimensions[0];

    public int Rows => _images.Dimensions[1];

    public int Columns => _images.Dimensions[2];

    public ReadOnlySpan<byte> Labels => _labels.Values;

    public ReadOnlySpan<byte> Pixels(int image) => _images.Values.Slice(image * Rows * Columns, Rows * Columns);
}
