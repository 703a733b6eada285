using System.Collections.Immutable;
using ActorTrainer.Training.Recipes;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using RpcStatus = Google.Rpc.Status;

namespace ActorTrainer.Gateway.Errors;

/// <summary>The public error model: one google.rpc.Status per failed call, with details that a program can read.</summary>
internal static class ApiError
{
    /// <summary>Most violations that one answer carries; trailers have a bound, and nobody reads more.</summary>
    private const int MostViolations = 50;

    /// <summary>INVALID_ARGUMENT with every wrong field at once.</summary>
    public static RpcException InvalidArgument(ImmutableArray<FieldViolation> violations)
    {
        var request = new BadRequest();
        foreach (var violation in violations.Take(MostViolations))
        {
            request.FieldViolations.Add(new BadRequest.Types.FieldViolation
            {
                Field = violation.Field,
                Description = violation.Description,
            });
        }

        var first = violations[0];
        var others = violations.Length - 1;
        var more = others == 0 ? "" : others == 1 ? " (and 1 more field)" : $" (and {others} more fields)";
        return new RpcStatus
        {
            Code = (int)Code.InvalidArgument,
            Message = $"{first.Field}: {first.Description}{more}",
            Details = { Any.Pack(request) },
        }.ToRpcException();
    }

    /// <summary>INVALID_ARGUMENT for a single field.</summary>
    public static RpcException InvalidArgument(string field, string found, string allowed) =>
        InvalidArgument([new FieldViolation(field, found, allowed, null)]);

    /// <summary>Any other status, with its reason for programs and a message that says what to do.</summary>
    public static RpcException Of(StatusCode code, string reason, string message, params ReadOnlySpan<(string Key, string Value)> metadata)
    {
        var info = new ErrorInfo { Domain = ErrorReason.Domain, Reason = reason };
        foreach (var (key, value) in metadata)
        {
            info.Metadata[key] = value;
        }

        return new RpcStatus { Code = (int)code, Message = message, Details = { Any.Pack(info) } }.ToRpcException();
    }
}
