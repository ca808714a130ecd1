import type { Progress } from "./build-events";

/** Before that many seconds and packages a speed says nothing. */
const firstSeconds = 5;
const firstPackages = 20;

/** Measures how fast packages are compiled. @param now milliseconds */
export function progressMeter(now: () => number = () => performance.now()) {
  let began: number | undefined;
  let progress: Progress | undefined;
  return {
    get progress() {
      return progress;
    },
    compiled(compiled: number, all: number): void {
      began ??= now();
      const seconds = (now() - began) / 1000;
      if (seconds < firstSeconds || compiled < firstPackages) return;
      progress = { compiled, all, secondsLeft: (seconds / compiled) * Math.max(0, all - compiled) };
    },
  };
}
