/**
 * What a third-party chart may come from, as text that both JavaScript and CEL take for the same expression. An address with
 * `oci://` is something else to Argo CD: an image with a path inside.
 */
export const chartRepository = "^(https://)?[a-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9_.~/-]*)?$";

/** A version that never moves without a commit. */
export const exactVersion = "^v?[0-9]+[.][0-9]+[.][0-9]+(-[0-9A-Za-z.-]+)?([+][0-9A-Za-z.-]+)?$";
