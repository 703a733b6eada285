namespace ActorTrainer.Training.Recipes;

/// <summary>Holds a placement to written bounds, and what people write to what can be shown.</summary>
internal static class PlacementValidation
{
    private const string LabelKeyForm = "a letter or digit, then letters, digits and . _ / -, at most 63 in all";

    public static void Check(Placement placement, ViolationList violations)
    {
        if (placement is null)
        {
            violations.Add("placement", "nothing", "a placement, whose every field has a default");
            return;
        }

        if (placement.Name is null || placement.Name.Length > RecipeLimits.MaxNameLength || placement.Name.Any(char.IsControl))
        {
            violations.Add(
                "placement.name",
                ViolationList.Quoted(placement.Name ?? ""),
                $"at most {RecipeLimits.MaxNameLength} characters, none of them a control character");
        }

        violations.Range("placement.workers", placement.Workers, 1, RecipeLimits.MaxWorkers);
        violations.Range("placement.minimum_workers", placement.MinimumWorkers, 1, Math.Clamp(placement.Workers, 1, RecipeLimits.MaxWorkers));
        violations.Range("placement.parameter_shards", placement.ParameterShards, 1, RecipeLimits.MaxParameterShards);
        violations.Range("placement.checkpoint_interval", placement.CheckpointInterval == DefaultCheckpointInterval.Unset ? 1 : placement.CheckpointInterval, 1, RecipeLimits.MaxCheckpointInterval, "steps");
        if (placement.Labels is null)
        {
            return;
        }

        if (placement.Labels.Count > RecipeLimits.MaxLabels)
        {
            violations.Add("placement.labels", $"{placement.Labels.Count} labels", $"at most {RecipeLimits.MaxLabels} labels");
            return;
        }

        foreach (var (key, value) in placement.Labels)
        {
            if (!IsLabelKey(key))
            {
                violations.Add("placement.labels", ViolationList.Quoted(key), $"a key of the form: {LabelKeyForm}");
            }
            else if (value is null || value.Length > RecipeLimits.MaxLabelValueLength || value.Any(char.IsControl))
            {
                violations.Add(
                    $"placement.labels[{key}]",
                    ViolationList.Quoted(value ?? ""),
                    $"at most {RecipeLimits.MaxLabelValueLength} characters, none of them a control character");
            }
        }
    }

    private static bool IsLabelKey(string key) =>
        key.Length is > 0 and <= RecipeLimits.MaxLabelKeyLength
        && char.IsAsciiLetterOrDigit(key[0])
        && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '/' or '-');
}
