import type { Deployment } from "../input";
import type { Rule } from "../rule";
import { lineAt } from "../../../tree/values/yaml";

export const namespaceCollision: Rule = {
  id: "namespace-collision",
  check(input, report) {
    const owners = new Map<string, Deployment>();
    for (const deployment of input.deployments) {
      const { cluster, pin, pinPath, component } = deployment;
      const place = `${cluster.name}/${pin.namespace}`;
      const first = owners.get(place);
      if (!first) owners.set(place, deployment);
      else if (ownerOf(first) !== ownerOf(deployment)) {
        const message = `${component.name} (${ownerOf(deployment)}) and ${first.component.name} (${ownerOf(first)}) share the namespace "${pin.namespace}" in ${cluster.stage}`;
        const line = lineAt(input.files.yaml(pinPath), ["namespace"]) ?? 1;
        report.finding({ file: pinPath, line }, message, `use another namespace than ${first.pinPath}`);
      }
    }
  },
};

/**
 * Who owns a component: its team, or the platform. Add-ons may share a namespace; shared-resource reports those that make the same
 * object.
 */
function ownerOf({ pin }: Deployment): string {
  return pin.team ?? "the platform";
}
