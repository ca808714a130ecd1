import { Metadata, status as codes, type ServiceError } from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { CheckResponse, ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { HalfDone } from "./account";
import { isMapping } from "../../../model/mapping";
import type { Thing } from "./ledger";
import { toStruct, type Properties } from "./values";

/** A thing as the engine records it: what AWS chose beside what was asked for, also inside a block. */
export function stateOf({ id, inputs, outputs }: Thing): Properties {
  const chosen = Object.entries(outputs).map(([key, value]) => {
    const asked = inputs[key];
    return [key, isMapping(asked) && isMapping(value) ? { ...asked, ...value } : value] as const;
  });
  return { ...inputs, ...Object.fromEntries(chosen), id };
}

export function checked(inputs: Properties): CheckResponse {
  const response = new CheckResponse();
  response.setInputs(toStruct(inputs));
  return response;
}

/** An error as gRPC carries it. With work that was done, the engine keeps the resource and knows that it is not as it should be. */
export function asServiceError(error: unknown): ServiceError {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = new Metadata();
  if (error instanceof HalfDone) {
    const detail = new ErrorResourceInitFailed();
    detail.setId(error.thing.id);
    detail.setProperties(toStruct(stateOf(error.thing)));
    detail.setInputs(toStruct(error.thing.inputs));
    detail.setReasonsList([message]);
    const any = new Any();
    any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new Status();
    status.setCode(codes.UNKNOWN);
    status.setMessage(message);
    status.addDetails(any);
    metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  }
  return Object.assign(new Error(message), { code: codes.UNKNOWN, details: message, metadata });
}
