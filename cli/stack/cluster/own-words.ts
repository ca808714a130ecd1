import type { ApiServer } from "./api-server";

interface ObjectName {
  group: string;
  kind: string;
  namespace: string;
  name: string;
}

interface RawStatus {
  message?: unknown;
  conditions?: { type: string; status: string; message?: string }[];
}

/** So many objects are asked. */
const most = 3;

/**
 * What objects say of themselves that Argo CD names as the cause of an Application's health. It keeps what it heard of each of them
 * to itself, unless it is told to store it.
 * @param cause the message of the health: `Caused by apps/Deployment:orders/orders, ...`
 */
export async function ownWordsOf(send: ApiServer["send"], cause: string): Promise<string[]> {
  const said = namedIn(cause)
    .slice(0, most)
    .map((named) => wordsOf(send, named).catch(() => []));
  return (await Promise.all(said)).flat();
}

function namedIn(cause: string): ObjectName[] {
  const list = /^Caused by (.*)$/.exec(cause)?.[1] ?? "";
  return list.split(", ").flatMap((part) => {
    const found = /^(?:([\w.-]+)\/)?(\w+):(?:([\w.-]+)\/)?([\w.-]+)/.exec(part);
    if (found === null) return [];
    const [, group = "", kind = "", namespace = "", name = ""] = found;
    return [{ group, kind, namespace, name }];
  });
}

async function wordsOf(send: ApiServer["send"], { group, kind, namespace, name }: ObjectName): Promise<string[]> {
  const get = async (path: string) => JSON.parse(await send("GET", path)) as Record<string, unknown>;
  const version = group === "" ? "v1" : await preferredVersion(get, group);
  const root = group === "" ? "/api/v1" : `/apis/${version}`;
  const { resources = [] } = (await get(root)) as { resources?: { kind: string; name: string }[] };
  const plural = resources.find((one) => one.kind === kind && !one.name.includes("/"))?.name;
  if (plural === undefined) return [];
  const within = namespace === "" ? "" : `/namespaces/${namespace}`;
  const { status = {} } = (await get(`${root}${within}/${plural}/${name}`)) as { status?: RawStatus };
  const { message, conditions = [] } = status;
  const head = `${kind} ${name}:`;
  if (typeof message === "string" && message !== "") return [`${head} ${message}`];
  return conditions
    .filter((condition) => condition.status === "False" && condition.message)
    .map(({ type, message: why }) => `${head} ${type} is False: ${why}`);
}

async function preferredVersion(
  get: (path: string) => Promise<Record<string, unknown>>,
  group: string,
): Promise<string> {
  const { preferredVersion: found } = (await get(`/apis/${group}`)) as { preferredVersion: { groupVersion: string } };
  return found.groupVersion;
}
