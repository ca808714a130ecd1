import {
  Agent as PlainAgent,
  request as plainRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from "node:http";
import { Agent, request, type RequestOptions } from "node:https";
import { readCredentials } from "../../../machine/credentials";

/** Longer than any answer of a working API server, in milliseconds: a frozen one must not hang the tool. */
const answerTimeout = 10_000;

/** A cluster's API server, with the rights of a kubeconfig. Every method throws when it does not answer, or refuses. */
export interface ApiServer {
  /** Sends a request, with a merge patch if there is a body and no header says otherwise, and gives the text of the answer. */
  send(method: string, path: string, body?: string, headers?: OutgoingHttpHeaders): Promise<string>;
  /** Opens an answer that goes on, such as a watch; the signal ends it. */
  stream(path: string, signal: AbortSignal): Promise<IncomingMessage>;
}

/** The API server, or what stands behind it, answered, but did not do what it was asked for. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    who = "the API server",
  ) {
    super(`${who} answered ${status}: ${message}`);
  }
}

/** The API server of a context of a kubeconfig, the current one by default; nothing is sent yet. */
export function apiServer(kubeconfig: string, context?: string): ApiServer {
  const { server, options } = readCredentials(kubeconfig, context);
  // `kubectl proxy` and tests serve without TLS.
  const plain = server.protocol === "http:";
  const agent = plain ? new PlainAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
  // A proxy of many clusters has each of them below a path of its own.
  const below = server.href.replace(/\/$/, "");

  const open = async (path: string, more: RequestOptions, body?: string): Promise<IncomingMessage> => {
    const { headers, ...rest } = await options();
    const { headers: own, ...asked } = more;
    const type = body === undefined ? {} : { "content-type": "application/merge-patch+json" };
    const all = { agent, timeout: answerTimeout, ...rest, ...asked, headers: { ...headers, ...type, ...own } };
    return answer(new URL(below + path), plain ? plainRequest : request, all, body);
  };

  return {
    send: async (method, path, body, headers) => {
      const response = await open(path, { method, ...(headers && { headers }) }, body);
      return accepted(response, await textOf(response));
    },
    stream: async (path, signal) => {
      const response = await open(path, { signal });
      // From here on silence is not a fault.
      response.socket.setTimeout(0);
      return response.statusCode === 200 ? response : Promise.reject(refusal(response, await textOf(response)));
    },
  };
}

function answer(
  url: URL,
  ask: typeof request | typeof plainRequest,
  options: RequestOptions,
  body?: string,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = ask(url, options, resolve);
    sent.on("timeout", () =>
      sent.destroy(new Error(`the API server gives no answer within ${answerTimeout / 1000} s`)),
    );
    sent.on("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "ECONNREFUSED" ? new Error("the API server does not answer", { cause: error }) : error),
    );
    sent.end(body);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function accepted(response: IncomingMessage, text: string): string {
  const { statusCode = 0 } = response;
  if (statusCode >= 200 && statusCode < 300) return text;
  throw refusal(response, text);
}

function refusal({ statusCode = 0 }: IncomingMessage, text: string): Refused {
  return new Refused(statusCode, messageOf(text));
}

function messageOf(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body;
  } catch {
    return body.slice(0, 200);
  }
}
