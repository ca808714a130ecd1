import type { sendUnaryData, ServerUnaryCall, UntypedHandleCall } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import type { Account } from "./account";
import { asServiceError, checked, stateOf } from "./answers";
import { differences, fromStruct, toStruct, unknownValue, type Properties } from "./values";

/** The version of @pulumi/aws that the fake stands beside. */
const { version } = require("@pulumi/aws/package.json") as { version: string };

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- gRPC hands over what the method is named after
type Handler = (request: any) => unknown;

/** The resource provider `aws` as the engine speaks to it, over an account that is faked. */
export function serve(account: Account): Record<string, UntypedHandleCall> {
  let defaultTags: Properties | undefined;

  const handlers: Record<string, Handler> = {
    handshake: () => new proto.ProviderHandshakeResponse(),
    attach: () => new Empty(),
    cancel: () => new Empty(),
    getPluginInfo() {
      const info = new PluginInfo();
      info.setVersion(version);
      return info;
    },
    getSchema() {
      const response = new proto.GetSchemaResponse();
      response.setSchema(JSON.stringify({ name: "aws", version }));
      return response;
    },
    checkConfig: (request: proto.CheckRequest) => checked(fromStruct(request.getNews())),
    diffConfig: () => new proto.DiffResponse(),
    configure(request: proto.ConfigureRequest) {
      const config = parsed(fromStruct(request.getArgs()));
      account.open(config);
      defaultTags = (config.defaultTags as { tags?: Properties } | undefined)?.tags;
      const response = new proto.ConfigureResponse();
      response.setSupportspreview(true);
      return response;
    },
    invoke(request: proto.InvokeRequest) {
      const response = new proto.InvokeResponse();
      response.setReturn(toStruct(account.lookUp(request.getTok(), fromStruct(request.getArgs()))));
      return response;
    },
    check(request: proto.CheckRequest) {
      const urn = request.getUrn();
      const { name } = account.rule(typeOf(urn));
      const news = fromStruct(request.getNews());
      if ("tags" in news) news.tagsAll = { ...defaultTags, ...(news.tags as Properties) };
      if (name && news[name] === undefined && news[`${name}Prefix`] === undefined) {
        const digits = Buffer.from(request.getRandomseed_asU8()).toString("hex").slice(0, 7);
        news[name] = fromStruct(request.getOlds())[name] ?? `${nameOf(urn)}-${digits}`;
      }
      return checked(news);
    },
    diff(request: proto.DiffRequest) {
      const { name, replace } = account.rule(typeOf(request.getUrn()));
      const news = fromStruct(request.getNews());
      const changed = differences(fromStruct(request.getOldInputs()), news);
      const replaced = changed.filter((path) => replace.some((field) => `${path}.`.startsWith(`${field}.`)));
      const response = new proto.DiffResponse();
      const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
      response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
      response.setDiffsList(changed);
      response.setReplacesList(replaced);
      // Two things of one name that the program chose cannot stand side by side.
      const isNamed = name !== undefined && news[name] !== undefined;
      response.setDeletebeforereplace(replaced.length > 0 && isNamed && !replaced.includes(name));
      return response;
    },
    async create(request: proto.CreateRequest) {
      const type = typeOf(request.getUrn());
      const inputs = fromStruct(request.getProperties());
      const response = new proto.CreateResponse();
      if (request.getPreview()) {
        const chosen = ["id", ...account.chosen(type, inputs)].map((key) => [key, unknownValue]);
        response.setProperties(toStruct({ ...(Object.fromEntries(chosen) as Properties), ...inputs }));
        return response;
      }
      const thing = await account.create(type, inputs);
      response.setId(thing.id);
      response.setProperties(toStruct(stateOf(thing)));
      return response;
    },
    read(request: proto.ReadRequest) {
      const thing = account.find(typeOf(request.getUrn()), request.getId());
      const response = new proto.ReadResponse();
      if (!thing) return response;
      response.setId(thing.id);
      response.setProperties(toStruct(stateOf(thing)));
      response.setInputs(toStruct(thing.inputs));
      return response;
    },
    async update(request: proto.UpdateRequest) {
      const inputs = fromStruct(request.getNews());
      const response = new proto.UpdateResponse();
      const next = request.getPreview()
        ? { ...fromStruct(request.getOlds()), ...inputs }
        : stateOf(await account.update(typeOf(request.getUrn()), request.getId(), inputs));
      response.setProperties(toStruct(next));
      return response;
    },
    async delete(request: proto.DeleteRequest) {
      await account.delete(typeOf(request.getUrn()), request.getId());
      return new Empty();
    },
  };
  return Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, answering(handler)]));
}

function answering(handler: Handler): UntypedHandleCall {
  return (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>) => {
    void Promise.resolve(call.request)
      .then(handler)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(asServiceError(error)),
      );
  };
}

function typeOf(urn: string): string {
  return urn.split("::")[2]!.split("$").at(-1)!;
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** Settings of a provider that are no texts arrive as JSON. */
function parsed(args: Properties): Properties {
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => {
      const isJson = typeof value === "string" && /^[[{]/.test(value);
      return [key, isJson ? (JSON.parse(value) as unknown) : value];
    }),
  );
}
