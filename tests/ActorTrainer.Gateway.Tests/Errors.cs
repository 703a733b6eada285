using Google.Rpc;
using Grpc.Core;

namespace ActorTrainer.Gateway.Tests;

/// <summary>What a client reads out of a failed call.</summary>
internal static class Errors
{
    public static async Task<RpcException> Of(Func<Task> call) => await Assert.ThrowsAsync<RpcException>(call);

    public static ErrorInfo Info(this RpcException error)
    {
        var info = error.GetRpcStatus()?.GetDetail<ErrorInfo>();
        Assert.NotNull(info);
        Assert.Equal("actortrainer", info.Domain);
        return info;
    }

    public static Dictionary<string, string> Fields(this RpcException error)
    {
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        var request = error.GetRpcStatus()?.GetDetail<BadRequest>();
        Assert.NotNull(request);
        return request.FieldViolations.ToDictionary(violation => violation.Field, violation => violation.Description);
    }

    /// <summary>Asserts a status, and a reason under it.</summary>
    public static RpcException Expect(this RpcException error, StatusCode code, string reason)
    {
        Assert.Equal((code, reason), (error.StatusCode, error.Info().Reason));
        return error;
    }
}
