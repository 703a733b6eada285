using System.Collections.Immutable;
using System.Globalization;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Images;

/// <summary>
/// Pictures with labels, such as MNIST, in shuffled epochs (<see cref="EpochOrder"/>): a pixel x enters as
/// x / 255. Files are sorted by label more often than not; unshuffled, nothing would be learned from them.
/// </summary>
/// <remarks>Pixels stay bytes in memory. Classes are the labels that the training file has, ascending.</remarks>
public sealed class ImagesData : TrainingData
{
    private readonly LabelledImages _training;
    private readonly LabelledImages? _validation;
    private readonly EpochOrder _order;
    private readonly ImageLayout _layout;

    // By label: the class, or −1 where the training file lacks the label.
    private readonly int[] _classOf;

    /// <param name="images">IDX of rank 3 (pictures, rows, columns), unsigned bytes, plain or gzip; left open, as all are.</param>
    /// <param name="labels">IDX of rank 1, as many as there are pictures.</param>
    /// <param name="validationImages">Pictures of the same size; null: no validation.</param>
    /// <param name="validationLabels">Their labels; null exactly if they are.</param>
    /// <param name="layout">Whether a picture is a sequence of its rows or one time step.</param>
    /// <param name="head">Where the targets stand; of rows only <see cref="Head.LastStep"/>, while in flat pictures the one step is the last.</param>
    /// <param name="batchSize">Rows of a batch; at least 1.</param>
    /// <param name="seed">The recipe's seed, which orders the epochs.</param>
    /// <param name="limits">Bounds each file; null: the default ones.</param>
    /// <exception cref="InvalidDataSetException">A file is broken, or the files do not belong together.</exception>
    /// <exception cref="ArgumentException">The head is not at the last step of the rows, there is no row in a batch, or only one of the validation files is given.</exception>
    public ImagesData(
        Stream images,
        Stream labels,
        Stream? validationImages,
        Stream? validationLabels,
        ImageLayout layout,
        Head head,
        int batchSize,
        uint seed,
        DataLimits? limits = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (layout == ImageLayout.Rows && head != Head.LastStep)
        {
            throw new ArgumentException("a picture read row by row has one label, after its last row; the head must be at the last step.", nameof(head));
        }

        if ((validationImages is null) != (validationLabels is null))
        {
            throw new ArgumentException("validation needs both images and labels.", nameof(validationLabels));
        }

        limits ??= DataLimits.Default;
        (_layout, Head, BatchSize) = (layout, head, batchSize);
        _training = new LabelledImages(images, labels, "", limits);
        (_classOf, Classes) = ClassesOf(_training.Labels);
        _order = new EpochOrder(seed, _training.Count, batchSize);
        if (validationImages is not null && validationLabels is not null)
        {
            _validation = new LabelledImages(validationImages, validationLabels, "validation ", limits);
            RequireSame(_validation);
        }
    }

    /// <summary>The labels, by class.</summary>
    public ImmutableArray<string> Classes { get; }

    /// <summary>Pictures that are trained on.</summary>
    public int TrainingImages => _training.Count;

    /// <summary>Pictures that are only validated on.</summary>
    public int ValidationImages => _validation?.Count ?? 0;

    public override InputKind Input => InputKind.Features;

    public override int InputSize => _layout == ImageLayout.Rows ? _training.Columns : _training.Rows * _training.Columns;

    public override int Outputs => Classes.Length;

    public override LossKind NaturalLoss => LossKind.SoftmaxCrossEntropy;

    public override Head Head { get; }

    public override DataSchema Schema => DataSchema.Nameless(Input, InputSize, Outputs) with { Classes = Classes };

    public override long StepsPerEpoch => _order.StepsPerEpoch;

    public override bool CarriesState => false;

    public override int MaximumTime => _layout == ImageLayout.Rows ? _training.Rows : 1;

    public override int BatchSize { get; }

    public override long ValidationBatches => (ValidationImages + (long)BatchSize - 1) / BatchSize;

    public override int TrainingRows(long step)
    {
        RequireStep(step);
        return _order.Rows(step);
    }

    public override int ValidationRows(long validationBatch)
    {
        RequireValidationBatch(validationBatch);
        return (int)Math.Min(BatchSize, ValidationImages - (validationBatch * BatchSize));
    }

    public override bool TrainingStartsFromZeros(long step) => true;

    public override bool ValidationStartsFromZeros(long validationBatch) => true;

    public override void FillTraining(SequenceBatch batch, long step, ReadOnlySpan<int> rows)
    {
        Shape(batch, MaximumTime, rows, TrainingRows(step));
        for (var i = 0; i < rows.Length; i++)
        {
            Write(batch, i, _training, _order.Sample(step, rows[i]));
        }
    }

    public override void FillValidation(SequenceBatch batch, long validationBatch, ReadOnlySpan<int> rows)
    {
        Shape(batch, MaximumTime, rows, ValidationRows(validationBatch));
        for (var i = 0; i < rows.Length; i++)
        {
            Write(batch, i, _validation!, (int)(validationBatch * BatchSize) + rows[i]);
        }
    }

    private void Write(SequenceBatch batch, int row, LabelledImages from, int image)
    {
        Picture.Write(from.Pixels(image), batch.Features, InputSize, batch.Rows, row);

        // Only the last step has a target, also in a batch that has room for one at every step.
        for (var t = 0; t < batch.TargetTime; t++)
        {
            var place = (t * batch.Rows) + row;
            batch.Classes[place] = _classOf[from.Labels[image]];
            batch.TargetWeights[place] = t == batch.TargetTime - 1 ? 1f : 0f;
        }
    }

    private void RequireSame(LabelledImages validation)
    {
        if ((validation.Rows, validation.Columns) != (_training.Rows, _training.Columns))
        {
            throw new InvalidDataSetException(
                $"Validation images have {validation.Rows} × {validation.Columns} pixels and images {_training.Rows} × {_training.Columns}; they must be of one size.");
        }

        for (var image = 0; image < validation.Count; image++)
        {
            if (_classOf[validation.Labels[image]] < 0)
            {
                throw new InvalidDataSetException(
                    $"Validation label {image + 1} is {validation.Labels[image]}, which no training image has; labels are {string.Join(", ", Classes)}.");
            }
        }
    }

    private static (int[] ClassOf, ImmutableArray<string> Classes) ClassesOf(ReadOnlySpan<byte> labels)
    {
        var present = new bool[256];
        foreach (var label in labels)
        {
            present[label] = true;
        }

        var classOf = new int[256];
        var classes = ImmutableArray.CreateBuilder<string>();
        for (var label = 0; label < classOf.Length; label++)
        {
            classOf[label] = present[label] ? classes.Count : -1;
            if (present[label])
            {
                classes.Add(label.ToString(CultureInfo.InvariantCulture));
            }
        }

        return (classOf, classes.ToImmutable());
    }
}
