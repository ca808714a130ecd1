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
  spec?: { data?: { remoteRef?: RemoteReference }[]; dataFrom?: { extract?: RemoteReference }[] };
  status?: { conditions?: { type: string; status: string; message?: string }[] };
}

/** What an ExternalSecret waits for; nothing when it has all it wants, or nobody has looked at it yet. */
export function toWaitingSecret({ metadata, spec = {}, status = {} }: RawExternalSecret): WaitingSecret[] {
  const ready = status.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status !== "False") return [];
  const { name, namespace = "", annotations } = metadata;
  const application = annotations?.[trackingId]?.split(":")[0];
  const references = [
    ...(spec.data ?? []).map(({ remoteRef }) => remoteRef),
    ...(spec.dataFrom ?? []).map(({ extract }) => extract),
  ].filter((reference) => reference !== undefined);
  const wanted = references.map(({ key = "", property = "" }) => ({ store: key, property }));
  const message = ready.message ?? "";
  return [{ namespace, name, message, wanted, ...(application !== undefined && { application }) }];
}
