import { request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import { connect } from "node:net";

interface Sent {
  /** With one it is a POST. */
  body?: object;
  headers?: Record<string, string>;
  /** Speak HTTP without TLS. */
  plain?: boolean;
  /** A client's certificate and key. */
  cert?: string;
  key?: string;
}

/** What a server on this machine answers to somebody who brings no certificate but the given one. */
export function answerOf(
  port: number,
  path: string,
  { body, headers, plain = false, cert, key }: Sent = {},
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = {
      ...{ host: "127.0.0.1", port, path, method: body ? "POST" : "GET", agent: false as const },
      headers: { ...(body && { "Content-Type": "application/json" }), ...headers },
    };
    // Its certificate is one that the test's own cluster made.
    const tls = { ...options, rejectUnauthorized: false, ...(cert && { cert, key }) };
    const sent = plain ? requestPlain(options) : requestTls(tls);
    sent.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("error", reject).on("end", () => resolve({ status: response.statusCode!, text }));
    });
    sent.on("error", reject).end(body && JSON.stringify(body));
  });
}

export async function statusOf(...args: Parameters<typeof answerOf>): Promise<number> {
  return (await answerOf(...args)).status;
}

/** What a server answers first to some bytes. */
export function say(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" }, () => socket.write(bytes));
    socket.on("error", reject).once("data", (data) => {
      socket.destroy();
      resolve(data.toString());
    });
  });
}
