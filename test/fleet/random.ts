/** A small generator of random numbers: the same seed gives the same fleet on every machine (mulberry32). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A number from 0 up to, but not including, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from low to high, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)]!;
  }

  /** Some of a list, in the list's order. */
  some<T>(list: readonly T[], count: number): T[] {
    const left = [...list.keys()];
    const chosen = new Set<number>();
    while (chosen.size < Math.min(count, list.length))
      chosen.add(left.splice(Math.floor(this.next() * left.length), 1)[0]!);
    return list.filter((_, index) => chosen.has(index));
  }
}
