import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProcessSpec } from "../../../../../infra/providers/embedded/runtime/process-spec";

/** What a fake process does once it has written its pid file, as the real ones do it. */
const behaviours = {
  /** Runs until it is told to end. */
  stays: "setInterval(() => {}, 1000);",
  /** Says something, and ends. */
  dies: 'console.log("reading the configuration"); console.error("no such key: colour"); process.exit(3);',
  /** Does not listen to SIGTERM. */
  stubborn: 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);',
};

export type Behaviour = keyof typeof behaviours;

/** A program that claims its pid file like those of the toolchain, but with no more of a lock than a test needs. */
export function fakeProcess(directory: string, name: string, behaviour: Behaviour): ProcessSpec {
  const binary = join(directory, `${name}-${behaviour}`);
  const code = `#!${process.execPath}
const fs = require("node:fs");
const token = (pid) => {
  try {
    const stat = fs.readFileSync("/proc/" + pid + "/stat", "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {}
};
const file = process.env.ONEBRANCH_PIDFILE;
const mine = JSON.stringify({ pid: process.pid, start: token(process.pid) });
for (;;) {
  try {
    fs.writeFileSync(file, mine, { flag: "wx" });
    break;
  } catch {}
  try {
    const held = JSON.parse(fs.readFileSync(file, "utf8"));
    if (token(held.pid) === held.start) process.exit(75);
    fs.rmSync(file);
  } catch {}
}
${behaviours[behaviour]}
`;
  writeFileSync(binary, code);
  chmodSync(binary, 0o755);
  return { name, binary, args: [], env: {}, ports: [] };
}
