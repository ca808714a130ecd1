/** The first version number in a text, as major.minor.patch. */
export function parseVersion(text: string): string | undefined {
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return found ? `${found[1]}.${found[2]}.${found[3] ?? 0}` : undefined;
}

/** Compares the numbers only: a pre-release counts as its release. */
export function atLeast(version: string, wanted: string): boolean {
  const left = numbers(version);
  const right = numbers(wanted);
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function numbers(version: string): number[] {
  return (parseVersion(version) ?? version).split(".").map(Number);
}
