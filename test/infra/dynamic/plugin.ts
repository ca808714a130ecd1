import type { ChildProcess } from "node:child_process";
import * as grpc from "@grpc/grpc-js";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

type Properties = Record<string, JavaScriptValue>;
const urn = "urn:pulumi:dev::onebranch::pulumi-nodejs:onebranch:EmbeddedControlPlane::cluster";

/** Pulumi's plugin for dynamic resources, called the way the engine calls it. */
export class Plugin {
  private constructor(private readonly client: ResourceProviderClient) {}

  /** Waits for the port that the plugin prints first. */
  static async connect(child: ChildProcess): Promise<Plugin> {
    const port = await new Promise<string>((resolve, reject) => {
      child.stdout!.once("data", (data: Buffer) => resolve(data.toString().trim()));
      child.once("exit", (code) => reject(new Error(`the plugin ended with exit code ${code}`)));
    });
    return new Plugin(new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure()));
  }

  close(): void {
    this.client.close();
  }

  async create(inputs: Properties): Promise<string> {
    const request = new provider.CreateRequest();
    request.setUrn(urn);
    request.setProperties(Struct.fromJavaScript(inputs));
    const answer = await call<provider.CreateResponse>((done) => this.client.create(request, done));
    return answer.getId();
  }

  async diff(id: string, olds: Properties, news: Properties): Promise<{ changes: boolean; replaces: string[] }> {
    const request = new provider.DiffRequest();
    request.setId(id);
    request.setOlds(Struct.fromJavaScript(olds));
    request.setNews(Struct.fromJavaScript(news));
    const answer = await call<provider.DiffResponse>((done) => this.client.diff(request, done));
    const changes = answer.getChanges() === provider.DiffResponse.DiffChanges.DIFF_SOME;
    return { changes, replaces: answer.getReplacesList() };
  }

  /** The id the resource has now; empty: it is gone. */
  async read(id: string, properties: Properties): Promise<string> {
    const request = new provider.ReadRequest();
    request.setId(id);
    request.setProperties(Struct.fromJavaScript(properties));
    const answer = await call<provider.ReadResponse>((done) => this.client.read(request, done));
    return answer.getId();
  }

  async delete(id: string, properties: Properties): Promise<void> {
    const request = new provider.DeleteRequest();
    request.setId(id);
    request.setProperties(Struct.fromJavaScript(properties));
    await call((done) => this.client.delete(request, done));
  }
}

function call<T>(start: (done: (error: grpc.ServiceError | null, answer: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => start((error, answer) => (error ? reject(error) : resolve(answer))));
}
