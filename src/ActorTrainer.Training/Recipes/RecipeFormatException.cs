namespace ActorTrainer.Training.Recipes;

/// <summary>A text that should be a recipe's canonical JSON is none; the message names the field.</summary>
public sealed class RecipeFormatException(string message, Exception? cause = null) : Exception(message, cause);
