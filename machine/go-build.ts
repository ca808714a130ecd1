/** Flags that decide what a compiled package is: with others, Go's cache has it a second time. */
const compilerFlags = ["-trimpath", "-buildvcs=false"];

/** Our own settings win over the user's: the same sources must make the same programs on every machine. */
export function goEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  // auto: an older Go fetches the one that go.mod names from the module proxy, with its checksum.
  const own = { ...env, CGO_ENABLED: "0", GOWORK: "off", GOTOOLCHAIN: "auto" };
  // readonly: what is not in the committed go.sum is refused instead of added.
  return { ...own, GOFLAGS: "-mod=readonly", GOOS: undefined, GOARCH: undefined };
}

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

/** With -v, Go says each package that it compiles. */
export function buildArguments(program: GoProgram, output: string): string[] {
  return ["build", "-v", ...compilerFlags, "-ldflags", linkerFlags(program), "-o", output, program.package];
}

/** Says a line for each package that Go's cache does not have. */
export function staleArguments(program: GoProgram): string[] {
  return ["list", "-deps", ...compilerFlags, "-f", "{{if .Stale}}{{.ImportPath}}{{end}}", program.package];
}

/** Compiles the standard library, which needs no download. */
export const standardLibrary = ["build", "-v", ...compilerFlags, "std"];

/** What -v prints of a package; other lines are about downloads and errors. */
export const packageName = /^[\w./~-]+$/;

/** The packages that Go names, one a line. */
export function packagesOf(text: string): string[] {
  return text.split("\n").filter((line) => packageName.test(line));
}
