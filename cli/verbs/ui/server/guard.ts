import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** A request, as far as it decides whether it may be answered. */
export interface Asked {
  method: string;
  /** As it came, not decoded. */
  url: string;
  headers: IncomingHttpHeaders;
}

/** Why a request is refused: the status, and a sentence for the person. */
export interface RefusedRequest {
  status: number;
  error: string;
}

/**
 * Only the page itself may ask: under its own address, with the token, and only to read unless the page may act. Another site that is open in the same
 * browser can send requests here too, and can let a name of its own point to this machine (DNS rebinding).
 * @returns undefined when the request may be answered
 */
export function refusalOf(
  { method, url, headers }: Asked,
  token: string,
  port: number,
  acts = false,
): RefusedRequest | undefined {
  const host = headers.host ?? "";
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) {
    return { status: 403, error: "this address is not the one that `onebranch ui` printed" };
  }
  const { origin, "sec-fetch-site": site } = headers;
  if (
    (origin !== undefined && origin !== `http://${host}`) ||
    (site !== undefined && !ownSites.includes(String(site)))
  ) {
    return { status: 403, error: "another site asked; open the address that `onebranch ui` printed yourself" };
  }
  const reads = method === "GET" || method === "HEAD";
  if (!reads && !(acts && method === "POST")) {
    const error = acts ? "this server does not do that" : "this server only shows; it changes nothing";
    return { status: 405, error };
  }
  // A browser names the origin of every request that may change something.
  if (!reads && origin === undefined) return { status: 403, error: "only the page itself can ask for this" };
  const [, given = "", rest] = /^\/([^/?]*)([^?]*)/.exec(url) ?? [];
  if (!isSame(given, token)) {
    return {
      status: 403,
      error: "the token is missing or is not this one; open the address that `onebranch ui` printed",
    };
  }
  // What a view names are names of Kubernetes; nothing in such a path has to be escaped or can climb.
  if (!/^(\/[a-z0-9][a-z0-9.-]*)*\/?$/.test(rest ?? "")) return { status: 404, error: "there is no such page" };
  return undefined;
}

/** What a browser sends along for the page's own requests, and for an address that a person typed. */
const ownSites = ["same-origin", "none"];

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What every answer carries. Nothing is loaded but from here, nothing is kept, and no other site can show or read it. */
export const safeHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};
