import { findToolchain } from "../../../infra/providers/embedded/toolchain";
import { formatStep, startArgoCd, startControlPlane } from "../../../infra/providers/embedded/runtime";

type ConfigMaps = Parameters<typeof startArgoCd>[0]["configMaps"];

/**
 * Starts a whole embedded cluster in a process of its own, which a test may kill: `starter.ts ROOT NAME CONFIGMAPS`. Each
 * step is a line on stdout before it is done.
 */
async function main([root, name, configMaps]: string[]): Promise<void> {
  if (!root || !name || !configMaps) throw new Error("usage: starter.ts ROOT NAME CONFIGMAPS");
  const toolchain = await findToolchain({ parts: ["cluster", "argocd"] });
  if (!toolchain) throw new Error("the toolchain is not built: run `make toolchain`");
  const { bin, manifests, versions } = toolchain;
  const report = (event: Parameters<typeof formatStep>[0]) => {
    if (event.action !== "wait") process.stdout.write(`${formatStep(event)}\n`);
  };
  await startControlPlane({ root, name, bin, version: `v${versions.kubernetes}`, report });
  const secrets = { redisPassword: "open", webhookSecret: "sesame" };
  await startArgoCd({
    root,
    name,
    bin,
    manifests,
    configMaps: JSON.parse(configMaps) as ConfigMaps,
    ...secrets,
    report,
  });
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
