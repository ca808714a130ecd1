import { isUtf8 } from "node:buffer";
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { UserError } from "../../../model/errors";

/** One line of the renderer's answer. */
interface Response {
  id: number;
  result?: unknown;
  error?: string;
  need?: string[];
}

interface Waiting {
  resolve(response: Response): void;
  reject(error: Error): void;
}

/** The renderer ended before it answered, because of a chart that it names; nothing is known about the other charts. */
export class RendererStopped extends UserError {
  readonly stopped = true;

  constructor(said: string, code: number | null, signal: string | null) {
    super(`the renderer stopped: ${reasonOf(said, code, signal)}`, { exitCode: 1 });
  }
}

/** The renderer's exit code when a render took too much memory; it then says which one. */
const memoryExit = 3;

function reasonOf(said: string, code: number | null, signal: string | null): string {
  const first = said.trim().split("\n")[0] || `it ended with ${signal ?? `code ${code}`}`;
  if (code === memoryExit) {
    return `${first}; give it less to do, or set ONEBRANCH_MEMORY_MIB to more`;
  }
  // What a Go program cannot catch, such as running out of stack. The label of the failed goroutine says what it was rendering.
  const fatal = /^fatal error: (.*)$/m.exec(said)?.[1];
  if (fatal === undefined) return first;
  const label = /^goroutine .*\[running\] \{rendering: "?([^"}]*)"?\}/m.exec(said)?.[1];
  return label === undefined ? fatal : `rendering ${label} does not come to an end (${fatal}); correct its templates`;
}

/** How much of a failing renderer's output is kept: the reason comes first, then a trace of thousands of lines. */
const kept = 64 << 10;

/** A running renderer: requests go in as lines of JSON, answers come out in order. */
export class RendererProcess {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly waiting = new Map<number, Waiting>();
  private parts: Buffer[] = [];
  private said = "";
  private ended: Error | undefined;
  private next = 1;

  constructor(binary: string, args: readonly string[]) {
    this.child = spawn(binary, args, {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, TZ: "UTC", GODEBUG: "tracebacklabels=1" },
    });
    this.child.stdout.on("data", (data: Buffer) => this.receive(data));
    this.child.stderr.on("data", (data: Buffer) => (this.said = (this.said + data.toString()).slice(0, kept)));
    this.child.stdin.on("error", () => undefined);
    this.child.on("error", (error) =>
      this.end(new UserError(`the renderer does not start: ${error.message}`, { exitCode: 1 })),
    );
    this.child.on("close", (code, signal) => {
      this.end(new RendererStopped(this.said, code, signal));
    });
  }

  /** Sends a request. When the answer names contents that are needed first, `supply` sends them and the request is repeated. */
  async request<T>(body: object, supply?: (oids: string[]) => Promise<void>): Promise<T> {
    for (let tries = 0; ; tries++) {
      const { result, error, need } = await this.send(body);
      if (error !== undefined) throw new UserError(error, { exitCode: 1 });
      if (need === undefined) return result as T;
      if (!supply || tries > 10_000)
        throw new UserError(`the renderer lacks the contents of ${need.join(", ")}`, { exitCode: 1 });
      await supply(need);
    }
  }

  /** Sends contents by object id, in pieces that stay far below the renderer's longest line. */
  async sendBlobs(blobs: Iterable<[oid: string, content: Buffer]>): Promise<void> {
    let piece: [string, string, string][] = [];
    let size = 0;
    const sent: Promise<unknown>[] = [];
    const flush = () => {
      if (piece.length > 0) sent.push(this.request({ op: "blobs", blobs: piece }));
      piece = [];
      size = 0;
    };
    for (const [oid, content] of blobs) {
      piece.push(isUtf8(content) ? [oid, "text", content.toString()] : [oid, "base64", content.toString("base64")]);
      size += content.length;
      if (size > 16 << 20) flush();
    }
    flush();
    await Promise.all(sent);
  }

  /** Ends the process; no request may follow. */
  close(): void {
    this.ended ??= new Error("the renderer was closed");
    this.child.stdin.end();
    this.child.kill();
  }

  private send(body: object): Promise<Response> {
    if (this.ended) return Promise.reject(this.ended);
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.stdin.write(`${JSON.stringify({ id, ...body })}\n`);
    });
  }

  private receive(data: Buffer): void {
    for (let rest = data; ;) {
      const end = rest.indexOf(10);
      if (end < 0) {
        if (rest.length > 0) this.parts.push(rest);
        return;
      }
      this.parts.push(rest.subarray(0, end));
      const line = Buffer.concat(this.parts).toString();
      this.parts = [];
      rest = rest.subarray(end + 1);
      this.answer(line);
    }
  }

  private answer(line: string): void {
    let response: Response;
    try {
      response = JSON.parse(line) as Response;
    } catch (error) {
      return this.end(new Error(`the renderer's answer is not JSON: ${line.slice(0, 200)}`, { cause: error }));
    }
    const waiting = this.waiting.get(response.id);
    this.waiting.delete(response.id);
    waiting?.resolve(response);
  }

  private end(error: Error): void {
    this.ended ??= error;
    for (const { reject } of this.waiting.values()) reject(this.ended);
    this.waiting.clear();
  }
}
