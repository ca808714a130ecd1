import { findToolchain } from "../../../infra/providers/embedded/toolchain";
import { formatStep, startArgoCd, startControlPlane } from "../../../infra/providers/embedded/runtime";

/**
 * Starts a whole embedded cluster in a process of its own, which a test may kill: `starter.ts ROOT NAME`. Each step is a
 * line on stdout before it is done.
 */
async function main([root, name]: string[]): Promise<void> {
  if (!root || !name) throw new Error("usage: starter.ts ROOT NAME");
  const toolchain = await findToolchain({ parts: ["cluster", "argocd"] });
  if (!toolchain) throw new Error("the toolchain is not built: run `make toolchain`");
  const { bin, manifests, versions } = toolchain;
  const report = (event: Parameters<typeof formatStep>[0]) => {
    if (event.action !== "wait") process.stdout.write(`${formatStep(event)}\n`);
  };
  await startControlPlane({ root, name, bin, version: `v${versions.kubernetes}`, report });
  const secrets = { redisPassword: "open", webhookSecret: "sesame" };
  await startArgoCd({ root, name, bin, manifests, configMaps: {}, ...secrets, report });
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
