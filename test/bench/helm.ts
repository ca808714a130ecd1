import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Renderer, type ExpandedApplication } from "../../cli/tree/renderer";
import { mainSource } from "../../cli/tree/values/effective";
import type { Fleet } from "../fleet/generate";
import { findHelm } from "../gitops/helm";
import { restore, stageValue } from "./changes";
import { run, seconds } from "./measure";
import type { HelmFigure } from "./result";

/** How many Applications are measured to estimate the time of all. */
const sampleSize = 200;

interface Options {
  rounds: number;
  workspace: string;
  progress: (text: string) => void;
}

/**
 * What people do without the tool: `helm template` for each Application on both sides of a change, with the same value
 * files, as many at a time as there are cores. Which Applications there are, and their files, is given to it for nothing.
 */
export async function benchHelm(
  fleet: Fleet,
  { rounds, workspace, progress }: Options,
): Promise<HelmFigure | undefined> {
  const helm = await findHelm();
  if (helm === undefined) {
    progress("helm template is left out: there is no helm; `make toolchain` builds one");
    return undefined;
  }
  const base = join(workspace, "base");
  cpSync(join(fleet.root, "gitops"), join(base, "gitops"), { recursive: true });
  stageValue(fleet);
  try {
    const applications = await applicationsOf(fleet);
    const step = Math.max(1, Math.floor(applications.length / sampleSize));
    const sample = applications.filter((_, index) => index % step === 0).slice(0, sampleSize);
    const { name } = fleet.components[0]!;
    const prod = new Set(fleet.clusters.filter(({ stage }) => stage === "prod").map((cluster) => cluster.name));
    const known = applications.filter((application) => application.name === name && prod.has(application.cluster));
    const both = (list: ExpandedApplication[]) =>
      [base, fleet.root].flatMap((root) => list.map((application) => template(helm, root, application, workspace)));
    const figure: HelmFigure = {
      version: spawnSync(helm, ["version", "--template", "{{.Version}}"], { encoding: "utf8" }).stdout.trim(),
      sample: sample.length,
      seconds: [],
      known: { applications: known.length, seconds: [] },
    };
    for (let round = 0; round < rounds; round++) {
      figure.seconds.push(await seconds(() => all(both(sample))));
      figure.known.seconds.push(await seconds(() => all(both(known))));
    }
    const shown = (values: number[]) => values.map((value) => value.toFixed(1)).join(" ");
    progress(`  helm template, ${sample.length} Applications before and after: ${shown(figure.seconds)} s`);
    progress(`  helm template, the ${known.length} of one value's change: ${shown(figure.known.seconds)} s`);
    return figure;
  } finally {
    restore(fleet);
  }
}

async function applicationsOf({ root }: Fleet): Promise<ExpandedApplication[]> {
  const renderer = await Renderer.open({ root, env: process.env, offline: true });
  try {
    const { applications } = await renderer.expand(await renderer.tree());
    return applications.filter((one) => mainSource(one)?.path?.startsWith("gitops/charts/"));
  } finally {
    renderer.close();
  }
}

/** The command that renders an Application as Argo CD would, without its tracking metadata. */
function template(helm: string, root: string, expanded: ExpandedApplication, home: string) {
  const { name, valueFiles } = expanded;
  const { destination } = expanded.application.spec;
  const files = valueFiles.filter(({ exists }) => exists).flatMap(({ path }) => ["--values", path]);
  const args = [
    "template",
    name,
    mainSource(expanded)!.path!,
    "--namespace",
    String(destination.namespace),
    "--include-crds",
    ...files,
  ];
  const env = { PATH: process.env.PATH, HELM_CONFIG_HOME: join(home, "helm"), HELM_CACHE_HOME: join(home, "helm") };
  return () => run([helm, ...args], { cwd: root, env });
}

/** Runs everything, as many at a time as there are cores. */
async function all(work: (() => Promise<unknown>)[]): Promise<void> {
  const left = work.values();
  const worker = async () => {
    for (const next of left) await next();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}
