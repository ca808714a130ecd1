import { isPlain } from "./names";

/** What secrets of well-known providers look like, wherever they appear. */
const shapes: readonly [RegExp, string][] = [
  [/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----/, "a private key"],
  [/\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/, "a private key"],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, "an AWS access key"],
  [/\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_\w{22,}/, "a GitHub token"],
  [/\bgl(?:pat|dt|rt|cbt|ptt|oas)-[\w-]{20,}/, "a GitLab token"],
  [/\bxox[abeprs]-[\w-]{10,}|\bhooks\.slack\.com\/services\/T\w+\/B\w+\/\w{20,}/, "a Slack token"],
  [/\bAIza[\w-]{35}\b/, "a Google API key"],
  [/\b[rs]k_live_[0-9A-Za-z]{20,}/, "a Stripe key"],
  [/\bSG\.[\w-]{22}\.[\w-]{43}\b/, "a SendGrid key"],
  [/\bnpm_[A-Za-z0-9]{36}\b|\bpypi-AgEI[\w-]{50,}/, "a token of a package registry"],
  [/\bhv[sbr]\.[\w-]{24,}/, "a Vault token"],
  [/\bAccountKey=[A-Za-z0-9+/]{40,}={0,2}|\bSharedAccessKey=[A-Za-z0-9+/]{40,}={0,2}/, "an Azure key"],
  [/\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}/, "a signed token (JWT)"],
  [/[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@"'{}$<]*:[^\s/:@"'{}$<]+@/i, "an address with a password"],
  [
    /(?:^|[;\s"'?&])(?:password|pwd)=(?!x{3}|\*)[^\s;"'&{}$<%]{3,}(?:;|&|\s+\w+=|["']?\s*$)/i,
    "a connection with a password",
  ],
];

/** Text that may be something else in base64: long enough for a secret of one of the shapes. */
const encoded = /(?<![\w+/=-])[A-Za-z0-9+/]{24,}={0,2}(?![\w+/=-])/g;

/** Which kind of secret a line shows, in plain text or base64; undefined when it shows none. */
export function secretShape(line: string): string | undefined {
  const plain = shapeOf(line);
  if (plain !== undefined) return plain;
  for (const [text] of line.matchAll(encoded)) {
    const decoded = Buffer.from(text, "base64").toString("utf8");
    const found = decoded.includes("\uFFFD") ? undefined : shapeOf(decoded);
    if (found !== undefined) return `${found}, in base64,`;
  }
  return undefined;
}

function shapeOf(text: string): string | undefined {
  return shapes.find(([pattern]) => pattern.test(text))?.[1] ?? loginShape(text);
}

/** Where user and password are together in base64: in the JSON of a registry, also inside another JSON, and in a header. */
const logins: readonly [RegExp, string][] = [
  [/(?<![\w-])\\*["']?auth\\*["']?\s*:\s*\\*["']?([A-Za-z0-9+/]{6,}={0,2})(?![\w+/=])/g, "the login of a registry"],
  [/\bbasic\s+([A-Za-z0-9+/]{6,}={0,2})(?![\w+/=])/gi, "a login"],
];

function loginShape(text: string): string | undefined {
  return logins.find(([pattern]) => [...text.matchAll(pattern)].some(([, base64]) => isLogin(base64!)))?.[1];
}

/** `user:password`, unless both or the password are placeholders. */
function isLogin(base64: string): boolean {
  const text = Buffer.from(base64, "base64").toString("latin1");
  const [, password] = /^[\x21-\x39\x3b-\x7e]+:([\x20-\x7e]+)$/.exec(text) ?? [];
  return password !== undefined && isPlain(password) && isPlain(text);
}
