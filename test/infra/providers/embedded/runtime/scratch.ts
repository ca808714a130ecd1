import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An empty directory for each test of the enclosing `describe`. */
export function scratch(): { readonly path: string } {
  const made = { path: "" };
  beforeEach(() => {
    made.path = mkdtempSync(join(tmpdir(), "onebranch-runtime-"));
  });
  afterEach(() => rmSync(made.path, { recursive: true, force: true }));
  return made;
}
