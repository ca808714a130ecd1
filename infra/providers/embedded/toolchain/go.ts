import { linkerFlags, type Target } from "./parts";

/** Our own settings win over the user's: the same sources must make the same programs on every machine. */
export function goEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  // auto: an older Go fetches the one that go.mod names from the module proxy, with its checksum.
  const own = { ...env, CGO_ENABLED: "0", GOWORK: "off", GOTOOLCHAIN: "auto" };
  // readonly: what is not in the committed go.sum is refused instead of added.
  return { ...own, GOFLAGS: "-mod=readonly", GOOS: undefined, GOARCH: undefined };
}

/** Flags that decide what a compiled package is: with others, Go's cache has it a second time. */
const compilerFlags = ["-trimpath", "-buildvcs=false"];

/** With -v, Go says each package that it compiles. */
export function buildArguments(target: Target, output: string): string[] {
  return ["build", "-v", ...compilerFlags, "-ldflags", linkerFlags(target), "-o", output, `./${target.part}`];
}

/** Says a line for each package that Go's cache does not have. */
export function staleArguments({ part }: Target): string[] {
  return ["list", "-deps", ...compilerFlags, "-f", "{{if .Stale}}{{.ImportPath}}{{end}}", `./${part}`];
}

/** Compiles the standard library, which needs no download. */
export const standardLibrary = ["build", ...compilerFlags, "std"];

const linesKept = 15;
/** What -v prints of a package, which is no cause of anything. */
const packageName = /^[\w./~-]+$/;

/** Turns what `go` printed last into a sentence about the cause, followed by its own words. */
export function goFailure(part: string, output: string, code: number | null): string {
  const lines = output
    .trim()
    .split("\n")
    .filter((line) => !packageName.test(line))
    .slice(-linesKept)
    .map((line) => `    ${line}`);
  const said = `go said:\n${lines.join("\n")}`;
  if (/no space left on device|ENOSPC|disk quota exceeded/i.test(output)) {
    return (
      `${part} cannot be built: the disk is full; make room (\`go clean -cache\` empties Go's build cache) ` +
      `and run the same command again; ${said}`
    );
  }
  if (unreachable.test(output)) {
    return (
      `${part} cannot be built: Go's module proxy cannot be reached; check the network and \`go env GOPROXY\`, ` +
      `then run the same command again; ${said}`
    );
  }
  if (/checksum mismatch|SECURITY ERROR/.test(output)) {
    return (
      `${part} cannot be built: a downloaded module is not the one that go.sum names; ` +
      `run \`go clean -modcache\` and check the proxy in \`go env GOPROXY\`; ${said}`
    );
  }
  const how = code === null ? "was killed" : `ended with exit code ${code}`;
  return `${part} cannot be built: go ${how}; ${said}`;
}

const unreachable =
  /dial tcp|no such host|connection refused|i\/o timeout|TLS handshake|proxyconnect|network is unreachable|server misbehaving|connection reset by peer|module lookup disabled by GOPROXY=off/;
