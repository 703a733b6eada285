using ActorTrainer.Training.Recipes;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>Reads a run, fills in what was left out, and notes what cannot be read.</summary>
internal sealed class RecipeReader(FieldProblems problems)
{
    public Recipe Read(Proto.Recipe? recipe)
    {
        recipe ??= new Proto.Recipe();
        var data = new DataReader(problems).Read(recipe.Data);

        // Without data the job is refused; the rest is still looked at, without holding it to any data.
        return new Recipe(
            data!,
            new ModelReader(problems).Read(recipe.Model, data),
            new TrainingReader(problems).Read(recipe.Training),
            problems.Int("recipe.lanes", recipe.HasLanes ? recipe.Lanes : SpecDefaults.Lanes),
            recipe.HasSeed ? recipe.Seed : SpecDefaults.Seed);
    }
}
