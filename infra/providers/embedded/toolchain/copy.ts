import { chmod, copyFile, mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Directories of Go's cache cannot be written to, and so could their copies not be deleted. Tests are not copied. */
export async function copyWritable(from: string, to: string, leaveOut: ReadonlySet<string> = new Set()): Promise<void> {
  if (!(await stat(from)).isDirectory()) return copyFileWritable(from, to);
  await mkdir(to, { recursive: true });
  const entries = await readdir(from, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const [source, target] = [join(from, entry.name), join(to, entry.name)];
      if (leaveOut.has(source) || entry.name === "testdata" || entry.name.endsWith("_test.go")) return;
      if (entry.isDirectory()) await copyWritable(source, target, leaveOut);
      else if (entry.isFile()) await copyFileWritable(source, target);
    }),
  );
}

/** @param mode of the copy */
export async function copyFileWritable(from: string, to: string, mode = 0o644): Promise<void> {
  await mkdir(join(to, ".."), { recursive: true });
  await copyFile(from, to);
  await chmod(to, mode);
}
