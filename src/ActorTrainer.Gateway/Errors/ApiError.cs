using System.Collections.Immutable;
using System.Globalization;
using ActorTrainer.Data;
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

    /// <summary>Characters of a message about data; trailers have a bound (HTTP/2 headers), and a message stands in them twice.</summary>
    private const int LongestMessage = 2_000;

    private const int LongestName = 200;

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

    /// <summary>INVALID_ARGUMENT for data that was sent: the field, and for programs the row and the column.</summary>
    public static RpcException InvalidData(string field, InvalidDataSetException invalid)
    {
        var info = new ErrorInfo { Domain = ErrorReason.Domain, Reason = ErrorReason.DataInvalid };
        if (invalid.Row is { } row)
        {
            info.Metadata["row"] = row.ToString(CultureInfo.InvariantCulture);
        }

        if (invalid.Column is { } column)
        {
            info.Metadata["column"] = Shortened(column, LongestName);
        }

        var message = Shortened(invalid.Message, LongestMessage);
        var request = new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = field, Description = message } } };
        return new RpcStatus { Code = (int)Code.InvalidArgument, Message = message, Details = { Any.Pack(request), Any.Pack(info) } }.ToRpcException();
    }

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

    private static string Shortened(string text, int length) => text.Length <= length ? text : text[..length] + "…";
}
