import { request } from "node:https";
import type { Cluster } from "./cluster";

/** Argo CD's API, asked as its administrator would. */
export class ArgoCdApi {
  private constructor(
    private readonly address: string,
    private readonly token: string,
  ) {}

  static async login(cluster: Cluster, address: string): Promise<ArgoCdApi> {
    const secret = JSON.parse(
      cluster.kubectl("get", "secret", "argocd-initial-admin-secret", "--namespace", "argocd", "--output", "json"),
    ) as { data: { password: string } };
    const password = Buffer.from(secret.data.password, "base64").toString();
    const { token } = await call<{ token: string }>(`${address}/api/v1/session`, { username: "admin", password });
    return new ArgoCdApi(address, token);
  }

  /** What repo-server makes of an Application, as it is before Argo CD adds namespaces. */
  async manifests(application: string): Promise<Record<string, unknown>[]> {
    const path = `${this.address}/api/v1/applications/${application}/manifests`;
    const { manifests } = await call<{ manifests?: string[] }>(path, undefined, this.token);
    return (manifests ?? []).map((text) => JSON.parse(text) as Record<string, unknown>);
  }
}

function call<T>(address: string, body?: object, token?: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) };
    // The server's certificate is one that the test's own checkout made.
    const options = { method: body ? "POST" : "GET", headers, rejectUnauthorized: false };
    const sent = request(address, options, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => {
        const text = Buffer.concat(parts).toString();
        if (response.statusCode === 200) resolve(JSON.parse(text) as T);
        else reject(new Error(`${response.statusCode} ${messageOf(text)}`));
      });
    });
    sent.on("error", reject);
    sent.end(body ? JSON.stringify(body) : undefined);
  });
}

function messageOf(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body;
  } catch {
    return body;
  }
}
