using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Gateway.Hosting;

/// <summary>
/// Where the node of a data directory can be called: the file <c>gateway.json</c>, there as long as the
/// node serves, so that the program finds it.
/// </summary>
/// <param name="Endpoint">For example http://127.0.0.1:41234, or https where the node has certificates.</param>
/// <param name="Pid">The node's process.</param>
/// <param name="Started">When the gateway began to listen.</param>
public sealed record GatewayEndpoint(
    [property: JsonPropertyName("endpoint")] Uri Endpoint,
    [property: JsonPropertyName("pid")] int Pid,
    [property: JsonPropertyName("started")] DateTimeOffset Started)
{
    /// <summary>Name of the file in the data directory.</summary>
    public const string FileName = "gateway.json";

    /// <summary>The authority by which the node is believed; null: without TLS.</summary>
    [JsonPropertyName("ca"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Authority { get; init; }

    /// <summary>The name that the node's certificate bears; null: without TLS.</summary>
    [JsonPropertyName("name"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>The file of the token that the node was given; null: it made its own, in the data directory.</summary>
    [JsonPropertyName("token_file"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TokenFile { get; init; }

    /// <summary>
    /// The node that serves a data directory; null when there is none: no file, or one that a killed process
    /// left behind. That somebody answers there is for the first call to find out.
    /// </summary>
    public static GatewayEndpoint? Find(string dataDirectory)
    {
        var found = Read(dataDirectory);
        return found is not null && Lives(found.Pid) ? found : null;
    }

    internal void Write(string dataDirectory) =>
        PrivateFiles.WriteWhole(Path.Combine(dataDirectory, FileName), JsonSerializer.Serialize(this, GatewayEndpointJson.Default.GatewayEndpoint) + "\n");

    /// <summary>Takes the file away, unless another node has written its own in the meantime.</summary>
    internal void Remove(string dataDirectory)
    {
        if (Read(dataDirectory) == this)
        {
            File.Delete(Path.Combine(dataDirectory, FileName));
        }
    }

    private static GatewayEndpoint? Read(string dataDirectory)
    {
        try
        {
            var endpoint = JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(dataDirectory, FileName)), GatewayEndpointJson.Default.GatewayEndpoint);
            return endpoint?.Endpoint is null ? null : endpoint;
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return null;
        }
    }

    private static bool Lives(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return false;
        }
        catch (Win32Exception)
        {
            // It lives, but belongs to somebody else.
            return true;
        }
    }
}

/// <summary>Made when the program is built: looking into the record while a gateway starts would cost it a part of its start.</summary>
[JsonSerializable(typeof(GatewayEndpoint))]
internal sealed partial class GatewayEndpointJson : JsonSerializerContext;
