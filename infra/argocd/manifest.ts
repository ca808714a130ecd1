import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { parse } from "yaml";
import { UserError } from "../../model/errors";
import type { ClusterApi, KubeObject } from "../cluster/api";
import { isRestorable } from "../cluster/restore";
import { translated } from "../cluster/translated";
import { helmRecords, type Release } from "./helm-records";
import { clusterScopedKinds } from "./release-guard";

/**
 * What a release made of Argo CD, as Helm recorded it when it was installed or upgraded last, as far as `up` restores such objects:
 * settings, Secrets, roles and definitions. Workloads are Helm's own, and what somebody added to the chart's values
 * (`extraObjects`) is theirs.
 * @throws UserError when Helm has no record of the release
 */
export async function releaseObjects(api: ClusterApi, release: Release): Promise<KubeObject[]> {
  const documents = (await manifestOf(api, release)).split(/^---$/m).filter((text) => isRestorable(kindIn(text)));
  const objects = await Promise.all(documents.map(readDocument));
  const isArgoCd = ({ metadata }: KubeObject) => metadata?.labels?.["app.kubernetes.io/part-of"] === "argocd";
  return objects.filter(isArgoCd).map((object) => marked(object, release));
}

/** Helm compresses a record and encodes it, and the API encodes it once more (helm, pkg/storage/driver/util.go). */
async function manifestOf(api: ClusterApi, release: Release): Promise<string> {
  const { name, namespace } = release;
  const [latest] = await helmRecords(api, release, "deployed");
  const stored = (latest?.data as { release?: string } | undefined)?.release;
  if (stored === undefined) {
    throw new UserError(
      `Helm has no record of the release ${name} in the namespace ${namespace}, so nothing says what Argo CD's settings were: somebody deleted the Secrets with the label owner=helm there; run \`pulumi refresh\` on the stack, then \`up\` again, which installs the release over what is there`,
      { exitCode: 1 },
    );
  }
  const record = await promisify(gunzip)(Buffer.from(Buffer.from(stored, "base64").toString(), "base64"));
  return (JSON.parse(record.toString()) as { manifest: string }).manifest;
}

/** Found without parsing, because the documents that are not needed may be long. */
function kindIn(document: string): { kind: string } {
  return { kind: /^kind: *["']?(\w+)/m.exec(document)?.[1] ?? "" };
}

async function readDocument(text: string): Promise<KubeObject> {
  const isLong = kindIn(text).kind === "CustomResourceDefinition";
  return isLong ? (JSON.parse(await translated(text)) as KubeObject) : (parse(text) as KubeObject);
}

/** With the marks that Helm adds to each object (helm, pkg/action/validate.go). It takes no object over that lacks them. */
function marked(object: KubeObject, { name, namespace }: Release): KubeObject {
  const { metadata = {}, kind = "" } = object;
  const annotations = { "meta.helm.sh/release-name": name, "meta.helm.sh/release-namespace": namespace };
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(!(kind in clusterScopedKinds) && { namespace: metadata.namespace ?? namespace }),
      labels: { ...metadata.labels, "app.kubernetes.io/managed-by": "Helm" },
      annotations: { ...metadata.annotations, ...annotations },
    },
  };
}
