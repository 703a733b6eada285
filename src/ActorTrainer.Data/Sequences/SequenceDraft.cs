namespace ActorTrainer.Data.Sequences;

/// <summary>One sequence while it is read; used again for the next one.</summary>
internal sealed class SequenceDraft
{
    /// <summary>Number of the group; −1: the file has none.</summary>
    public int Group { get; set; } = -1;

    public SequenceInput Input { get; private set; }

    /// <summary>Numbers of a step; 1 for symbols.</summary>
    public int Width { get; private set; }

    /// <summary>Time steps, also those that were too many to be held.</summary>
    public long Length { get; set; }

    /// <summary>[steps × width]; NaN: missing.</summary>
    public List<double> Values { get; } = [];

    /// <summary>[steps] numbers of events or characters.</summary>
    public List<int> Symbols { get; } = [];

    /// <summary>Whether every step has a label, and not the sequence one.</summary>
    public bool LabelAtEveryStep { get; set; }

    /// <summary>Numbers of a label; 1 for classes.</summary>
    public int LabelWidth { get; set; }

    /// <summary>[labels] numbers of classes; −1: masked.</summary>
    public List<int> Classes { get; } = [];

    /// <summary>[labels × label width]; NaN: masked.</summary>
    public List<double> Numbers { get; } = [];

    /// <summary>Labels that are held.</summary>
    public int Labels => Classes.Count + (LabelWidth == 0 ? 0 : Numbers.Count / LabelWidth);

    public void Begin(SequenceInput input, int width)
    {
        (Input, Width, Length) = (input, width, 0);
        Values.Clear();
        Symbols.Clear();
    }

    public void BeginLabels(int width)
    {
        (LabelAtEveryStep, LabelWidth) = (false, width);
        Classes.Clear();
        Numbers.Clear();
    }

    /// <summary>Appends the next number of the step that is being written, or what stands in for a missing one.</summary>
    /// <param name="value">NaN: missing.</param>
    /// <param name="missing">What to do then.</param>
    /// <returns>Why there is nothing to stand in; null: it was appended.</returns>
    public string? AddValue(double value, MissingValues missing)
    {
        if (double.IsNaN(value))
        {
            switch (missing)
            {
                case MissingValues.Error:
                    return "the number is missing. Give it, or let 'missing' say what stands in for it.";
                case MissingValues.Previous when Values.Count < Width:
                    return "the number is missing, and the sequence has none before it.";
                case MissingValues.Previous:
                    value = Values[^Width];
                    break;
                default:
                    // The mean is known when the training part was read.
                    break;
            }
        }

        Values.Add(value);
        return null;
    }
}
