// Mocha's own spec report, the files that took longest, and the counts and failures in a file for the runner's closing lines.
"use strict";
const { writeFileSync } = require("node:fs");
const { relative } = require("node:path");
const { reporters, Runner } = require("mocha");

const { EVENT_HOOK_END, EVENT_RUN_END, EVENT_TEST_END } = Runner.constants;

/** How many files are named, and how long one must have taken, in milliseconds. */
const [mostNamed, leastNamed] = [40, 20_000];

module.exports = class CountingReporter extends reporters.Spec {
  /**
   * @param {import("mocha").Runner} runner
   * @param {import("mocha").MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    /** @type {Map<string, number>} */
    const spent = new Map();
    /** @param {import("mocha").Runnable} runnable */
    const add = ({ file, duration }) => {
      if (file) spent.set(file, (spent.get(file) ?? 0) + (duration ?? 0));
    };
    runner.on(EVENT_TEST_END, add);
    runner.on(EVENT_HOOK_END, add);
    runner.once(EVENT_RUN_END, () => {
      for (const line of longest(spent)) console.log(line);
      const file = process.env.ONEBRANCH_MOCHA_COUNTS;
      if (file) {
        const { passes = 0, pending = 0 } = this.stats;
        const failures = this.failures.map((test) => `${test.fullTitle()}: ${beginning(test.err?.message)}`);
        writeFileSync(file, JSON.stringify({ passed: passes, failures, skipped: pending }));
      }
    });
  }
};

/**
 * `  213 s  test/e2e/up.test.ts`: what to look at when a suite takes too long.
 * @param {ReadonlyMap<string, number>} spent
 */
function longest(spent) {
  const long = [...spent].filter(([, duration]) => duration >= leastNamed).sort(([, a], [, b]) => b - a);
  return long
    .slice(0, mostNamed)
    .map(([file, duration]) => `${String(Math.round(duration / 1000)).padStart(5)} s  ${relative("", file)}`);
}

/** @param {string | undefined} message */
function beginning(message = "") {
  return message.trim().replace(/\s+/g, " ").slice(0, 300);
}
