import { get as getHttp } from "node:http";
import { get as getHttps } from "node:https";
import { connect } from "node:net";

const timeout = 1000;

/** Whether a plain or TLS server on this machine answers 200 within a second. */
export function answersOk(port: number, path: string, ca?: string): Promise<boolean> {
  const options = { host: "127.0.0.1", port, path, timeout, agent: false as const };
  return new Promise((resolve) => {
    const done = (response: { statusCode?: number; resume(): unknown }) => {
      response.resume();
      resolve(response.statusCode === 200);
    };
    const sent = ca === undefined ? getHttp(options, done) : getHttps({ ...options, ca }, done);
    sent.on("timeout", () => sent.destroy());
    sent.on("error", () => resolve(false));
  });
}

/** Whether a process listens on a port of this machine. */
export function listens(port: number): Promise<boolean> {
  return converse(port, "", (_, connected) => connected);
}

/** Whether a redis on this machine takes the password. */
export function redisTakes(port: number, password: string): Promise<boolean> {
  const command = ["AUTH", password].map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("");
  return converse(port, `*2\r\n${command}`, (answer) => (answer === "" ? undefined : answer.startsWith("+OK")));
}

/** Connects, says something, and lets `judge` decide as soon as it can; an error or a second of silence counts as no. */
function converse(
  port: number,
  say: string,
  judge: (answer: string, connected: boolean) => boolean | undefined,
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", timeout });
    let answer = "";
    const end = (verdict: boolean) => {
      socket.destroy();
      resolve(verdict);
    };
    const consider = () => {
      const verdict = judge(answer, true);
      if (verdict !== undefined) end(verdict);
    };
    socket.on("connect", () => {
      socket.write(say);
      consider();
    });
    socket.on("data", (data) => {
      answer += data.toString();
      consider();
    });
    socket.on("error", () => end(false));
    socket.on("timeout", () => end(false));
    socket.on("close", () => resolve(false));
  });
}
