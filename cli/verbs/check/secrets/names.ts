const secretName = new RegExp(
  "(^|-)(" +
    [
      ...["password", "passwd", "passphrase", "pwd", "htpasswd", "token", "credentials?", "bearer"],
      ...["(identity|registry|refresh|access|bearer|auth|api)token"],
      ...["(api|private|secret|access|secret-access|auth|encryption|signing|account|master|license|ssh)-?key"],
      ...["(client|webhook|jwt|cookie|session|shared|oauth|oauth2|app|hmac|consumer)-?secret"],
    ].join("|") +
    ")$",
);

/** Whether a value of this name is a secret: DB_PASSWORD, auth.apiKey, clientSecret. */
export function namesSecret(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/[_.\s]+/g, "-")
    .toLowerCase();
  return secretName.test(words);
}

/** References to where the secret is kept, placeholders, and what only its owner can decrypt. */
const reference =
  /^(\$\{|\$\(|\$[A-Z_]+$|%[A-Z_]+%$|#\{|__[A-Z_]+__$|\{\{|\/|\.{1,2}\/|file:|env:|vault:|bao:|ref\+|op:\/\/|secret:|arn:|projects\/|<|ENC[[(]|\$ANSIBLE_VAULT;)/;
const placeholder = /^(x{3,}|\*+|\.{3}|redacted|\(?masked\)?|replace[-_ ]?me|your[-_ ].*|todo|tbd)$/i;

/** Whether a value is the secret itself: a text that is not empty, a path, a reference to where it is kept, or a placeholder. */
export function isPlain(value: unknown): boolean {
  if (typeof value === "number") return true;
  if (typeof value !== "string" || value.trim() === "") return false;
  return !reference.test(value) && !placeholder.test(value.trim());
}
