import { request } from "node:https";
import { firstPassword, firstUser } from "../../../../model/access";
import { argoCdNamespace } from "../../../../model/root";
import { Refused, type ApiServer } from "../../../stack/cluster/api-server";
import { readFirstPassword } from "../../../stack/cluster/first-password";

/** A cluster's own Argo CD, as far as its API shows more than the Applications do. */
export interface ArgoCdApi {
  /** Throws why it does not answer. */
  get<T>(path: string): Promise<T>;
}

/** How long a failed login is remembered, in milliseconds: Argo CD blocks who fails too often. */
const pause = 60_000;
const patience = 5_000;

/**
 * Argo CD's API with the rights of its first user, whose password only those can read who may read the Secret. An Argo CD of this
 * machine is asked at its address, any other through the API server, so that nothing has to be forwarded.
 */
export function argoCdApi(server: ApiServer, address: string | undefined): ArgoCdApi {
  const send = senderOf(server, address);
  let token: Promise<string> | undefined;
  const login = () => {
    if (token !== undefined) return token;
    const tried = logIn(server, send);
    token = tried;
    tried.catch(() => {
      setTimeout(() => {
        if (token === tried) token = undefined;
      }, pause).unref();
    });
    return tried;
  };
  const ask = async <T>(path: string, session: string): Promise<T> =>
    JSON.parse(await send("GET", path, undefined, { cookie: `argocd.token=${session}` })) as T;
  return {
    async get<T>(path: string): Promise<T> {
      const used = login();
      const session = await used;
      try {
        return await ask<T>(path, session);
      } catch (error) {
        if (!(error instanceof Refused && error.status === 401)) throw error;
        // The session has ended. Of several questions at a time, the first one to hear it begins another session.
        if (token === used) token = undefined;
        return ask<T>(path, await login());
      }
    },
  };
}

type Send = ApiServer["send"];

function senderOf(server: ApiServer, address: string | undefined): Send {
  if (address !== undefined && isHere(new URL(address))) return direct(address);
  const proxy = `/api/v1/namespaces/${argoCdNamespace}/services/https:argocd-server:443/proxy`;
  return (method, path, body, headers) => server.send(method, proxy + path, body, headers);
}

const isHere = ({ hostname, protocol }: URL) =>
  protocol === "https:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname);

/** Its certificate is self-signed; nothing leaves this machine. */
function direct(address: string): Send {
  return (method, path, body, headers) =>
    new Promise((resolve, reject) => {
      const options = { method, headers, timeout: patience, rejectUnauthorized: false };
      const sent = request(new URL(path, address), options, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => (text += part));
        response.on("error", reject);
        response.on("end", () => {
          const { statusCode = 0 } = response;
          if (statusCode === 200) resolve(text);
          else reject(new Refused(statusCode, text.slice(0, 200), "Argo CD"));
        });
      });
      sent.on("timeout", () => sent.destroy(new Error(`Argo CD gives no answer within ${patience / 1000} s`)));
      sent.on("error", (error: NodeJS.ErrnoException) =>
        reject(error.code === "ECONNREFUSED" ? new Error("Argo CD does not answer", { cause: error }) : error),
      );
      sent.end(body);
    });
}

async function logIn(server: ApiServer, send: Send): Promise<string> {
  const password = await passwordOf(server);
  const body = JSON.stringify({ username: firstUser, password });
  const answer = await send("POST", "/api/v1/session", body, { "content-type": "application/json" });
  const { token } = JSON.parse(answer) as { token?: unknown };
  if (typeof token !== "string" || !/^[\w.-]+$/.test(token)) throw new Error("Argo CD gave no session");
  return token;
}

async function passwordOf(server: ApiServer): Promise<string> {
  const { secret, key } = firstPassword;
  const found = await readFirstPassword(server.send).catch((error: Error) => {
    if (error instanceof Refused) throw new Error(`the Secret ${secret} cannot be read: ${error.message}`);
    throw error;
  });
  if (found === undefined) throw new Error(`the Secret ${secret} has no ${key}`);
  return found;
}
