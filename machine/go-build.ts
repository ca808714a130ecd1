import { compileArguments, compilerFlags } from "./go-settings.cjs";

export { compilerFlags, compileArguments, goEnvironment } from "./go-settings.cjs";

export interface GoProgram {
  /** relative to the module */
  package: string;
  /** what the linker sets: variable -> value */
  set: Readonly<Record<string, string>>;
}

/** The linker's flags: -s -w leaves out symbol tables, which would double the size and are not needed here. */
export function linkerFlags({ set }: Pick<GoProgram, "set">): string {
  return ["-s", "-w", ...Object.entries(set).map(([variable, value]) => `-X ${variable}=${value}`)].join(" ");
}

export function buildArguments(program: GoProgram, output: string): string[] {
  return compileArguments("-ldflags", linkerFlags(program), "-o", output, program.package);
}

/** Says a line for each package that Go's cache does not have. */
export function staleArguments(program: GoProgram): string[] {
  return ["list", "-deps", ...compilerFlags, "-f", "{{if .Stale}}{{.ImportPath}}{{end}}", program.package];
}

/** What -v prints of a package; other lines are about downloads and errors. */
export const packageName = /^[\w./~-]+$/;

/** The packages that Go names, one a line. */
export function packagesOf(text: string): string[] {
  return text.split("\n").filter((line) => packageName.test(line));
}
