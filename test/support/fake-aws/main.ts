import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Account } from "./account";
import { playCloud, realPlane } from "./cloud";
import { serve } from "./service";

/** Serves an account on a port of loopback and prints it, as Pulumi expects of a plugin. Ends when its standard input does. */
const directory = process.env.FAKE_AWS_DIRECTORY;
if (!directory) throw new Error("FAKE_AWS_DIRECTORY names no directory");
// A control plane that runs, for the tests that look into the cluster too.
const kubeconfig = process.env.FAKE_AWS_KUBECONFIG;
const account = new Account(directory, kubeconfig === undefined ? undefined : realPlane(kubeconfig));
if (kubeconfig !== undefined) playCloud(kubeconfig, account, directory);
const server = new Server();
server.addService(ResourceProviderService as never, serve(account));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
process.stdin.resume().on("end", () => process.exit());
