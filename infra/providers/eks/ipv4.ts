/** A block of IPv4 addresses. */
export interface Block {
  first: number;
  bits: number;
}

/** The block that a text such as 10.0.0.0/16 names; undefined when it names none. Host bits are cut off. */
export function parseBlock(text: string): Block | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const bytes = match.slice(1, 5).map(Number);
  const bits = Number(match[5]);
  if (bytes.some((byte) => byte > 255) || bits > 32) return undefined;
  const address = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return { first: address - (address % size(bits)), bits };
}

/** A block as it is written. */
export function formatBlock({ first, bits }: Block): string {
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".")}/${bits}`;
}

/** The part of a block that has some more bits, counted from 0. */
export function partOf({ first, bits }: Block, more: number, index: number): Block {
  return { first: first + index * size(bits + more), bits: bits + more };
}

function size(bits: number): number {
  return 2 ** (32 - bits);
}
