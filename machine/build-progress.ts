/** Packages compiled, of those that have to be. */
export interface BuildProgress {
  compiled: number;
  all: number;
  /** what the rest takes at the speed so far; absent while the speed says nothing */
  secondsLeft?: number;
}

/** Before that many seconds and packages a speed says nothing. */
const firstSeconds = 5;
const firstPackages = 20;

/** Measures how fast packages are compiled. @param now milliseconds */
export function progressMeter(all: number, now: () => number = () => performance.now()) {
  let began: number | undefined;
  let compiled = 0;
  return {
    get progress(): BuildProgress {
      const seconds = (now() - (began ?? now())) / 1000;
      const known = seconds >= firstSeconds && compiled >= firstPackages;
      return {
        compiled,
        all: Math.max(compiled, all),
        ...(known && { secondsLeft: (seconds / compiled) * Math.max(0, all - compiled) }),
      };
    },
    /** It is known by now how many more are to be compiled. */
    remain(packages: number): void {
      all = compiled + packages;
    },
    compile(packages: number): void {
      began ??= now();
      compiled += packages;
    },
  };
}

const barWidth = 20;

export function formatBar(share: number): string {
  return `[${"#".repeat(Math.floor(share * barWidth)).padEnd(barWidth, ".")}] ${Math.floor(share * 100)} %,`;
}

/** A bar, the packages, and the time that is left. */
export function formatProgress({ compiled, all, secondsLeft }: BuildProgress): string {
  const share = all === 0 ? 1 : compiled / all;
  const [done, of] = [compiled, all].map((packages) => packages.toLocaleString("en"));
  const left = secondsLeft === undefined ? "" : `, about ${formatSeconds(secondsLeft)} left`;
  return `${formatBar(share)} ${done} of ${of} packages compiled${left}`;
}

export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const rest = whole % 60;
  return rest === 0 ? `${Math.floor(whole / 60)} min` : `${Math.floor(whole / 60)} min ${rest} s`;
}
