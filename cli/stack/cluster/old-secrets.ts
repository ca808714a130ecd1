import { isReady, makerOf, type RawExternalSecret } from "./external-secret";
import type { FilledSecret, OldSecret } from "./reader";

/** The metadata of a Secret as the API server gives it. */
export interface RawSecret {
  metadata: {
    creationTimestamp: string;
    managedFields?: { time?: string; fieldsV1?: Readonly<Record<string, unknown>> }[];
  };
}

interface RawContainer {
  name: string;
  envFrom?: { secretRef?: { name?: string } }[];
  env?: { valueFrom?: { secretKeyRef?: { name?: string } } }[];
}

/** A pod as the API server gives it, as far as it tells which values its processes have. */
export interface RawPod {
  metadata: { name: string; deletionTimestamp?: string };
  spec?: { containers?: RawContainer[] };
  status?: { containerStatuses?: { name: string; state?: { running?: { startedAt?: string } } }[] };
}

export function toFilledSecret(object: RawExternalSecret): FilledSecret[] {
  if (isReady(object) !== true) return [];
  const { name, namespace = "" } = object.metadata;
  return [{ namespace, name: object.spec?.target?.name ?? name, ...makerOf(object.metadata) }];
}

/**
 * The pods with a process that has the values of a Secret in its environment, from before these changed. What read it before it was
 * there, as on an embedded cluster, whose pods are no processes, has no values of it.
 */
export function withOldValues(secret: FilledSecret, { metadata }: RawSecret, pods: readonly RawPod[]): OldSecret[] {
  const made = Date.parse(metadata.creationTimestamp);
  const changes = (metadata.managedFields ?? []).filter(({ fieldsV1 = {} }) => "f:data" in fieldsV1);
  const changed = Math.max(made, ...changes.map(({ time = "" }) => Date.parse(time)));
  const old = pods.filter(({ metadata: { deletionTimestamp }, spec = {}, status = {} }) => {
    const reading = (spec.containers ?? []).filter((container) => reads(container, secret.name));
    const started = (status.containerStatuses ?? [])
      .filter(({ name }) => reading.some((container) => container.name === name))
      .map(({ state }) => Date.parse(state?.running?.startedAt ?? ""));
    return deletionTimestamp === undefined && started.some((moment) => made <= moment && moment < changed);
  });
  if (old.length === 0) return [];
  return [{ ...secret, changed: new Date(changed), pods: old.map(({ metadata: { name } }) => name).sort() }];
}

function reads({ envFrom = [], env = [] }: RawContainer, secret: string): boolean {
  return (
    envFrom.some(({ secretRef }) => secretRef?.name === secret) ||
    env.some(({ valueFrom }) => valueFrom?.secretKeyRef?.name === secret)
  );
}
