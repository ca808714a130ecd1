// In plain JavaScript, because bin/first-build.js runs before the packages are installed.
"use strict";

/**
 * Flags that decide what a compiled package is: with others, Go's cache has it a second time. The linker leaves out what debuggers
 * read (DWARF), so the compiler need not make it: a sixth of its time and a fifth of the cache. To copy short functions into their
 * callers (all but `-l`) costs another sixth: only the standard library and our own code have it. The last flag that matches
 * counts.
 */
const compilerFlags = [
  ...["-trimpath", "-buildvcs=false"],
  ...["-gcflags=all=-dwarf=false -l", "-gcflags=std=-dwarf=false", "-gcflags=onebranch.dev/...=-dwarf=false"],
];

/**
 * How much garbage the compiler may leave before it collects, in percent of what it uses. Go's own 100 costs a fifth more of its
 * time and saves a tenth of its memory, of which one package takes half a gigabyte at most.
 */
const garbage = "400";

/**
 * Our own settings win over the user's: the same sources must make the same programs on every machine.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
function goEnvironment(env) {
  // auto: an older Go fetches the one that go.mod names from the module proxy, with its checksum.
  const own = { GOGC: garbage, ...env, CGO_ENABLED: "0", GOWORK: "off", GOTOOLCHAIN: "auto" };
  // readonly: what is not in the committed go.sum is refused instead of added.
  return { ...own, GOFLAGS: "-mod=readonly", GOOS: undefined, GOARCH: undefined };
}

/**
 * Compiles packages and keeps them in Go's cache. With -v, Go says each of them.
 * @param {string[]} packages `std` is the standard library, which needs no download
 */
const compileArguments = (...packages) => ["build", "-v", ...compilerFlags, ...packages];

module.exports = { compilerFlags, compileArguments, goEnvironment };
