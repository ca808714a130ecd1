import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Fleet } from "../fleet/generate";

/** Changes a fleet's working tree as somebody would before asking for a plan. */
export type Edit = (fleet: Fleet) => void;

/** The component whose value changes: an app that every stage has and every cluster can run. */
function subject({ components }: Fleet): { name: string; directory: string } {
  const { name, kind } = components[0]!;
  return { name, directory: `gitops/${kind}/${name}` };
}

export const nothing: Edit = () => undefined;

/** One value of one component, in the layer of production. */
export const stageValue: Edit = (fleet) =>
  replace(fleet, `${subject(fleet).directory}/stages/prod/values.yaml`, /^replicas: .*$/m, "replicas: 11");

/** One value of one component in the layer of one cluster, with the entry that excuses it. */
export const clusterValue: Edit = (fleet) => {
  const directory = `gitops/clusters/${fleet.clusters.find(({ stage }) => stage === "prod")!.name}`;
  const { name } = subject(fleet);
  const entry = `- { component: ${name}, keys: [replicas], owner: bench, reason: A change to measure., ticket: OPS-2, expires: 2030-01-01 }\n`;
  append(fleet, `${directory}/values/${name}.yaml`, "replicas: 11\n");
  append(fleet, `${directory}/exceptions.yaml`, entry);
};

/** A template of every shared chart, in every version. */
export const sharedCharts: Edit = (fleet) => {
  for (const { name, versions } of fleet.charts)
    for (const version of versions)
      replace(
        fleet,
        `gitops/charts/${name}/${version}/templates/deployment.yaml`,
        "revisionHistoryLimit | default 3",
        "revisionHistoryLimit | default 5",
      );
};

/** The chart's version and the image of every component in every stage. */
export const everyPin: Edit = (fleet) => {
  for (const { name, kind, version, chart } of fleet.components) {
    const next = fleet.charts.find((candidate) => candidate.name === chart)!.versions[1];
    const stages = `gitops/${kind}/${name}/stages`;
    for (const stage of readdirSync(join(fleet.root, stages))) {
      const pin = `${stages}/${stage}/pin.yaml`;
      replace(fleet, pin, `version: ${version}`, `version: ${next}`);
      replace(fleet, pin, /^ {2}tag: .*$/m, "  tag: 9.0.0");
    }
  }
};

/** Makes the working tree what was committed. */
export function restore({ root }: Pick<Fleet, "root">): void {
  for (const args of [
    ["checkout", "--quiet", "."],
    ["clean", "--quiet", "-fd"],
  ])
    execFileSync("git", ["-C", root, ...args]);
}

function replace({ root }: Fleet, path: string, from: string | RegExp, to: string): void {
  const file = join(root, path);
  const before = readFileSync(file, "utf8");
  const after = before.replace(from, to);
  if (after === before)
    throw new Error(`${path} has nothing that matches ${from}; the generator of fleets has changed`);
  writeFileSync(file, after);
}

function append({ root }: Fleet, path: string, text: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { flag: "a" });
}
