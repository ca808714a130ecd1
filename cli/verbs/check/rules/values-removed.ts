import { isDeepStrictEqual } from "node:util";
import { keepsApplications } from "../../../../model/argocd";
import { layerPaths } from "../../../../model/layers";
import type { Mapping } from "../../../../model/mapping";
import { someOf } from "../../../terminal/table";
import { overlay } from "../../../tree/values/merge";
import { formatPath, type Step } from "../../../tree/values/yaml";
import { nameClusters } from "../evaluation";
import type { CheckInput, Deployment } from "../input";
import type { Rule } from "../rule";
import type { Inventory, TreeFile } from "../source/inventory";
import { leavesOf, valueAt } from "./uncovered-key";

type Removed = TreeFile<"component-values" | "stage-values" | "ring-values" | "region-values">;

/** What a deployment of production loses with a file. */
interface Loss {
  deployment: Deployment;
  keys: string[];
  /** What else may have been meant: a trial or a version is taken back. */
  isTakenBack: boolean;
}

export const valuesRemoved: Rule = {
  id: "values-removed",
  needs: "base",
  check(input, report) {
    const production = input.deployments.filter(({ cluster }) => cluster.stage === input.production?.name);
    for (const file of removedFiles(input)) {
      const losses = production.flatMap((deployment) => lossOf(input, file, deployment) ?? []);
      if (losses.length === 0) continue;
      const keys = [...new Set(losses.flatMap((loss) => loss.keys))];
      const clusters = nameClusters(losses.map(({ deployment }) => deployment.cluster.name));
      const worst = losses.find(({ isTakenBack }) => !isTakenBack);
      report.finding(
        { file: (worst ?? losses[0]!).deployment.pinPath },
        `${file.path} is gone, and ${file.component} goes on in ${clusters} without its ${someOf(keys)}`,
        "keep the file, set these keys in another layer, or excuse it here until it is merged",
        worst ? "error" : "warning",
      );
    }
  },
};

/** Values files that the base had; not those of clusters, which end with their exceptions. */
function removedFiles(input: CheckInput): Removed[] {
  const { inventory } = input.baseTree;
  // Where Applications are kept, none renders without the file of its component.
  const isRequired = keepsApplications(input.production?.applicationsSync);
  return inventory
    .ofRole("component-values", "stage-values", "ring-values", "region-values")
    .filter(({ path, role }) => !input.files.has(path) && !(isRequired && role === "component-values"));
}

/** Keys of a removed file whose values a deployment had from it, and that no other file of the change sets. */
function lossOf(input: CheckInput, file: Removed, deployment: Deployment): Loss | undefined {
  const { cluster, component, pin, pinPath } = deployment;
  const paths = layerPaths(cluster, component, { thirdParty: pin.repo !== undefined });
  if (!paths.includes(file.path)) return undefined;
  const { changed, files, inventory } = input.baseTree;
  const ownPin = file.role === "ring-values" ? file.path.replace(/values\.yaml$/, "pin.yaml") : undefined;
  // The trial of the ring is over.
  if (ownPin !== undefined && files.has(ownPin) && !input.files.has(ownPin)) return undefined;
  const [before, now] = [inventory, input.inventory].map((of) => overlay(paths.map((path) => valuesIn(of, path))));
  const setAnew = (leaf: readonly Step[]) =>
    paths.some((path) => {
      const [old, set] = [inventory, input.inventory].map((of) => valueAt(valuesIn(of, path), leaf));
      return changed.has(path) && set !== undefined && !isDeepStrictEqual(old, set);
    });
  const keys = leavesOf(valuesIn(inventory, file.path))
    .filter((leaf) => !isDeepStrictEqual(valueAt(before, leaf), valueAt(now, leaf)) && !setAnew(leaf))
    .map(formatPath);
  if (keys.length === 0) return undefined;
  const [pinned, pinnedNow] = [inventory, input.inventory].map((of) => valuesIn(of, pinPath));
  const isTakenBack = (ownPin !== undefined && ownPin !== pinPath) || !isDeepStrictEqual(pinned, pinnedNow);
  return { deployment, keys, isTakenBack };
}

function valuesIn(inventory: Inventory, path: string): Mapping {
  return (inventory.files.has(path) ? inventory.valuesOf(path) : undefined) ?? {};
}
