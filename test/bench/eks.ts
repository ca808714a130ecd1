import { mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "../e2e/support/checkout";
import { WholeEks } from "../e2e/support/whole-eks";
import { root } from "../support/root";
import { seconds } from "./measure";
import { setting, type ClusterResult, type Figure } from "./result";

/** Runs of the tool for each round of the comparison with and without the package. */
const comparisons = 3;

/**
 * Times a cluster on AWS beside an embedded one. The account is a faked one that answers at once, so this is what Pulumi and the
 * program take. Then the same with an embedded cluster where the package of AWS is not installed. Nothing where the chart is
 * missing.
 */
export async function benchEks(rounds: number, progress: (text: string) => void): Promise<ClusterResult | undefined> {
  const missing = await WholeEks.missing();
  if (missing !== undefined) {
    progress(`eks is not measured: ${missing}`);
    return undefined;
  }
  const figure = (what: string, budget: number): Figure => ({ what, unit: "s", budget, values: [] });
  const figures = {
    up: figure("`up prod` on eks, a faked AWS and the official chart, `--no-wait`", 60),
    again: figure("second `up` on eks, nothing changed", 10),
    destroy: figure("`destroy` on eks", 60),
    embeddedUp: figure("`up dev` on embedded, `--no-wait`", 20),
    embeddedAgain: figure("second `up` on embedded, nothing changed", 5),
    without: figure("the same, without `@pulumi/aws` in `node_modules`", 5),
    status: figure("`status` of it", 1),
    statusWithout: figure("the same, without `@pulumi/aws` in `node_modules`", 1),
    embeddedDestroy: figure("`destroy` on embedded", 10),
  };
  const record = async (to: Figure, work: () => Promise<unknown>) => {
    const value = await seconds(work);
    to.values.push(value);
    progress(`  ${to.what}: ${value.toFixed(1)} s`);
  };
  for (let index = 1; index <= rounds; index++) {
    progress(`eks, round ${index} of ${rounds}`);
    await roundOnAws(figures, record);
    await roundOnEmbedded(figures, record);
  }
  return { ...setting(rounds), figures: Object.values(figures) };
}

type Record = (to: Figure, work: () => Promise<unknown>) => Promise<void>;

async function roundOnAws(figures: { up: Figure; again: Figure; destroy: Figure }, record: Record): Promise<void> {
  const eks = await WholeEks.open();
  const unprotected = eks.up("--config", "eksProtection=off");
  try {
    await record(figures.up, () => eks.checkout.succeed(...unprotected));
    await record(figures.again, () => eks.checkout.succeed(...unprotected));
    await record(figures.destroy, () => eks.checkout.succeed("destroy", "prod", "--yes"));
  } finally {
    await eks.close();
  }
}

interface EmbeddedFigures {
  embeddedUp: Figure;
  embeddedAgain: Figure;
  without: Figure;
  status: Figure;
  statusWithout: Figure;
  embeddedDestroy: Figure;
}

async function roundOnEmbedded(figures: EmbeddedFigures, record: Record): Promise<void> {
  const checkout = new Checkout();
  const up = () => checkout.succeed("up", "dev", "--provider", "embedded", "--no-wait", "--yes");
  // Its exit code says whether all is synced, which is not asked here.
  const status = () => checkout.onebranch("status", "dev");
  try {
    await record(figures.embeddedUp, up);
    for (let pair = 0; pair < comparisons; pair++) {
      await record(figures.embeddedAgain, up);
      await record(figures.status, status);
      linkPackages(checkout, (name) => name !== "aws");
      await record(figures.without, up);
      await record(figures.statusWithout, status);
      linkPackages(checkout, () => true);
    }
  } finally {
    await record(figures.embeddedDestroy, () => checkout.succeed("destroy", "dev", "--yes"));
    checkout.remove();
  }
}

/** Gives a checkout the installed packages, and of Pulumi's only some. */
function linkPackages(checkout: Checkout, isWanted: (name: string) => boolean): void {
  const from = join(root, "node_modules");
  const to = join(checkout.root, "node_modules");
  rmSync(to, { recursive: true });
  mkdirSync(join(to, "@pulumi"), { recursive: true });
  for (const name of readdirSync(from)) if (name !== "@pulumi") symlinkSync(join(from, name), join(to, name));
  for (const name of readdirSync(join(from, "@pulumi")).filter(isWanted))
    symlinkSync(join(from, "@pulumi", name), join(to, "@pulumi", name));
}
