import { linkerFlags, type Build, type Target } from "./parts";

/** Our own settings win over the user's: the same sources must make the same programs on every machine. */
export function goEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = { ...env, CGO_ENABLED: "0", GOWORK: "off" };
  // readonly: what is not in the committed go.sum is refused instead of added.
  return { ...own, GOFLAGS: "-mod=readonly", GOOS: undefined, GOARCH: undefined };
}

export function buildArguments(build: Pick<Build, "package" | "set">, output: string): string[] {
  const flags = linkerFlags(build as Build);
  return ["build", "-trimpath", "-buildvcs=false", "-ldflags", flags, "-o", output, build.package];
}

const linesKept = 15;

/** Turns what `go` printed last into a sentence about the cause, followed by its own words. */
export function goFailure(target: Target, output: string, code: number | null): string {
  const lines = output
    .trim()
    .split("\n")
    .slice(-linesKept)
    .map((line) => `    ${line}`);
  const said = `go said:\n${lines.join("\n")}`;
  if (/no space left on device|ENOSPC|disk quota exceeded/i.test(output)) {
    return (
      `${target.name} cannot be built: the disk is full; make room (\`go clean -cache\` empties Go's build cache) ` +
      `and run the same command again; ${said}`
    );
  }
  if (unreachable.test(output)) {
    return (
      `${target.name} cannot be built: Go's module proxy cannot be reached; check the network and \`go env GOPROXY\`, ` +
      `then run the same command again; ${said}`
    );
  }
  if (/checksum mismatch|SECURITY ERROR/.test(output)) {
    return (
      `${target.name} cannot be built: a downloaded module is not the one that go.sum names; ` +
      `run \`go clean -modcache\` and check the proxy in \`go env GOPROXY\`; ${said}`
    );
  }
  const how = code === null ? "was killed" : `ended with exit code ${code}`;
  return `${target.name} cannot be built: go ${how}; ${said}`;
}

const unreachable =
  /dial tcp|no such host|connection refused|i\/o timeout|TLS handshake|proxyconnect|network is unreachable|server misbehaving|connection reset by peer|module lookup disabled by GOPROXY=off/;
