import { packageName } from "../../../../machine/go-build";

const linesKept = 15;

/** Turns what `go` printed last into a sentence about the cause, followed by its own words. */
export function goFailure(part: string, output: string, code: number | null): string {
  const lines = output
    .trim()
    .split("\n")
    // What -v prints of a package is not a cause of anything.
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
