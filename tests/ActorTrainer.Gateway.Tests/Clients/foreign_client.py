"""A client from another world: Python's own gRPC, and nothing of ActorTrainer but what the node says of itself.

It learns the API by server reflection, walks through it, and prints what it saw as one JSON object.
Usage: foreign_client.py HOST:PORT TOKEN   (needs grpcio and protobuf)
"""

import hashlib
import json
import sys

import grpc
from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, message_factory
from google.protobuf import timestamp_pb2  # noqa: F401  its descriptor is a dependency of jobs.proto

POOL = descriptor_pool.Default()
KINDS = {"string": 9, "bytes": 12, "int32": 5}


def declare(package, messages):
    """Declares messages that every gRPC ecosystem has, but that not every Python installation brings."""
    file = descriptor_pb2.FileDescriptorProto(name=package + ".proto", package=package, syntax="proto3")
    for name, fields in messages.items():
        declared = file.message_type.add(name=name)
        for number, (field, kind) in fields.items():
            repeated, kind = kind.endswith("*"), kind.rstrip("*")
            added = declared.field.add(name=field, number=number, label=3 if repeated else 1)
            if kind in KINDS:
                added.type = KINDS[kind]
            else:
                added.type, added.type_name = 11, kind
                if kind == ".google.protobuf.Any":
                    file.dependency.append(any_pb2.DESCRIPTOR.name)
    POOL.Add(file)


def message(name):
    return message_factory.MessageFactory(POOL).GetPrototype(POOL.FindMessageTypeByName(name))


declare("grpc.reflection.v1alpha", {
    "ServerReflectionRequest": {4: ("file_containing_symbol", "string")},
    "FileDescriptorResponse": {1: ("file_descriptor_proto", "bytes*")},
    "ServerReflectionResponse": {4: ("file_descriptor_response", ".grpc.reflection.v1alpha.FileDescriptorResponse")},
})
declare("grpc.health.v1", {
    "HealthCheckRequest": {1: ("service", "string")},
    "HealthCheckResponse": {1: ("status", "int32")},
})
declare("google.rpc", {
    "Status": {1: ("code", "int32"), 2: ("message", "string"), 3: ("details", ".google.protobuf.Any*")},
    "ErrorInfo": {1: ("reason", "string"), 2: ("domain", "string")},
    "FieldViolation": {1: ("field", "string"), 2: ("description", "string")},
    "BadRequest": {1: ("field_violations", ".google.rpc.FieldViolation*")},
})


def call(channel, path, request, response, stream_in=False, stream_out=False):
    make = {
        (False, False): channel.unary_unary,
        (False, True): channel.unary_stream,
        (True, False): channel.stream_unary,
        (True, True): channel.stream_stream,
    }[stream_in, stream_out]
    return make(path, request_serializer=request.SerializeToString, response_deserializer=response.FromString)


def learn(channel, headers, symbol):
    """Adds the file that holds a symbol, and all it imports, to the pool."""
    request, response = (message("grpc.reflection.v1alpha.ServerReflection" + end) for end in ("Request", "Response"))
    ask = call(channel, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", request, response, True, True)
    answer = next(ask(iter([request(file_containing_symbol=symbol)]), metadata=headers, timeout=10))
    waiting = [descriptor_pb2.FileDescriptorProto.FromString(raw) for raw in answer.file_descriptor_response.file_descriptor_proto]
    while waiting:
        for file in list(waiting):
            if all(name not in {other.name for other in waiting} for name in file.dependency):
                waiting.remove(file)
                try:
                    POOL.FindFileByName(file.name)
                except KeyError:
                    POOL.Add(file)


def service(channel, name, headers):
    """The methods of a service by name, each a function of its request."""
    def bind(method):
        request, response = message(method.input_type.full_name), message(method.output_type.full_name)
        proto = descriptor_pb2.MethodDescriptorProto()
        method.CopyToProto(proto)
        invoke = call(channel, "/%s/%s" % (name, method.name), request, response, proto.client_streaming, proto.server_streaming)
        return lambda argument: invoke(argument, metadata=headers, timeout=10)

    return {method.name: bind(method) for method in POOL.FindServiceByName(name).methods}


def refusal(action):
    """What a failed call says, out of the details that are made for programs."""
    try:
        action()
    except grpc.RpcError as error:
        raw = dict(error.trailing_metadata()).get("grpc-status-details-bin", b"")
        found = {"code": error.code().name, "message": error.details()}
        for detail in message("google.rpc.Status").FromString(raw).details:
            content = message(detail.type_url.split("/")[-1]).FromString(detail.value)
            if hasattr(content, "field_violations"):
                found["fields"] = {each.field: each.description for each in content.field_violations}
            else:
                found["reason"] = content.reason
        return found
    return None


def main(target, token):
    seen = {}
    headers = (("authorization", "Bearer " + token),)
    with grpc.insecure_channel(target, options=[("grpc.enable_http_proxy", 0)]) as channel:
        check = message("grpc.health.v1.HealthCheckRequest")
        health = call(channel, "/grpc.health.v1.Health/Check", check, message("grpc.health.v1.HealthCheckResponse"))
        seen["health"] = health(check(), timeout=10).status

        for symbol in ("actortrainer.v1.Jobs", "actortrainer.v1.Datasets"):
            learn(channel, headers, symbol)
        jobs, datasets = (service(channel, "actortrainer.v1." + name, headers) for name in ("Jobs", "Datasets"))

        def api(name, **fields):
            return message("actortrainer.v1." + name)(**fields)

        spec = api("JobSpec")
        spec.recipe.data.binary_addition.SetInParent()
        spec.recipe.model.layers.add().elman.units = 64
        spec.recipe.training.steps = 500
        valid = jobs["ValidateJob"](api("ValidateJobRequest", spec=spec))
        seen["validate"] = {"parameters": valid.parameters, "lanes": valid.spec.recipe.lanes}

        seen["submit"] = jobs["SubmitJob"](api("SubmitJobRequest", request_id="from-python", spec=spec)).job_id
        seen["watch"] = [
            [event.WhichOneof("event"), event.sequence]
            for event in jobs["WatchJob"](api("WatchJobRequest", job_id=seen["submit"]))
        ]

        data = bytes(range(256)) * 400
        sha256 = hashlib.sha256(data).hexdigest()
        parts = [api("UploadDatasetRequest", header=api("UploadHeader", sha256=sha256, length=len(data)))]
        parts += [api("UploadDatasetRequest", chunk=data[at:at + 65536]) for at in range(0, len(data), 65536)]
        seen["upload"] = datasets["UploadDataset"](iter(parts)).sha256 == sha256

        spec.recipe.lanes, spec.recipe.training.steps = 12, 0
        seen["invalid"] = refusal(lambda: jobs["SubmitJob"](api("SubmitJobRequest", request_id="r", spec=spec)))
        seen["missing"] = refusal(lambda: datasets["GetDataset"](api("GetDatasetRequest", sha256="0" * 64)))
        stranger = service(channel, "actortrainer.v1.Jobs", ())
        seen["stranger"] = refusal(lambda: stranger["GetJob"](api("GetJobRequest", job_id="a")))
    print(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
