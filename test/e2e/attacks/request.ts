/** Who tries it; docs/security.md says what each of them may do. */
export type Actor = "platform" | "team" | "tenant" | "Argo CD" | "reader" | "local user" | "sender";

export interface Common {
  /** The number of the list; relatives of an attempt have a letter behind it. */
  id: string;
  title: string;
  who: Actor;
  /** Why it is allowed, or what a mechanism that stands alone does not hold. */
  said?: string;
  /** Parts of the row that do not hold yet, each with the reason. A part that holds although it is named here fails. */
  open?: Partial<Record<Part, string>>;
}

export type Part = "check" | "plan" | "cluster" | "revert";

/** What stops an attempt in a cluster. */
export type Stop =
  | "identity policy"
  | "boundary policy"
  | "namespaces policy"
  | "project"
  | "API"
  | "RBAC"
  | "render"
  | "set"
  | "nothing";

/** What an object of the cluster says while the attempt is there. */
export interface Shows {
  /** `Kind namespace/name`; a namespace may be empty. */
  object: string;
  /** `data.KEY`; without it the object is there, or with `is: null` it is not. */
  field?: string;
  is?: string | RegExp | null;
}

/** A request to the API server; nothing is stored. */
export interface RequestAttempt extends Common {
  how: "request";
  /** The user that it is sent as; default: the administrator. */
  as?: string;
  /** A process of the embedded cluster whose login it is sent with. */
  login?: string;
  method: "POST" | "PATCH" | "DELETE";
  path: string;
  body?: object;
  stop: Stop;
  says?: RegExp;
}
