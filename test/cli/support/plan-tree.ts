import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../../cli/verbs/plan/types";
import { TreeRepo, renewRepo } from "./tree-repo";

/** The tests' tree, to change by paths in gitops/, and to plan. */
export class PlanTree extends TreeRepo {
  override read(path: string): string {
    return super.read(`gitops/${path}`);
  }

  write(path: string, text: string): this {
    return this.put({ [`gitops/${path}`]: text });
  }

  /** Replaces a text that must be there. */
  edit(path: string, from: string, to: string): this {
    const text = this.read(path);
    if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
    return this.write(path, text.replace(from, to));
  }

  delete(path: string): this {
    rmSync(join(this.root, "gitops", path), { recursive: true });
    return this;
  }

  /** The plan of what differs from the last commit; third-party charts are not pulled. */
  async plan(...words: string[]): Promise<Plan> {
    const { code, out, err } = await this.run("plan", "--offline", "--json", ...words);
    if (code !== 0) throw new Error(err);
    return JSON.parse(out) as Plan;
  }
}

export function usePlanTree(): PlanTree {
  return renewRepo(new PlanTree());
}

/** A chart of the tree with one template, and an app in dev that uses it. */
export function addApp(tree: PlanTree, name: string, template: string, values = "{}\n"): void {
  tree
    .write(`charts/${name}/1.0.0/Chart.yaml`, `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`)
    .write(`charts/${name}/1.0.0/values.yaml`, values)
    .write(`charts/${name}/1.0.0/templates/all.yaml`, template)
    .write(`apps/${name}/values.yaml`, "{}\n")
    .write(
      `apps/${name}/stages/dev/pin.yaml`,
      `component: ${name}\nchart: ${name}\nversion: 1.0.0\nnamespace: orders\nrequires: base\nteam: commerce\n`,
    );
}
