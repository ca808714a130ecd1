/** Longest DNS label (RFC 1123), the limit of Kubernetes namespaces and label values. */
export const maxLabelLength = 63;

/** Longest name of a Helm release. */
export const maxReleaseLength = 53;

/** What a name must look like, for messages. */
export const labelRule = `lowercase letters, digits and inner dashes, at most ${maxLabelLength} characters`;

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Whether a name is a DNS label: safe as directory, namespace, label value and part of a path or expression. */
export function isDnsLabel(name: string): boolean {
  return name.length <= maxLabelLength && label.test(name);
}

/** Whether a name is a DNS label short enough for a Helm release, as every component's name must be. */
export function isReleaseName(name: string): boolean {
  return name.length <= maxReleaseLength && isDnsLabel(name);
}

/** Longest DNS subdomain (RFC 1123), the limit of most names of Kubernetes. */
export const maxSubdomainLength = 253;

/** Whether a name is a DNS subdomain as Kubernetes reads it: its labels may be longer than those of a domain. */
export function isDnsSubdomain(name: string): boolean {
  return name.length <= maxSubdomainLength && name.split(".").every((part) => label.test(part));
}

/** Whether a name is a DNS name of at least two labels, at most 253 characters. */
export function isDomain(name: string): boolean {
  const labels = name.split(".");
  return name.length <= maxSubdomainLength && labels.length >= 2 && labels.every(isDnsLabel);
}

/** The DNS label nearest to a name ("Prod_EU" becomes "prod-eu"), or undefined when no character of it is allowed. */
export function toDnsLabel(name: string, maxLength: number = maxLabelLength): string | undefined {
  const text = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, maxLength)
    .replace(/-$/, "");
  return text === "" ? undefined : text;
}

/** Edits (insert, delete, replace, swap of neighbours) from one text to another. */
export function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    const above = rows[row - 1]!;
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const edits = [above[column]! + 1, current[column - 1]! + 1, above[column - 1]! + (same ? 0 : 1)];
      if (swapped) edits.push(rows[row - 2]![column - 2]! + 1);
      current.push(Math.min(...edits));
    }
    rows.push(current);
  }
  return rows[from.length]![to.length]!;
}

/** The allowed name that was probably meant by a misspelt one; undefined when each needs more edits than a third of its length. */
export function nearestName(name: string, allowed: Iterable<string>): string | undefined {
  let best: string | undefined;
  let distance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of [...allowed].sort()) {
    if (Math.abs(name.length - candidate.length) >= distance) continue;
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < distance) [best, distance] = [candidate, edits];
  }
  return best;
}

/** The part of a sentence that offers the allowed names; the nearest comes first, when one is near. */
export function offerNames(name: string, allowed: Iterable<string>): string {
  const names = [...allowed].sort();
  const near = nearestName(name, names);
  return near === undefined ? `use one of: ${names.join(", ")}` : `use "${near}" (allowed: ${names.join(", ")})`;
}
