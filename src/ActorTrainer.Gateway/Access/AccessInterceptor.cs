using ActorTrainer.Gateway.Errors;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ActorTrainer.Gateway.Access;

/// <summary>
/// Lets a call in that carries the token. Health is open: it says only that the node serves, and those
/// who ask (supervisors, probes) should hold no secret for it.
/// </summary>
internal sealed class AccessInterceptor(AccessToken token) : Interceptor
{
    private const string OpenService = "/grpc.health.v1.Health/";

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Require(context);
        return continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Require(context);
        return continuation(requestStream, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Require(context);
        return continuation(request, responseStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Require(context);
        return continuation(requestStream, responseStream, context);
    }

    private void Require(ServerCallContext context)
    {
        if (context.Method.StartsWith(OpenService, StringComparison.Ordinal))
        {
            return;
        }

        var authorization = context.RequestHeaders.GetValue("authorization");
        if (string.IsNullOrEmpty(authorization))
        {
            throw ApiError.Of(
                StatusCode.Unauthenticated,
                ErrorReason.TokenMissing,
                $"the call carries no token; send 'authorization: Bearer TOKEN' with what {token.Place} holds");
        }

        if (!token.Admits(authorization))
        {
            throw ApiError.Of(
                StatusCode.Unauthenticated,
                ErrorReason.TokenWrong,
                $"the token is not this node's; send 'authorization: Bearer TOKEN' with what {token.Place} holds now");
        }
    }
}
