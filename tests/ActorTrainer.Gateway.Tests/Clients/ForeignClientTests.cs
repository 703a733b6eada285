using System.Diagnostics;
using System.Text.Json;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Gateway.Tests.Clients;

public sealed class ForeignClientTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [PythonGrpcFact]
    public async Task A_client_in_python_learns_the_api_by_reflection_and_walks_through_it()
    {
        gateway.Registry.Answer = request =>
        {
            if (request is Watch watch)
            {
                watch.Subscriber.Tell(new JobEvent.Snapshot(0, Specs.View(JobState.Queued)));
                watch.Subscriber.Tell(new JobEvent.StepCommitted(1, 1, 0.5, 1, 0.001, 80));
                watch.Subscriber.Tell(new JobEvent.Snapshot(1, Specs.View(JobState.Completed)));
                watch.Subscriber.Tell(new WatchEnded(watch.Job));
                return null;
            }

            return request is Submit ? Specs.View(JobState.Queued) : null;
        };

        var seen = await Run(gateway.Endpoint.Authority, gateway.Token.Value);

        const int serving = 1;
        Assert.Equal(serving, seen.GetProperty("health").GetInt32());
        Assert.Equal(4_353, seen.GetProperty("validate").GetProperty("parameters").GetInt32());
        Assert.Equal(8, seen.GetProperty("validate").GetProperty("lanes").GetInt32());
        Assert.Equal("sum-12", seen.GetProperty("submit").GetString());
        Assert.Equal("[[\"snapshot\", 0], [\"step\", 1], [\"snapshot\", 1]]", seen.GetProperty("watch").GetRawText());
        Assert.True(seen.GetProperty("upload").GetBoolean());

        var invalid = seen.GetProperty("invalid");
        Assert.Equal("INVALID_ARGUMENT", invalid.GetProperty("code").GetString());
        Assert.Equal(
            ["spec.recipe.lanes", "spec.recipe.training.steps"],
            invalid.GetProperty("fields").EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
        Assert.Equal("DATASET_NOT_FOUND", seen.GetProperty("missing").GetProperty("reason").GetString());
        Assert.Equal("UNAUTHENTICATED", seen.GetProperty("stranger").GetProperty("code").GetString());
        Assert.Equal("TOKEN_MISSING", seen.GetProperty("stranger").GetProperty("reason").GetString());
    }

    private static async Task<JsonElement> Run(string target, string token)
    {
        using var client = Process.Start(new ProcessStartInfo(PythonGrpcFactAttribute.Python)
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Clients", "foreign_client.py"), target, token },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (client.StandardOutput.ReadToEndAsync(), client.StandardError.ReadToEndAsync());
        await client.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        Assert.True(client.ExitCode == 0, await errors);
        return JsonDocument.Parse(await output).RootElement;
    }
}
