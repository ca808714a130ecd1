import { usageError } from "./fail";

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads `90s`, `5m`, `1h` or `2d` as milliseconds. Throws a usage error that names the option. */
export function parseDuration(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text);
  const milliseconds = match ? Number(match[1]) * units[match[2]!]! : 0;
  if (milliseconds <= 0) {
    throw usageError(`--${option} must be a duration such as 90s, 5m, 1h or 2d, found "${text}"`);
  }
  return milliseconds;
}
