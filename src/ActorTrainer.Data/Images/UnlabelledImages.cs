using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Images;

/// <summary>Pictures whose labels a model is asked for.</summary>
public sealed class UnlabelledImages
{
    private readonly byte[] _pixels;

    private UnlabelledImages(byte[] pixels, int count, int time, int inputSize) =>
        (_pixels, Count, Time, InputSize) = (pixels, count, time, inputSize);

    /// <summary>Pictures.</summary>
    public int Count { get; }

    /// <summary>Time steps of a picture: its rows, or 1.</summary>
    public int Time { get; }

    /// <summary>Pixels of a time step.</summary>
    public int InputSize { get; }

    /// <summary>Pictures from an IDX file of rank 3, plain or gzip.</summary>
    /// <param name="inputSize">Features of the model: as many as a picture has columns, or pixels.</param>
    /// <exception cref="InvalidDataSetException">The file is broken, or its pictures are of another size.</exception>
    public static UnlabelledImages FromIdx(Stream images, int inputSize, DataLimits limits)
    {
        var file = IdxFile.Read(images, "images", rank: 3, limits);
        var (count, rows, columns) = (file.Dimensions[0], file.Dimensions[1], file.Dimensions[2]);
        if (columns == inputSize)
        {
            return new UnlabelledImages(file.Bytes, count, rows, inputSize);
        }

        return rows * columns == inputSize
            ? new UnlabelledImages(file.Bytes, count, 1, inputSize)
            : throw new InvalidDataSetException(
                $"The images have {rows} × {columns} pixels; the model reads {inputSize} at a time, which is neither a row nor a whole image.");
    }

    /// <summary>Pictures from a table of numbers: each row the pixels of one picture, from 0 to 255, line by line.</summary>
    /// <param name="table">Rows of one width, a multiple of <paramref name="inputSize"/>.</param>
    /// <param name="inputSize">Features of the model.</param>
    /// <exception cref="InvalidDataSetException">A row is of another width, or a number is no pixel.</exception>
    public static UnlabelledImages FromTable(IReadOnlyList<double[]> table, int inputSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputSize, 1);
        var width = table.Count == 0 ? inputSize : table[0].Length;
        if (width == 0 || width % inputSize != 0)
        {
            throw new InvalidDataSetException($"An image has {width} numbers; the model reads {inputSize} at a time, so that it must be a multiple of that.");
        }

        var pixels = new byte[checked(table.Count * width)];
        for (var row = 0; row < table.Count; row++)
        {
            if (table[row].Length != width)
            {
                throw new InvalidDataSetException($"Image {row + 1} has {table[row].Length} numbers and the first {width}; all must have as many.", row + 1);
            }

            for (var i = 0; i < width; i++)
            {
                var value = table[row][i];
                if (!(value is >= 0 and <= 255) || value != Math.Floor(value))
                {
                    throw new InvalidDataSetException($"Pixel {i + 1} of image {row + 1} is {value}; pixels are whole numbers from 0 to 255.", row + 1);
                }

                pixels[(row * width) + i] = (byte)value;
            }
        }

        return new UnlabelledImages(pixels, table.Count, width / inputSize, inputSize);
    }

    /// <summary>Resizes the batch to pictures <paramref name="first"/> … first + rows − 1 and writes their features.</summary>
    /// <exception cref="ArgumentException">The batch reads other features, or there are no such pictures.</exception>
    public void Fill(SequenceBatch batch, int first, int rows)
    {
        if (batch.Spec.Input != InputKind.Features || batch.Spec.InputSize != InputSize)
        {
            throw new ArgumentException($"the batch is for {batch.Spec.InputSize} {batch.Spec.Input}; images have {InputSize} features.", nameof(batch));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, Count - first);
        batch.Resize(Time, rows);
        batch.TargetWeights.Clear();
        batch.Classes.Clear();
        var size = Time * InputSize;
        for (var row = 0; row < rows; row++)
        {
            Picture.Write(_pixels.AsSpan((first + row) * size, size), batch.Features, InputSize, rows, row);
        }
    }
}
