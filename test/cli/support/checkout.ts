import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A directory that looks like a checkout to the tool; `remove` it afterwards. */
export class FakeCheckout {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "onebranch-cli-")));

  constructor(clusters: readonly string[] = ["dev", "staging"]) {
    for (const name of clusters) {
      this.write(`gitops/clusters/${name}/cluster.yaml`, `name: ${name}\n`);
      this.write(`Pulumi.${name}.yaml`, "config: {}\n");
    }
    this.write("Pulumi.yaml", "name: onebranch\nruntime: nodejs\n");
  }

  write(path: string, text: string): string {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
