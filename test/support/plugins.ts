import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beside } from "./paths";

/** The real plugins of Pulumi and of kind, for tests only: a folder or an archive, named by a variable or beside the checkout. */
function source(): string | undefined {
  const named = process.env.ONEBRANCH_TEST_PLUGINS;
  const archive = join(beside, "plugins", "plugins-linux-amd64.tar.xz");
  return [named, archive].find((path) => path !== undefined && existsSync(path));
}

/** Why no test that needs real plugins can run here; undefined when they can. */
export function missingPlugins(): string | undefined {
  return source() ? undefined : "no Pulumi plugins: name their folder or archive in ONEBRANCH_TEST_PLUGINS";
}

/** A folder for PATH with the plugins, and a PULUMI_HOME in which the kind provider lies where the bridge looks for it. */
export function preparePlugins(): { path: string; home: string; base: string } {
  const from = source();
  if (!from) throw new Error(missingPlugins());
  const base = mkdtempSync(join(tmpdir(), "onebranch-plugins-"));
  const home = join(base, "home");
  let path = from;
  if (/\.tar(\.\w+)?$/.test(from)) {
    path = join(base, "bin");
    mkdirSync(path);
    execFileSync("tar", ["-xf", from, "-C", path]);
  }
  const kind = join(home, "dynamic_tf_plugins/registry.opentofu.org/tehcyx/kind/0.11.0/linux_amd64");
  const bridge = join(home, "plugins/resource-terraform-provider-v1.1.3");
  for (const folder of [kind, bridge]) mkdirSync(folder, { recursive: true });
  copyFileSync(join(path, "terraform-provider-kind"), join(kind, "terraform-provider-kind_v0.11.0"));
  copyFileSync(join(path, "pulumi-resource-terraform-provider"), join(bridge, "pulumi-resource-terraform-provider"));
  return { path, home, base };
}
