// Stands for `pulumi-language-nodejs`, which no package registry has: runs a program of Pulumi with the runner of @pulumi/pulumi,
// as it does. It names no plugins, so that Pulumi downloads none.
"use strict";
const { spawn } = require("node:child_process");
const { Server, ServerCredentials } = require("@grpc/grpc-js");
const { LanguageRuntimeService } = require("@pulumi/pulumi/proto/language_grpc_pb");
const { GetRequiredPackagesResponse, RunResponse } = require("@pulumi/pulumi/proto/language_pb");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");

const engine = process.argv.slice(2).find((word) => !word.startsWith("-")) ?? "";
/** How the runner ends when it has told the person what is wrong. */
const told = 32;

/** @param {any} request @returns {Promise<number>} */
function run(request) {
  const options = request.getInfo().getOptions().toJavaScript();
  const words = {
    ...{ monitor: request.getMonitorAddress(), engine, project: request.getProject(), stack: request.getStack() },
    ...{ organization: request.getOrganization(), pwd: request.getPwd(), parallel: request.getParallel() },
    "root-directory": request.getInfo().getRootDirectory(),
  };
  const args = [
    ...String(options.nodeargs ?? "")
      .split(" ")
      .filter(Boolean),
    require.resolve("@pulumi/pulumi/cmd/run"),
    ...Object.entries(words).map(([name, value]) => `--${name}=${value}`),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    request.getInfo().getEntryPoint(),
  ];
  const env = {
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
  const child = spawn("node", args, { cwd: request.getPwd(), env, stdio: ["ignore", "inherit", "inherit"] });
  return new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
}

const handlers = {
  getPluginInfo: (/** @type {any} */ _, /** @type {any} */ answer) => answer(null, new PluginInfo()),
  getRequiredPackages: (/** @type {any} */ _, /** @type {any} */ answer) =>
    answer(null, new GetRequiredPackagesResponse()),
  run(/** @type {any} */ call, /** @type {any} */ answer) {
    void run(call.request).then((code) => {
      const response = new RunResponse();
      response.setBail(code === told);
      if (code !== 0 && code !== told) response.setError(`the program ended with code ${code}`);
      answer(null, response);
    });
  },
};

const server = new Server();
server.addService(/** @type {any} */ (LanguageRuntimeService), /** @type {any} */ (handlers));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
