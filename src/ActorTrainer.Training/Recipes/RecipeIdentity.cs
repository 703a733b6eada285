using System.Security.Cryptography;
using System.Text;

namespace ActorTrainer.Training.Recipes;

/// <summary>What a run is called by: equal recipes have equal hashes, and nothing of the placement is in it.</summary>
public static class RecipeIdentity
{
    /// <summary>SHA-256 of the canonical JSON (RFC 8785, UTF-8), 64 lower-case hexadecimal digits.</summary>
    public static string Sha256(Recipe recipe) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(RecipeJson.Write(recipe))));
}
