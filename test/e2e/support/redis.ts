import { connect } from "node:net";
import { gunzipSync } from "node:zlib";

/** Everything that a redis on this machine holds, by key; what Argo CD packed is unpacked. */
export async function redisContent(port: number, password: string): Promise<Map<string, Buffer>> {
  const [, names] = await talk(port, [
    ["AUTH", password],
    ["KEYS", "*"],
  ]);
  const keys = (names as Buffer[]).map((name) => name.toString());
  const answers = await talk(port, [["AUTH", password], ...keys.map((key) => ["GET", key])]);
  const values = answers.slice(1).map((value) => (Buffer.isBuffer(value) ? unpacked(value) : Buffer.alloc(0)));
  return new Map(keys.map((key, index) => [key, values[index]!]));
}

function unpacked(value: Buffer): Buffer {
  return value[0] === 0x1f && value[1] === 0x8b ? gunzipSync(value) : value;
}

type Answer = Buffer | string | null | Answer[];

/** Sends commands in one connection and gives their answers. */
function talk(port: number, commands: readonly (readonly string[])[]): Promise<Answer[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" });
    let received = Buffer.alloc(0);
    socket.setTimeout(10_000, () => socket.destroy(new Error("redis does not answer")));
    socket.on("error", reject);
    socket.on("data", (data) => {
      received = Buffer.concat([received, data]);
      const answers = parseAll(received, commands.length);
      if (answers === undefined) return;
      socket.destroy();
      const refused = answers.find((answer) => typeof answer === "string" && answer.startsWith("-"));
      if (typeof refused === "string" && !refused.startsWith("-WRONGTYPE")) reject(new Error(refused));
      else resolve(answers);
    });
    for (const words of commands) {
      const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
      socket.write(`*${words.length}\r\n${parts.join("")}`);
    }
  });
}

/** The answers in a part of the stream; undefined while it is too short. */
function parseAll(stream: Buffer, count: number): Answer[] | undefined {
  let at = 0;
  const line = (): string => {
    const end = stream.indexOf("\r\n", at);
    if (end < 0) throw new RangeError("short");
    const text = stream.toString("utf8", at, end);
    at = end + 2;
    return text;
  };
  const one = (): Answer => {
    const head = line();
    const length = Number(head.slice(1));
    if (head.startsWith("*")) return Array.from({ length: Math.max(length, 0) }, one);
    if (!head.startsWith("$")) return head;
    if (length < 0) return null;
    if (stream.length < at + length + 2) throw new RangeError("short");
    const value = stream.subarray(at, at + length);
    at += length + 2;
    return value;
  };
  try {
    return Array.from({ length: count }, one);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
