namespace ActorTrainer.Cli.Tests.JobFiles;

public sealed class SettingTests
{
    private const string Job = """
        recipe:
          data: {text: {path: ../src, include: ["*.cs"]}}
          model: {layers: [{embedding: {dimension: 8}}, {lstm: {units: 16}}]}
          training: {steps: 10, optimizer: {adam: {beta1: 0.8}}}
        """;

    [Fact]
    public void A_setting_takes_the_place_of_what_the_file_says_or_adds_to_it()
    {
        var spec = JobFileTests.Read(
            Job, "recipe.training.steps=20", "recipe.lanes=4", "placement.parameter_shards=3", "placement.labels.team=red").Spec;

        Assert.Equal(20u, spec.Recipe.Training.Steps);
        Assert.Equal(4u, spec.Recipe.Lanes);
        Assert.Equal(3u, spec.Placement.ParameterShards);
        Assert.Equal("red", spec.Placement.Labels["team"]);
    }

    [Fact]
    public void The_first_word_may_be_left_out()
    {
        var spec = JobFileTests.Read(Job, "training.steps=20", "workers=5").Spec;

        Assert.Equal(20u, spec.Recipe.Training.Steps);
        Assert.Equal(5u, spec.Placement.Workers);
    }

    [Fact]
    public void The_last_of_several_settings_counts()
    {
        Assert.Equal(3u, JobFileTests.Read(Job, "seed=2", "seed=3").Spec.Recipe.Seed);
    }

    [Fact]
    public void A_value_may_be_a_list_or_a_mapping()
    {
        var spec = JobFileTests.Read(Job, "model.layers=[{elman: {units: 4}}]", "training.learning_rate={value: 1e-2, schedule: cosine}").Spec;

        Assert.Equal(4u, Assert.Single(spec.Recipe.Model.Layers).Elman.Units);
        Assert.Equal(0.01, spec.Recipe.Training.LearningRate.Value);
        Assert.Equal(64u, Assert.Single(JobFileTests.Read(Job, "recipe.model.layers=[{gru: {units: 64}}]").Spec.Recipe.Model.Layers).Gru.Units);
    }

    [Fact]
    public void An_item_of_a_list_is_named_by_its_number()
    {
        Assert.Equal(32u, JobFileTests.Read(Job, "model.layers.1.lstm.units=32").Spec.Recipe.Model.Layers[1].Lstm.Units);
        Assert.Equal(32u, JobFileTests.Read(Job, "model.layers[1].lstm.units=32").Spec.Recipe.Model.Layers[1].Lstm.Units);
    }

    [Fact]
    public void What_is_chosen_replaces_what_was_chosen_before()
    {
        Assert.NotNull(JobFileTests.Read(Job, "training.optimizer.sgd={}").Spec.Recipe.Training.Optimizer.Sgd);
        Assert.Equal(6u, JobFileTests.Read(Job, "model.layers.1.elman.units=6").Spec.Recipe.Model.Layers[1].Elman.Units);
    }

    [Fact]
    public void A_text_named_by_option_lies_where_the_user_stands()
    {
        var text = Assert.Single(JobFileTests.Read(Job, "recipe.data.text.path=some/file.txt").Files);

        Assert.Equal("some/file.txt", text.Path);
        Assert.Equal(0, text.At.Line);
    }

    [Fact]
    public void Steps_take_the_place_of_epochs_and_one_clipping_that_of_the_other()
    {
        const string Lines = "recipe: {data: {lines: {sha256: ab}}, training: {epochs: 3, clip_norm: 1}}";
        var training = JobFileTests.Read(Lines, "training.steps=5", "training.clip_value=0.5").Spec.Recipe.Training;

        Assert.Equal((5ul, false, false, 0.5), (training.Steps, training.HasEpochs, training.HasClipNorm, training.ClipValue));
        Assert.Equal(7ul, JobFileTests.Read(Lines, "training.steps=5", "training.epochs=7").Spec.Recipe.Training.Epochs);
    }

    [Fact]
    public void A_hash_takes_the_place_of_a_path()
    {
        var job = JobFileTests.Read(Job, "data.text.sha256=ab12");

        Assert.Empty(job.Files);
        Assert.Equal("ab12", job.Spec.Recipe.Data.Text.Sha256);
    }

    [Theory]
    [InlineData("training.stepz=5", "--set training.stepz=5: there is no field 'training.stepz'; did you mean 'training.steps'?")]
    [InlineData("recipe.trainin.steps=5", "--set recipe.trainin.steps=5: there is no field 'recipe.trainin.steps'; did you mean 'recipe.training.steps'?")]
    [InlineData("steps=5", "--set steps=5: there is no field 'steps'; did you mean 'training.steps'?")]
    [InlineData("wrokers=5", "--set wrokers=5: there is no field 'wrokers'; did you mean 'workers'?")]
    [InlineData("xyzzy=5", "--set xyzzy=5: there is no field 'xyzzy'; the fields are those of the job file")]
    [InlineData("training.steps.more=5", "--set training.steps.more=5: there is no field 'training.steps.more'; did you mean 'training.steps'?")]
    [InlineData("training.xyzzy=5", "--set training.xyzzy=5: there is no field 'training.xyzzy'; 'training' has steps, batch_size, optimizer, learning_rate, clip_norm, validation, epochs, clip_value")]
    [InlineData("training.steps=soon", "--set training.steps=soon: recipe.training.steps expects a whole number from 0 to 18446744073709551615; found 'soon'")]
    [InlineData("training.steps=", "--set training.steps=: recipe.training.steps expects a whole number from 0 to 18446744073709551615; found nothing")]
    [InlineData("training.steps", "--set training.steps: expected path=value, such as training.steps=500")]
    [InlineData("=5", "--set =5: expected path=value, such as training.steps=500")]
    [InlineData("model.layers.2.lstm.units=5", "--set model.layers.2.lstm.units=5: '2' is no item of layers; it has the items 0 to 1")]
    [InlineData("seed=&a 1", "--set seed=&a 1: anchor '&a' is not allowed in a job file")]
    [InlineData("training={steps: 1, stepz: 2}", "--set training={steps: 1, stepz: 2}: unknown key 'stepz'; did you mean 'steps'?")]
    public void A_wrong_setting_names_itself_and_what_is_near(string setting, string error)
    {
        Assert.Equal([error], JobFileTests.Errors(Job, setting));
    }
}
