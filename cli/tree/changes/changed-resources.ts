import type { ApplicationChange, KubernetesObject, ResourceChange } from "../renderer";

/** A resource of a changed Application, with its manifests if they were requested. */
export interface ChangedResource {
  change: ApplicationChange;
  resource: ResourceChange;
  before?: KubernetesObject | undefined;
  after?: KubernetesObject | undefined;
}

/** Every resource of some changes. */
export function* changedResources(
  changes: readonly ApplicationChange[],
  documents: ReadonlyMap<string, KubernetesObject>,
): Generator<ChangedResource> {
  for (const change of changes) {
    for (const resource of change.resources) {
      const [before, after] = [documents.get(resource.before ?? ""), documents.get(resource.after ?? "")];
      yield { change, resource, before, after };
    }
  }
}
