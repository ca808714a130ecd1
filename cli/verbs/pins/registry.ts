import { createHash } from "node:crypto";
import { withRegistry } from "../../tree/kubernetes/images";

/** How long a registry may take for one answer, in milliseconds. */
const patience = 10_000;

/** What a tag may stand for: an index of images for several platforms first, then one image. */
const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** A digest, or why there is none. */
export type Resolved = { digest: string } | { fault: string; fix: string };

export interface RegistryOptions {
  /** Basic credentials for a registry, as `user:password` in base64; undefined asks without a login. */
  login?: (host: string) => string | undefined;
}

/** Asks the registry of an image what a tag stands for now (OCI distribution specification, pulling manifests). */
export async function digestOf(repository: string, tag: string, { login }: RegistryOptions = {}): Promise<Resolved> {
  const full = withRegistry(repository);
  const host = full.slice(0, full.indexOf("/"));
  const name = full.slice(host.length + 1);
  const basic = login?.(host);
  const url = `${originOf(host)}/v2/${name}/manifests/${encodeURIComponent(tag)}`;
  try {
    let answer = await ask(url, "HEAD", basic === undefined ? undefined : `Basic ${basic}`);
    if (answer.status === 401) {
      const token = await tokenFor(answer.headers.get("www-authenticate") ?? "", basic);
      if (token !== undefined) answer = await ask(url, "HEAD", `Bearer ${token}`);
      if (answer.ok && !answer.headers.has("docker-content-digest")) answer = await ask(url, "GET", `Bearer ${token}`);
    } else if (answer.ok && !answer.headers.has("docker-content-digest")) answer = await ask(url, "GET");
    return await read(answer, host, `${repository}:${tag}`);
  } catch (error) {
    return { fault: `the registry ${host} cannot be reached: ${whyOf(error)}`, fix: "check the name and the network" };
  }
}

/** Only a registry on this machine is asked without TLS, as container runtimes do. */
function originOf(host: string): string {
  if (host === "docker.io") return "https://registry-1.docker.io";
  return `${/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host) ? "http" : "https"}://${host}`;
}

function ask(url: string, method: "HEAD" | "GET", authorization?: string): Promise<Response> {
  const headers = { accept: manifestTypes, ...(authorization !== undefined && { authorization }) };
  return fetch(url, { method, headers, signal: AbortSignal.timeout(patience) });
}

/** A token for pulling, from the place that the registry names; undefined where it names none. */
async function tokenFor(challenge: string, basic: string | undefined): Promise<string | undefined> {
  const named = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
  if (!/^bearer /i.test(challenge) || named.realm === undefined) return undefined;
  const url = new URL(named.realm);
  for (const key of ["service", "scope"]) if (named[key] !== undefined) url.searchParams.set(key, named[key]);
  const headers: Record<string, string> = basic === undefined ? {} : { authorization: `Basic ${basic}` };
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(patience) });
  if (!answer.ok) return undefined;
  const { token, access_token: other } = (await answer.json()) as { token?: string; access_token?: string };
  return token ?? other;
}

async function read(answer: Response, host: string, image: string): Promise<Resolved> {
  if (answer.status === 401 || answer.status === 403) {
    const fix = `log in with \`docker login ${host}\`, or write the digest yourself`;
    return { fault: `the registry ${host} does not let this user read ${image}`, fix };
  }
  if (answer.status === 404)
    return { fault: `the registry ${host} has no ${image}`, fix: "check the repository and the tag" };
  if (!answer.ok)
    return { fault: `the registry ${host} answers ${answer.status} for ${image}`, fix: "try again later" };
  const said = answer.headers.get("docker-content-digest");
  const digest =
    said ??
    `sha256:${createHash("sha256")
      .update(Buffer.from(await answer.arrayBuffer()))
      .digest("hex")}`;
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) return { digest };
  return {
    fault: `the registry ${host} names the digest "${digest}" for ${image}`,
    fix: "only sha256 is understood: write it yourself",
  };
}

function whyOf(error: unknown): string {
  const { cause, message, name } = error as Error & { cause?: { code?: string; message?: string } };
  return name === "TimeoutError" ? `no answer within ${patience / 1000} s` : (cause?.code ?? cause?.message ?? message);
}
