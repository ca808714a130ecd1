import { generateKeyPairSync, randomUUID, sign, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Who stands at the login page. */
export interface Person {
  name: string;
  groups: readonly string[];
}

/** A small provider of OpenID Connect on this machine: the code flow with a secret, for one client. */
export class IdentityProvider {
  /** Who logs in next; nobody types anything. */
  person: Person = { name: "nobody", groups: [] };
  /** Every request for a login page. */
  readonly logins: URLSearchParams[] = [];
  private readonly codes = new Map<string, Person>();
  private readonly keys: { publicKey: KeyObject; privateKey: KeyObject };

  private constructor(
    private readonly server: Server,
    private readonly client: { id: string; secret: string },
  ) {
    this.keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  }

  static async start(client: { id: string; secret: string }): Promise<IdentityProvider> {
    const server = createServer();
    const provider = new IdentityProvider(server, client);
    server.on("request", (request, response) => void provider.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/realm`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", this.issuer);
    const json = (value: object, status = 200) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    switch (pathname) {
      case "/realm/.well-known/openid-configuration":
        return void json(this.discovery());
      case "/realm/keys":
        return void json({
          keys: [{ ...this.keys.publicKey.export({ format: "jwk" }), kid: "1", use: "sig", alg: "RS256" }],
        });
      case "/realm/login": {
        this.logins.push(searchParams);
        const code = randomUUID();
        this.codes.set(code, this.person);
        const back = new URL(searchParams.get("redirect_uri")!);
        back.searchParams.set("code", code);
        back.searchParams.set("state", searchParams.get("state")!);
        return void response.writeHead(302, { location: back.href }).end();
      }
      case "/realm/token": {
        const form = new URLSearchParams(await textOf(request));
        const person = this.codes.get(form.get("code") ?? "");
        if (!person || !this.isClient(request, form)) return void json({ error: "invalid_client" }, 401);
        const token = this.tokenFor(person);
        return void json({ access_token: token, id_token: token, token_type: "Bearer", expires_in: 300 });
      }
      default:
        return void json({ error: pathname }, 404);
    }
  }

  private discovery() {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/login`,
      token_endpoint: `${this.issuer}/token`,
      jwks_uri: `${this.issuer}/keys`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
      scopes_supported: ["openid", "profile", "email", "groups"],
    };
  }

  /** The client's secret comes in the header or in the form. */
  private isClient({ headers }: IncomingMessage, form: URLSearchParams): boolean {
    const { id, secret } = this.client;
    const basic = `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
    return headers.authorization === basic || (form.get("client_id") === id && form.get("client_secret") === secret);
  }

  private tokenFor({ name, groups }: Person): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: this.issuer, sub: name, aud: this.client.id, iat: now, exp: now + 300, name, groups };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const text = `${part({ alg: "RS256", kid: "1" })}.${part(claims)}`;
    return `${text}.${sign("sha256", Buffer.from(text), this.keys.privateKey).toString("base64url")}`;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
