import { trackingId } from "../../../model/argocd";
import type { WaitingSecret } from "./reader";

/** Where the API server lists ExternalSecrets of all namespaces. */
export const externalSecrets = "/apis/external-secrets.io/v1/externalsecrets";

interface RemoteReference {
  key?: string;
  property?: string;
}

/** An ExternalSecret as the API server gives it, as far as the tool looks at it. */
export interface RawExternalSecret {
  metadata: { name: string; namespace?: string; annotations?: Record<string, string> };
  spec?: {
    target?: { name?: string };
    data?: { remoteRef?: RemoteReference }[];
    dataFrom?: { extract?: RemoteReference }[];
  };
  status?: { conditions?: { type: string; status: string; message?: string }[] };
}

/** Whether an ExternalSecret has all it wants; undefined while nobody has looked at it. */
export function isReady({ status = {} }: RawExternalSecret): boolean | undefined {
  const ready = readyCondition(status);
  return ready && ready.status === "True";
}

/** What an ExternalSecret waits for; nothing when it has all it wants, or nobody has looked at it yet. */
export function toWaitingSecret({ metadata, spec = {}, status = {} }: RawExternalSecret): WaitingSecret[] {
  const ready = readyCondition(status);
  if (ready?.status !== "False") return [];
  const { name, namespace = "" } = metadata;
  const references = [
    ...(spec.data ?? []).map(({ remoteRef }) => remoteRef),
    ...(spec.dataFrom ?? []).map(({ extract }) => extract),
  ].filter((reference) => reference !== undefined);
  const wanted = references.map(({ key = "", property = "" }) => ({ store: key, property }));
  const message = ready.message ?? "";
  return [{ namespace, name, message, wanted, ...makerOf(metadata) }];
}

/** The Application that made an ExternalSecret, where Argo CD says so. */
export function makerOf({ annotations }: RawExternalSecret["metadata"]): { application?: string } {
  const application = annotations?.[trackingId]?.split(":")[0];
  return application === undefined ? {} : { application };
}

function readyCondition({ conditions = [] }: NonNullable<RawExternalSecret["status"]>) {
  return conditions.find(({ type }) => type === "Ready");
}
