/** How many paths a warning names. */
const shown = 5;

/** A warning about changed paths that are not committed; undefined when Argo CD reads none of them. */
export function uncommittedWarning(dirty: readonly string[]): string | undefined {
  const unseen = dirty.filter((path) => path.startsWith("gitops/"));
  if (unseen.length === 0) return undefined;
  const files = unseen.length === 1 ? "1 file" : `${unseen.length} files`;
  const lines = unseen.slice(0, shown).map((path) => `  ${path}`);
  if (unseen.length > shown) lines.push(`  and ${unseen.length - shown} more`);
  return [
    `${files} under gitops/ not committed; Argo CD sees only commits, so commit to see an effect:`,
    ...lines,
  ].join("\n");
}
