namespace ActorTrainer.Data;

/// <summary>How labelled sequences are written.</summary>
public enum SequencesFormat
{
    /// <summary>A table whose rows of equal group are one sequence.</summary>
    Csv,

    /// <summary>One JSON object a line, each a sequence.</summary>
    JsonLines,
}

/// <summary>What the label of a sequence is.</summary>
public enum LabelKind
{
    Class,
    Number,
}
