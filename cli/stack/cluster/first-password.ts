import { firstPassword } from "../../../model/access";
import { argoCdNamespace } from "../../../model/root";
import type { ApiServer } from "./api-server";

/**
 * The first password of Argo CD's own user; undefined where its Secret has none.
 * @throws Refused when the Secret is not there, or not to be read
 */
export async function readFirstPassword(send: ApiServer["send"]): Promise<string | undefined> {
  const { secret, key } = firstPassword;
  const found = await send("GET", `/api/v1/namespaces/${argoCdNamespace}/secrets/${secret}`);
  const value = (JSON.parse(found) as { data?: Record<string, string> }).data?.[key];
  return value === undefined ? undefined : Buffer.from(value, "base64").toString();
}
