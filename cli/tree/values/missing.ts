import { oneOf, unknownName } from "../../terminal/fail";
import { lackingCapabilities } from "../../../model/capabilities";
import { readPin } from "../../../model/pin";
import { formatFinding } from "../../../model/findings";
import type { Expansion, RendererTree } from "../renderer";
import { componentDirectory, componentNames, type ClusterFacts } from "../open";
import { promoteLine } from "../ring-steps";
import { ringsOf } from "../rings";

/**
 * Why a cluster has no Application of a component, as a sentence.
 * @throws UserError when the tree knows no such component
 */
export function whyMissing(tree: RendererTree, expansion: Expansion, cluster: ClusterFacts, component: string): string {
  const directory = componentDirectory(tree, component);
  if (directory === undefined) {
    const made = expansion.applications.map(({ name }) => name);
    throw unknownName("component", component, [...componentNames(tree), ...made]);
  }
  const where = `${component} is not in ${cluster.name}`;
  const stagePin = `${directory}/stages/${cluster.stage}/pin.yaml`;
  const ringPin = `${directory}/stages/${cluster.stage}/rings/${cluster.ring}/pin.yaml`;
  const path = cluster.ring !== undefined && tree.files.entry(ringPin) !== undefined ? ringPin : stagePin;
  const file = tree.files.yaml(path);
  if (file === undefined) return `${where}: ${noPin(tree, directory, component, cluster, path)}`;
  const { value: pin, findings } = readPin(file);
  if (pin === undefined) return `${where}: its pin has faults\n${findings.map(formatFinding).join("\n")}`;
  const lacking = lackingCapabilities(pin.requires, cluster.capabilities);
  if (lacking.length > 0) {
    const { name, provider, capabilities } = cluster;
    const wanted = lacking.map((capability) => `"${capability}"`).join(" and ");
    return `${where}: ${path} requires ${wanted}, and ${name} (${provider}) offers ${oneOf(capabilities).replace(" or ", " and ")}`;
  }
  const problems = [
    ...expansion.errors.map(({ application, reason }) => `${application}: ${reason}`),
    ...expansion.notEvaluated.map(({ application, reason }) => `${application} could not be evaluated: ${reason}`),
    ...expansion.sets.flatMap(({ name, error, notEvaluated }) => {
      if (error !== undefined) return [`the ApplicationSet ${name} fails: ${error}`];
      return notEvaluated === undefined ? [] : [`the ApplicationSet ${name} could not be evaluated: ${notEvaluated}`];
    }),
  ];
  return `${where}: ${problems.length > 0 ? problems.join("\n") : "no ApplicationSet of this cluster makes it, although its pin is sound"}`;
}

function noPin(
  tree: RendererTree,
  directory: string,
  component: string,
  { stage, ring }: ClusterFacts,
  path: string,
): string {
  const ahead = ringsOf(tree.files, stage).filter(
    (other) => tree.files.entry(`${directory}/stages/${stage}/rings/${other}/pin.yaml`) !== undefined,
  );
  if (ring !== undefined && ahead.length > 0) {
    return `it is on its way through ${stage} and in the ring ${ahead.join(", ")} only; bring it to ${ring} with \`${promoteLine(component, { stage })}\``;
  }
  const pins = tree.files.entries.flatMap(({ path: file }) => {
    const [, found] = /^\/stages\/([^/]+)\/pin\.yaml$/.exec(file.slice(directory.length)) ?? [];
    return file.startsWith(`${directory}/`) && found !== undefined ? [found] : [];
  });
  const known = pins.length === 0 ? "it has none in any stage" : `it has one in ${pins.join(", ")}`;
  return `it has no pin in the stage ${stage} (${path} does not exist; ${known}); bring it there with \`${promoteLine(component, { stage })}\``;
}
